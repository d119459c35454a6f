import Host
import Language

private let closure = Argument("f", .closure, "the function")
private let xs = Argument("xs", .sequence, "the elements")
private let f = Argument("f", .callable, "a function of one element")
private let condition = Argument("f", .callable, "a function of one element that gives a bool")
private let join = Argument(
  "f", .callable, "a function of the result so far and the next element")
private let start = Argument(
  "start", .optional(.any), "the value to start with; nil starts with the first element")
private let sortable = Argument(
  "xs", .sequence, "numbers or strings, or anything with `key` or `by`")
private let key = Argument("key", .optional(.callable), "a function of an element", named: true)
private let by = Argument("by", .optional(.callable), "a function of two elements", named: true)
private let reverse = Argument(
  "reverse", .bool, default: false, "whether the greatest comes first", named: true)

/// The builtins that call a function for each element.
func functionBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "arity", "Counts the parameters of a function of the script.",
      details:
        "Parameters with a default count too. The library's functions have no single number.",
      [closure], result: "number",
      examples: [Example("arity((epoch, epochs) -> epoch / epochs)", "2")]
    ) { call in
      .number(Double(try call[closure].parameters.count))
    },
    Builtin(
      "captures", "Gives what a function refers to outside of itself, by name.",
      details: """
        This is what it captured, and the variables, functions and modules that its text names, with their \
        values now; builtins are left out. It is what the function's `digest` is made of, apart from its text.
        """,
      searchTerms: ["closure", "free variables"], [closure], result: "map",
      examples: [Example("let a = 2\ncaptures(x -> a * x)", "{a: 2}")]
    ) { call in
      Value(
        named: try call.machine.captures(of: call[closure]).map { name, value in
          if case .unset = value { (name, .nil) } else { (name, value) }
        })
    },
    Builtin(
      "map", "Applies a function to each element and gives the list of results.",
      details: "Over a map, a function of two parameters gets the key and the value.",
      searchTerms: ["apply", "each"], [xs, f], result: "list",
      examples: [Example("map([1, 2, 3], x -> x ^ 2)", "[1, 4, 9]")]
    ) { call in
      let apply = try call.applying(f, to: xs)
      let next = try call[xs].iterator()
      return .list(List(try Array(collecting: { try next().map { try apply($0) } })))
    },
    Builtin(
      "filter", "Gives the elements for which a function is true.",
      details: """
        Filtering a map gives a map; a function of two parameters then gets the key and the value. \
        Filtering a data set gives a data set; the function gets records, and pixels are made only if it \
        asks for them.
        """,
      searchTerms: ["select", "where"], [xs, condition],
      result: "list, map of a map, dataset of a dataset",
      examples: [
        Example("filter(0..6, x -> x % 2 == 0)", "[0, 2, 4]"),
        Example("type(filter(shapes(6), r -> r.label == 1))", "\"dataset\""),
      ]
    ) { call in
      let keep = try call.applying(condition, to: xs)
      let source = try call[xs]
      if case .object(let data as DatasetObject) = source.value {
        return .object(try data.filtered { try keep($0).truth() })
      }
      let next = try source.iterator()
      if case .map(let map) = source.value {
        let kept = Map()
        while let key = try next() {
          guard try keep(key).truth(), let key = Map.Key(key) else { continue }
          kept.entries[key] = map[key]
        }
        return .map(kept)
      }
      return .list(
        List(
          try Array(collecting: {
            while let element = try next() {
              if try keep(element).truth() { return element }
            }
            return nil
          })))
    },
    Builtin(
      "reduce", "Combines the elements from first to last with a function.",
      searchTerms: ["fold", "accumulate"], [xs, join, start], result: "value",
      examples: [Example("reduce([1, 2, 3, 4], (a, b) -> a * b)", "24")]
    ) { call in
      let next = try call[xs].iterator()
      guard var result = try call[start] ?? next() else {
        throw call.wrong(xs, "not empty without a start")
      }
      let join = try call[join]
      while let element = try next() { result = try call.machine.call(join, result, element) }
      return result
    },
    Builtin(
      "sorted", "Sorts the elements; equal ones keep their order.",
      details: """
        `key` is a function of an element that gives what to sort by; `by` is a function of two that \
        tells whether the first comes before the second. It takes n log n comparisons.
        """,
      searchTerms: ["order", "rank"], [sortable, key, by, reverse], result: "list",
      examples: [
        Example("sorted([3, 1, 2])", "[1, 2, 3]"),
        Example("sorted([\"bb\", \"a\"], key: s -> len(s))", "[\"a\", \"bb\"]"),
        Example("sorted([1, 2, 3], by: (a, b) -> a > b)", "[3, 2, 1]"),
      ]
    ) { call in
      let (key, by, machine) = (try call[key], try call[by], call.machine)
      guard key == nil || by == nil else {
        throw Failure("argument", "sorted: key and by can't both be given")
      }
      let elements = try Array(collecting: call[sortable].iterator())
      var isLess = Value.isLess
      if let by { isLess = { try machine.call(by, $0, $1).truth() } }
      let inOrder = try call[reverse] ? { try isLess($1, $0) } : isLess
      guard let key else {
        return .list(List(try MergeSort.sorted(elements, by: inOrder)))
      }
      let keyed = try elements.map { (key: try machine.call(key, $0), element: $0) }
      let sorted = try MergeSort.sorted(keyed) { try inOrder($0.key, $1.key) }
      return .list(List(sorted.map(\.element)))
    },
  ]
}

extension Call {
  /// Returns a closure that calls a function with an element, or with a key and its value if the
  /// function has two parameters and the elements are those of a map.
  fileprivate func applying(
    _ function: Argument<Value>, to elements: Argument<Iterable>
  ) throws -> (Value) throws -> Value {
    let (f, machine) = (try self[function], machine)
    guard case .map(let map) = try self[elements].value, case .function(let closure) = f,
      closure.required == 2
    else { return { try machine.call(f, $0) } }
    return { key in
      let value = Map.Key(key).flatMap { map[$0] } ?? .nil
      return try machine.call(f, key, value)
    }
  }
}

/// A stable sort that works with any comparison function, even one that contradicts itself or
/// throws.
enum MergeSort {
  /// Returns the items in order; `isLess` tells whether its first argument must precede its second.
  static func sorted<T>(_ items: [T], by isLess: (T, T) throws -> Bool) throws -> [T] {
    var source = items
    var target = items
    let run = 8
    for start in stride(from: 0, to: source.count, by: run) {
      for i in start..<min(start + run, source.count) {
        let item = source[i]
        var j = i
        while j > start, try isLess(item, source[j - 1]) {
          source[j] = source[j - 1]
          j -= 1
        }
        source[j] = item
      }
    }
    var width = run
    while width < source.count {
      try Interrupt.check()
      for start in stride(from: 0, to: source.count, by: 2 * width) {
        let middle = min(start + width, source.count)
        let end = min(start + 2 * width, source.count)
        var (a, b) = (start, middle)
        // Halves that are already in order need only this one comparison.
        if middle < end, try !isLess(source[middle], source[middle - 1]) { b = end }
        for i in start..<end {
          let takesRight: Bool
          if b < end, a < middle, b >= middle {
            takesRight = try isLess(source[b], source[a])
          } else {
            takesRight = a >= middle && b < end
          }
          if takesRight {
            target[i] = source[b]
            b += 1
          } else if a < middle {
            target[i] = source[a]
            a += 1
          } else {
            target[i] = source[i]
          }
        }
      }
      swap(&source, &target)
      width *= 2
    }
    return source
  }
}
