import Host
import Language

/// Builtins that call a function for each element.
func functionBuiltins() -> [Builtin] {
  [
    Builtin(
      "arity", area: "language", "Counts the parameters that a function of the script takes.",
      details: "Those with a default count too. The library's functions have no one number.",
      [
        .required(
          "f",
          ParameterType("function of the script") {
            if case .function = $0 { true } else { false }
          }, "the function")
      ],
      result: "number",
      examples: [Example("arity((epoch, epochs) -> epoch / epochs)", "2")]
    ) { call in
      guard case .function(let closure) = call["f"] else {
        throw call.wrong("f", "a function of the script")
      }
      return .number(Double(closure.parameters.count))
    },
    Builtin(
      "map", area: "language", "Gives a list of what a function makes of each element.",
      details: "Over a map, a function of two parameters gets the key and the value.",
      [
        .required("xs", .sequence, "the elements"),
        .required("f", .callable, "a function of one element"),
      ],
      result: "list", examples: [Example("map([1, 2, 3], x -> x ^ 2)", "[1, 4, 9]")]
    ) { call in
      let apply = try call.applying("f", to: "xs")
      let next = try call.elements("xs")
      return .list(List(try Array(collecting: { try next().map { try apply($0) } })))
    },
    Builtin(
      "filter", area: "language", "Gives the elements for which a function is true.",
      details: """
        Of a map, a map; a function of two parameters then gets the key and the value. Of a data set, \
        a data set; the function gets records, and pixels are made only if it asks for them.
        """,
      [
        .required("xs", .sequence, "the elements"),
        .required("f", .callable, "a function of one element that gives a bool"),
      ],
      result: "list, map of a map, dataset of a dataset",
      examples: [
        Example("filter(0..6, x -> x % 2 == 0)", "[0, 2, 4]"),
        Example("type(filter(shapes(6), r -> r.label == 1))", "\"dataset\""),
      ]
    ) { call in
      let keep = try call.applying("f", to: "xs")
      if case .object(let data as DatasetObject) = call["xs"] {
        return .object(try data.filtered { try keep($0).truth() })
      }
      let next = try call.elements("xs")
      if case .map(let map) = call["xs"] {
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
      "reduce", area: "language", "Joins the elements from the first to the last with a function.",
      [
        .required("xs", .sequence, "the elements"),
        .required("f", .callable, "a function of what was joined so far and the next element"),
        .optional("start", .any, .nil, "what to begin with; nil begins with the first element"),
      ],
      result: "value", examples: [Example("reduce([1, 2, 3, 4], (a, b) -> a * b)", "24")]
    ) { call in
      let next = try call.elements("xs")
      var result = call["start"]
      if call.isNil("start") {
        guard let first = try next() else { throw call.wrong("xs", "not empty without a start") }
        result = first
      }
      while let element = try next() {
        result = try call.machine.call(call["f"], result, element)
      }
      return result
    },
    Builtin(
      "sorted", area: "language", "Gives the elements in order, equal ones as they came.",
      details: """
        `key` is a function of an element that gives what to sort by; `by` is a function of two that \
        tells whether the first comes before the second. n log n comparisons.
        """,
      [
        .required("xs", .sequence, "numbers or strings, or anything with `key` or `by`"),
        .optional("key", .callable, .nil, "a function of an element", namedOnly: true),
        .optional("by", .callable, .nil, "a function of two elements", namedOnly: true),
        .optional(
          "reverse", .bool, .bool(false), "whether the greatest comes first", namedOnly: true),
      ],
      result: "list",
      examples: [
        Example("sorted([3, 1, 2])", "[1, 2, 3]"),
        Example("sorted([\"bb\", \"a\"], key: s -> len(s))", "[\"a\", \"bb\"]"),
        Example("sorted([1, 2, 3], by: (a, b) -> a > b)", "[3, 2, 1]"),
      ]
    ) { call in
      if !call.isNil("key") && !call.isNil("by") {
        throw Failure("argument", "sorted: key and by can't both be given")
      }
      let elements = try Array(collecting: call.elements("xs"))
      let isReversed = try call.bool("reverse")
      let machine = call.machine
      let isLess: (Value, Value) throws -> Bool
      if call.isNil("by") {
        isLess = Value.isLess
      } else {
        let by = call["by"]
        isLess = { try machine.call(by, $0, $1).truth() }
      }
      let inOrder: (Value, Value) throws -> Bool = isReversed ? { try isLess($1, $0) } : isLess
      guard !call.isNil("key") else {
        return .list(List(try MergeSort.sorted(elements, by: inOrder)))
      }
      let key = call["key"]
      let keyed = try elements.map { (key: try machine.call(key, $0), element: $0) }
      let sorted = try MergeSort.sorted(keyed) { try inOrder($0.key, $1.key) }
      return .list(List(sorted.map(\.element)))
    },
  ]
}

extension Call {
  /// What calls a function for an element; for one of two parameters and a map with key and value.
  fileprivate func applying(_ function: String, to elements: String) throws -> (Value) throws ->
    Value
  {
    let f = self[function]
    let machine = machine
    guard case .map(let map) = self[elements], case .function(let closure) = f,
      closure.required == 2
    else { return { try machine.call(f, $0) } }
    return { key in
      let value = Map.Key(key).flatMap { map[$0] } ?? .nil
      return try machine.call(f, key, value)
    }
  }
}

/// A stable sort that survives any comparison function, one that contradicts itself or throws.
enum MergeSort {
  /// The items in order; `isLess` tells whether its first argument must come before its second.
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
        // Parts that are in order already need no comparison but this one.
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
