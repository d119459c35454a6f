import Host
import Language

private let xs = Argument("xs", .sequence, "the elements")
private let first = Argument("start", .whole, default: 0, "the first index")
private let start = Argument(
  "start", .number, "the first number, or the end where it is the only argument")
private let end = Argument("end", .optional(.number), "the end, excluded")
private let step = Argument(
  "step", .number.limited(", not 0") { $0 != 0 && $0.isFinite }, default: 1,
  "from one number to the next")
private let sequences = Argument(rest: "sequences", .sequence, "two or more sequences")
private let ordered = Argument(
  "xs", .value(.list | .range | .string), "the elements")
private let counted = Argument(
  "x", .any, "a list, map, string, range, tensor, dataset ...")

/// The builtins that count, number and pair elements.
func sequenceBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "len", "Counts the elements of a value.",
      details: """
        It counts the items of a list, the entries of a map, the characters of a string, the numbers of \
        a range and the records of a data set; of a tensor it gives the size of the first axis.
        """,
      searchTerms: ["length", "size", "count"], [counted], result: "number",
      examples: [Example("len([4, 5, 6])", "3"), Example("len(\"λx\")", "2")],
      direct: { $0.count == 1 ? plainLength($0[0]) : nil }
    ) { call in
      if let length = plainLength(call.values[0]) { return length }
      if case .object(let object) = call.values[0], let count = try object.length() {
        return .number(Double(count))
      }
      throw call.wrong(counted, "something with elements")
    },
    Builtin(
      "range", "Gives the numbers from a start to an end that is excluded.",
      details: "`range(n)` is `0..n`, `range(a, b)` is `a..b`. The step may be negative.",
      searchTerms: ["sequence"],
      [start, end, step], result: "range",
      examples: [
        Example("range(3)", "0..3"),
        Example("map(range(10, 0, -5), x -> x)", "[10, 5]"),
      ],
      direct: { values in
        guard values.count <= 2, let x = values.number(0) else { return nil }
        if values.count == 1 { return .range(RangeBox(0, x)) }
        return values.number(1).map { .range(RangeBox(x, $0)) }
      }
    ) { call in
      guard let end = try call[end] else {
        return .range(RangeBox(0, try call[start], step: try call[step]))
      }
      return .range(RangeBox(try call[start], end, step: try call[step]))
    },
    Builtin(
      "enumerate", "Pairs each element with its index.",
      details: "The pairs of a data set or another lazy sequence are made one at a time.",
      searchTerms: ["index", "counter"], [xs, first], result: "list of [index, element]",
      examples: [Example("enumerate([\"a\", \"b\"])", "[[0, \"a\"], [1, \"b\"]]")]
    ) { call in
      let source = try call[xs]
      let start = Double(try call[first])
      return try Pairing.value(of: [source.value]) {
        let next = try source.iterator()
        var i = start - 1
        return {
          guard let element = try next() else { return nil }
          i += 1
          return .list(List([.number(i), element]))
        }
      }
    },
    Builtin(
      "zip", "Pairs the elements of several sequences, up to the shortest.",
      searchTerms: ["parallel"], [sequences], result: "list of lists",
      examples: [Example("zip([1, 2], [\"a\", \"b\"])", "[[1, \"a\"], [2, \"b\"]]")]
    ) { call in
      let sources = try call[sequences]
      return try Pairing.value(of: sources.map(\.value)) {
        let nexts = try sources.map { try $0.iterator() }
        return {
          guard let group = try nexts.mapAll({ try $0() }), !group.isEmpty else { return nil }
          return .list(List(group))
        }
      }
    },
    Builtin(
      "reversed", "Gives the elements of a list, range or string in reverse order.", [ordered],
      result: "list or string",
      examples: [Example("reversed([1, 2, 3])", "[3, 2, 1]")]
    ) { call in
      let xs = try call[ordered]
      if case .string(let box) = xs {
        return Value(String(String.UnicodeScalarView(box.text.unicodeScalars.reversed())))
      }
      return .list(List(try Array(collecting: Iterable(value: xs).iterator()).reversed()))
    },
  ]
}

/// The number of elements of a container of the language; nil for any other value.
private func plainLength(_ value: Value) -> Value? {
  switch value {
  case .list(let list): .number(Double(list.count))
  case .map(let map): .number(Double(map.count))
  case .string(let box): .number(Double(box.count))
  case .range(let range): .number(Double(range.count))
  default: nil
  }
}

/// A sequence whose elements are paired on demand.
private final class Pairing: HostObject {
  private let make: () throws -> () throws -> Value?

  private init(_ make: @escaping () throws -> () throws -> Value?) { self.make = make }

  /// Returns a list if all sources are plain containers, otherwise a lazy sequence.
  static func value(of sources: [Value], _ make: @escaping () throws -> () throws -> Value?) throws
    -> Value
  {
    let isLazy = sources.contains { if case .object = $0 { true } else { false } }
    return isLazy ? .object(Pairing(make)) : .list(List(try Array(collecting: make())))
  }

  override var typeName: String { "sequence" }
  override func iterator() throws -> (() throws -> Value?)? { try make() }
}

extension Array where Element == Value {
  /// Collects all elements of a sequence; stops at Ctrl-C and when memory runs out.
  init(collecting next: () throws -> Value?) throws {
    self = []
    while let element = try next() {
      if count % 65_536 == 0 { try Interrupt.check() }
      if count == capacity {
        try ContainerMemory.expect(
          2 * count * MemoryLayout<Value>.stride, for: "a list of \(count + 1)")
      }
      append(element)
    }
  }
}
