import Host
import Language

/// The methods that change a list. (`append` has an instruction of its own in the machine; this is
/// its declaration, and what runs when it is called as a function.)
func listBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "append", "Adds an item at the end of a list.",
      [.required("xs", .list, "the list, which is changed"), .required("x", .any, "the item")],
      result: "nil", examples: [Example("let xs = [1]; xs.append(2); xs", "[1, 2]")],
      methodOf: ["list"]
    ) { call in
      guard case .list(let list) = call["xs"] else { return .nil }
      list.items.append(call["x"])
      return .nil
    },
    Builtin(
      "insert", "Puts an item before a position of a list.",
      [
        .required("xs", .list, "the list, which is changed"),
        .required("i", .whole, "the position; negative ones count from the end"),
        .required("x", .any, "the item"),
      ],
      result: "nil", examples: [Example("let xs = [1, 3]; xs.insert(1, 2); xs", "[1, 2, 3]")],
      methodOf: ["list"]
    ) { call in
      guard case .list(let list) = call["xs"] else { return .nil }
      let count = list.items.count
      let i = try call.int("i")
      guard i >= -count, i <= count else {
        throw call.wrong("i", "from \(-count) to \(count)")
      }
      list.items.insert(call["x"], at: i < 0 ? i + count : i)
      return .nil
    },
    Builtin(
      "pop", "Takes an item out of a list and gives it.",
      [
        .required("xs", .list, "the list, which is changed"),
        .optional("i", .whole, .number(-1), "the position; negative ones count from the end"),
      ],
      result: "value", examples: [Example("let xs = [1, 2, 3]; [xs.pop(), xs]", "[3, [1, 2]]")],
      methodOf: ["list"]
    ) { call in
      guard case .list(let list) = call["xs"] else { return .nil }
      let count = list.items.count
      let i = try call.int("i")
      guard i >= -count, i < count else {
        throw Failure(
          "index", "pop: index \(i) is out of range: the list has \(count) items",
          argument: call.index(of: "i"))
      }
      return list.items.remove(at: i < 0 ? i + count : i)
    },
    Builtin(
      "extend", "Adds the elements of a sequence at the end of a list.",
      [
        .required("xs", .list, "the list, which is changed"),
        .required("items", .sequence, "what to add"),
      ],
      result: "nil", examples: [Example("let xs = [1]; xs.extend([2, 3]); xs", "[1, 2, 3]")],
      methodOf: ["list"]
    ) { call in
      guard case .list(let list) = call["xs"] else { return .nil }
      list.items.append(contentsOf: try Array(collecting: call.elements("items")))
      return .nil
    },
    Builtin(
      "remove",
      "Takes an entry out of a map, or the first item equal to x out of a list.",
      [
        .required("xs", .map | .list, "the map or list, which is changed"),
        .required("x", .any, "the key of a map, the item of a list"),
      ],
      result: "value",
      examples: [
        Example("let m = {a: 1, b: 2}; remove(m, \"a\"); m", "{b: 2}"),
        Example("let xs = [5, 6]; xs.remove(5); xs", "[6]"),
      ], methodOf: ["list"]
    ) { call in
      let x = call["x"]
      if case .map(let map) = call["xs"] {
        guard let key = Map.Key(x), let old = map.entries.removeValue(forKey: key) else {
          throw Failure(
            "key-missing", "remove: the map has no key \(x.brief)", argument: call.index(of: "x"))
        }
        return old
      }
      guard case .list(let list) = call["xs"],
        let i = list.items.firstIndex(where: { Value.areEqual($0, x) })
      else {
        throw Failure(
          "index", "remove: the list has no item \(x.brief)", argument: call.index(of: "x"))
      }
      return list.items.remove(at: i)
    },
  ]
}
