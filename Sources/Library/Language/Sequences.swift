import Host
import Language

/// Counting, numbering and pairing elements.
func sequenceBuiltins() -> [Builtin] {
  [
    Builtin(
      "len", area: "language", "Counts the elements of a value.",
      details: """
        Items of a list, entries of a map, characters of a string, numbers of a range, the first \
        size of a tensor, the records of a dataset.
        """,
      [.required("x", .any, "a list, map, string, range, tensor, dataset ...")],
      result: "number", examples: [Example("len([4, 5, 6])", "3"), Example("len(\"λx\")", "2")]
    ) { call in
      switch call.values[0] {
      case .list(let list): return .number(Double(list.items.count))
      case .map(let map): return .number(Double(map.entries.count))
      case .string(let box): return .number(Double(box.count))
      case .range(let range): return .number(Double(range.count))
      case .object(let object):
        if let count = try object.length() { return .number(Double(count)) }
      default: break
      }
      throw call.wrong("x", "something with elements")
    },
    Builtin(
      "range", area: "language", "Gives the numbers from a start to an end that is excluded.",
      details: "`range(n)` is `0..n`, `range(a, b)` is `a..b`; a step may be negative.",
      [
        .required("start", .number, "the first number, or the end where it is the only argument"),
        .optional("end", .number, .nil, "the end, excluded"),
        .optional("step", .number, .number(1), "from one number to the next, not 0"),
      ],
      result: "range",
      examples: [
        Example("range(3)", "0..3"),
        Example("map(range(10, 0, -5), x -> x)", "[10, 5]"),
      ]
    ) { call in
      let step = try call.number("step")
      guard step != 0, step.isFinite else { throw call.wrong("step", "a number other than 0") }
      let first = try call.number("start")
      if call.isNil("end") { return .range(RangeBox(0, first, step: step)) }
      return .range(RangeBox(first, try call.number("end"), step: step))
    },
    Builtin(
      "enumerate", area: "language", "Pairs each element with its index.",
      details: "Of a dataset or another sequence that is made as it goes, one pair at a time.",
      [
        .required("xs", .sequence, "the elements"),
        .optional("start", .whole, .number(0), "the first index"),
      ],
      result: "list of [index, element]",
      examples: [Example("enumerate([\"a\", \"b\"])", "[[0, \"a\"], [1, \"b\"]]")]
    ) { call in
      let start = try call.number("start")
      let source = call["xs"]
      return try Pairing.value(of: [source]) {
        guard let next = try source.elements() else { throw call.wrong("xs", "a sequence") }
        var i = start - 1
        return {
          guard let element = try next() else { return nil }
          i += 1
          return .list(List([.number(i), element]))
        }
      }
    },
    Builtin(
      "zip", area: "language", "Pairs the elements of several sequences, up to the shortest.",
      [.rest("sequences", .sequence, "two or more sequences")], result: "list of lists",
      examples: [Example("zip([1, 2], [\"a\", \"b\"])", "[[1, \"a\"], [2, \"b\"]]")]
    ) { call in
      let sources = try call.list("sequences")
      return try Pairing.value(of: sources) {
        let nexts = try sources.map { source in
          guard let next = try source.elements() else { throw call.wrong("sequences", "sequences") }
          return next
        }
        return {
          var group: [Value] = []
          for next in nexts {
            guard let element = try next() else { return nil }
            group.append(element)
          }
          return group.isEmpty ? nil : .list(List(group))
        }
      }
    },
    Builtin(
      "reversed", area: "language", "Gives the elements of a list, range or string last first.",
      [.required("xs", .list | .range | .string, "the elements")], result: "list or string",
      examples: [Example("reversed([1, 2, 3])", "[3, 2, 1]")]
    ) { call in
      if case .string(let box) = call["xs"] {
        return Value(String(String.UnicodeScalarView(box.text.unicodeScalars.reversed())))
      }
      return .list(List(try Array(collecting: call.elements("xs")).reversed()))
    },
  ]
}

/// Elements that are put together as they are asked for.
private final class Pairing: HostObject {
  private let make: () throws -> () throws -> Value?

  private init(_ make: @escaping () throws -> () throws -> Value?) { self.make = make }

  /// A list where all sources are plain containers, else a sequence that is gone over lazily.
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
  /// Everything that a sequence gives; stops at Ctrl-C and when memory runs out.
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
