import Language

private let m = Argument("m", .keyed, "a map, or a model's `layers` or `parameters`")
private let container = Argument(
  "m", .value(.list | .keyed), "a map or list")
private let key = Argument("key", .any, "the key")
private let place = Argument("key", .any, "the key, or the position in a list")
private let fallback = Argument(
  "default", .any, default: Value.nil, "what to give where there is nothing")
private let x = Argument("x", .any, "a value")

private let keyedTypes = ["map", "layers", "parameters"]

/// The builtins that read maps, and `type`.
func mapBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "keys", "Gives the keys of a map in insertion order.", [m], result: "list",
      examples: [Example("keys({a: 1, b: 2})", "[\"a\", \"b\"]")], methodOf: keyedTypes
    ) { .list(List(try $0[m].keys())) },
    Builtin(
      "values", "Gives the values of a map in insertion order.", [m], result: "list",
      examples: [Example("values({a: 1, b: 2})", "[1, 2]")], methodOf: keyedTypes
    ) { .list(List(try $0[m].entries().map(\.value))) },
    Builtin(
      "items", "Gives the keys of a map with their values.",
      details: "A loop over a map gives them too: `for key, value in m { ... }`.",
      searchTerms: ["entries", "pairs"], [m], result: "list of [key, value]",
      examples: [Example("items({a: 1, b: 2})", "[[\"a\", 1], [\"b\", 2]]")], methodOf: keyedTypes
    ) { .list(List(try $0[m].entries().map { .list(List([$0.key, $0.value])) })) },
    Builtin(
      "get", "Gives the value of a map or list at a key, or a default.",
      searchTerms: ["lookup"], [container, place, fallback], result: "value",
      examples: [Example("get({a: 1}, \"b\", 0)", "0"), Example("get([1, 2], 5, 7)", "7")],
      methodOf: keyedTypes + ["list"],
      direct: { values in
        guard values.count == 3 else { return nil }
        let (isKnown, value) = values.entry()
        if isKnown { return value?.pointee ?? values[2] }
        guard case .list(let list) = values[0], let x = values.number(1), x.magnitude < 0x1p53,
          let i = Int(exactly: x)
        else { return nil }
        let position = i < 0 ? i + list.count : i
        return list.indices.contains(position) ? list[position] : values[2]
      }
    ) { call in
      let key = try call[place]
      switch try call[container] {
      case .map(let map): return try map[key] ?? call[fallback]
      case .list(let list):
        guard let i = try ArgumentType<Int>.whole.read(key) else {
          throw call.wrong(place, "a whole number, the position in a list")
        }
        let position = i < 0 ? i + list.count : i
        return try list.indices.contains(position) ? list[position] : call[fallback]
      case let keyed: return try Keyed(keyed)?[key] ?? call[fallback]
      }
    },
    Builtin(
      "has", "Tells whether a map has a key.", searchTerms: ["contains"], [m, key],
      result: "bool",
      examples: [Example("has({a: 1}, \"a\")", "true")], methodOf: keyedTypes,
      direct: { values in
        let (isKnown, value) = values.entry()
        return isKnown && values.count == 2 ? .bool(value != nil) : nil
      }
    ) { .bool(try $0[m].has($0[key])) },
    Builtin(
      "type", "Names the type of a value.", searchTerms: ["class", "kind"], [x],
      result: "string",
      examples: [Example("type([1])", "\"list\""), Example("type(nil)", "\"nil\"")],
      direct: { $0.count == 1 ? TypeNames.made[$0[0]] : nil }
    ) { Value(try $0[x].typeName) },
  ]
}

/// The names of the types that the language has by itself.
private struct TypeNames {
  static let made = TypeNames()

  private let names = [Value.nil, .bool(true), .number(0), Value(""), .list(List([])), .map(Map())]
    .map { Value($0.typeName) }

  /// The name of a value's type; nil for other types.
  @inline(__always)
  subscript(_ value: Value) -> Value? {
    switch value {
    case .nil: names[0]
    case .bool: names[1]
    case .number: names[2]
    case .string: names[3]
    case .list: names[4]
    case .map: names[5]
    default: nil
    }
  }
}
