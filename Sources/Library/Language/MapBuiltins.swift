import Host
import Language

/// Asking maps, and values for their kind.
func mapBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "keys", "Gives the keys of a map in the order they were put in.",
      [.required("m", .map, "a map")], result: "list",
      examples: [Example("keys({a: 1, b: 2})", "[\"a\", \"b\"]")], methodOf: ["map"]
    ) { call in
      guard case .map(let map) = call["m"] else { return .nil }
      return .list(List(map.entries.keys.map(\.value)))
    },
    Builtin(
      "values", "Gives the values of a map in the order they were put in.",
      [.required("m", .map, "a map")], result: "list",
      examples: [Example("values({a: 1, b: 2})", "[1, 2]")], methodOf: ["map"]
    ) { call in
      guard case .map(let map) = call["m"] else { return .nil }
      return .list(List(Array(map.entries.values)))
    },
    Builtin(
      "items", "Gives the keys of a map with their values.",
      details: "A loop over a map goes over them too: `for key, value in m { ... }`.",
      [.required("m", .map, "a map")], result: "list of [key, value]",
      examples: [Example("items({a: 1, b: 2})", "[[\"a\", 1], [\"b\", 2]]")], methodOf: ["map"]
    ) { call in
      guard case .map(let map) = call["m"] else { return .nil }
      return .list(List(map.entries.map { .list(List([$0.value, $1])) }))
    },
    Builtin(
      "get", "Gives what a map or list has at a key, or a default.",
      [
        .required("m", .map | .list, "a map or list"),
        .required("key", .any, "the key, or the position in a list"),
        .optional("default", .any, .nil, "what to give where there is nothing"),
      ],
      result: "value",
      examples: [Example("get({a: 1}, \"b\", 0)", "0"), Example("get([1, 2], 5, 7)", "7")],
      methodOf: ["map", "list"]
    ) { call in
      switch call.values[0] {
      case .map(let map):
        guard let key = Map.Key(call.values[1]) else { return call.values[2] }
        return map[key] ?? call.values[2]
      case .list(let list):
        let i = try call.int("key")
        let position = i < 0 ? i + list.items.count : i
        return list.items.indices.contains(position) ? list.items[position] : call.values[2]
      default: return .nil
      }
    },
    Builtin(
      "has", "Tells whether a map has a key.",
      [.required("m", .map, "a map"), .required("key", .any, "the key")], result: "bool",
      examples: [Example("has({a: 1}, \"a\")", "true")], methodOf: ["map"]
    ) { call in
      guard case .map(let map) = call["m"], let key = Map.Key(call["key"]) else {
        return .bool(false)
      }
      return .bool(map[key] != nil)
    },
    Builtin(
      "type", "Names a value's kind.",
      [.required("x", .any, "a value")], result: "string",
      examples: [Example("type([1])", "\"list\""), Example("type(nil)", "\"nil\"")]
    ) { call in Value(call["x"].typeName) },
  ]
}
