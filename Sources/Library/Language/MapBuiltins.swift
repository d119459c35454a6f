import Host
import Language

private let m = Argument("m", .map, "a map")
private let container = Argument("m", .value(.map | .list), "a map or list")
private let key = Argument("key", .any, "the key")
private let place = Argument("key", .any, "the key, or the position in a list")
private let fallback = Argument(
  "default", .any, default: Value.nil, "what to give where there is nothing")
private let x = Argument("x", .any, "a value")

/// The builtins that read maps, and `type`.
func mapBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "keys", "Gives the keys of a map in insertion order.", [m], result: "list",
      examples: [Example("keys({a: 1, b: 2})", "[\"a\", \"b\"]")], methodOf: ["map"]
    ) { .list(List(try $0[m].entries.keys.map(\.value))) },
    Builtin(
      "values", "Gives the values of a map in insertion order.", [m], result: "list",
      examples: [Example("values({a: 1, b: 2})", "[1, 2]")], methodOf: ["map"]
    ) { .list(List(Array(try $0[m].entries.values))) },
    Builtin(
      "items", "Gives the keys of a map with their values.",
      details: "A loop over a map gives them too: `for key, value in m { ... }`.",
      searchTerms: ["entries", "pairs"], [m], result: "list of [key, value]",
      examples: [Example("items({a: 1, b: 2})", "[[\"a\", 1], [\"b\", 2]]")], methodOf: ["map"]
    ) { .list(List(try $0[m].entries.map { .list(List([$0.value, $1])) })) },
    Builtin(
      "get", "Gives the value of a map or list at a key, or a default.",
      searchTerms: ["lookup"], [container, place, fallback], result: "value",
      examples: [Example("get({a: 1}, \"b\", 0)", "0"), Example("get([1, 2], 5, 7)", "7")],
      methodOf: ["map", "list"]
    ) { call in
      let key = try call[place]
      switch try call[container] {
      case .map(let map): return try Map.Key(key).flatMap { map[$0] } ?? call[fallback]
      case .list(let list):
        guard let i = try ArgumentType<Int>.whole.read(key) else {
          throw call.wrong(place, "a whole number, the position in a list")
        }
        let position = i < 0 ? i + list.items.count : i
        return try list.items.indices.contains(position) ? list.items[position] : call[fallback]
      default: return try call[fallback]
      }
    },
    Builtin(
      "has", "Tells whether a map has a key.", searchTerms: ["contains"], [m, key],
      result: "bool", examples: [Example("has({a: 1}, \"a\")", "true")], methodOf: ["map"]
    ) { call in
      let map = try call[m]
      return .bool(Map.Key(try call[key]).map { map[$0] != nil } ?? false)
    },
    Builtin(
      "type", "Names the type of a value.", searchTerms: ["class", "kind"], [x],
      result: "string",
      examples: [Example("type([1])", "\"list\""), Example("type(nil)", "\"nil\"")]
    ) { Value(try $0[x].typeName) },
  ]
}
