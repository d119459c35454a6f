import Host
import Language

private let xs = Argument("xs", .list, "the list, which is changed")
private let x = Argument("x", .any, "the item")
private let place = Argument("i", .whole, "the position; negative ones count from the end")
private let popped = Argument(
  "i", .whole, default: -1, "the position; negative ones count from the end")
private let items = Argument("items", .sequence, "what to add")
private let container = Argument(
  "xs", .value(.map | .list), "the map or list, which is changed")
private let entry = Argument("x", .any, "the key of a map, the item of a list")

/// The methods that change a list. (The machine has a dedicated instruction for `append`; this is
/// its declaration, and the implementation that is used when it is called as a function.)
func listBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "append", "Adds an item at the end of a list.", searchTerms: ["push"], [xs, x],
      examples: [Example("let xs = [1]; xs.append(2); xs", "[1, 2]")],
      methodOf: ["list"], traits: [.appends, .changesFirst]
    ) { call in try call[xs].add(call[x]) },
    Builtin(
      "insert", "Inserts an item before a position of a list.", [xs, place, x],
      examples: [Example("let xs = [1, 3]; xs.insert(1, 2); xs", "[1, 2, 3]")],
      methodOf: ["list"], traits: .changesFirst
    ) { call in
      let (list, i) = (try call[xs], try call[place])
      let count = list.count
      guard i >= -count, i <= count else {
        throw call.wrong(place, "from \(-count) to \(count)")
      }
      list.insert(try call[x], at: i < 0 ? i + count : i)
    },
    Builtin(
      "pop", "Removes an item from a list and gives it.", [xs, popped], result: "value",
      examples: [Example("let xs = [1, 2, 3]; [xs.pop(), xs]", "[3, [1, 2]]")],
      methodOf: ["list"], traits: .changesFirst
    ) { call in
      let (list, i) = (try call[xs], try call[popped])
      let count = list.count
      guard i >= -count, i < count else {
        throw call.fault(
          popped, "index \(i) is out of range: the list has \(count) items", kind: "index")
      }
      return list.remove(at: i < 0 ? i + count : i)
    },
    Builtin(
      "extend", "Adds the elements of a sequence at the end of a list.", [xs, items],
      examples: [Example("let xs = [1]; xs.extend([2, 3]); xs", "[1, 2, 3]")],
      methodOf: ["list"], traits: .changesFirst
    ) { call in try call[xs].append(contentsOf: Array(collecting: call[items].iterator())) },
    Builtin(
      "remove",
      "Removes an entry from a map, or the first item equal to x from a list, and gives it.",
      searchTerms: ["delete"], [container, entry], result: "value",
      examples: [
        Example("let m = {a: 1, b: 2}; remove(m, \"a\"); m", "{b: 2}"),
        Example("let xs = [5, 6]; xs.remove(5); xs", "[6]"),
      ], methodOf: ["list"], traits: .changesFirst
    ) { call in
      let x = try call[entry]
      switch try call[container] {
      case .map(let map):
        if let key = Map.Key(x), let old = map.entries.removeValue(forKey: key) { return old }
        throw call.fault(entry, "the map has no key \(x.brief)", kind: "key-missing")
      case .list(let list):
        if let i = list.firstIndex(where: { Value.areEqual($0, x) }) {
          return list.remove(at: i)
        }
        throw call.fault(entry, "the list has no item \(x.brief)", kind: "index")
      default: throw call.wrong(container, "a map or list")
      }
    },
  ]
}
