import Host
import Testing

@testable import Language

/// Printing, comparing, hashing, counting and releasing values.
struct ValueTests {
  @Test func briefTextsAreShort() {
    #expect(Value("big").brief == "\"big\"")
    #expect(Value(String(repeating: "x", count: 100)).brief == "a string of 100")
    #expect(Value.list(List([.number(1), .number(2)])).brief == "[1, 2]")
    #expect(Value.list(List(Array(repeating: .number(1), count: 400))).brief == "list of 400")
    #expect(Value.nil.brief == "nil")
  }

  @Test func printingIsBounded() {
    let long = Value.list(List(Array(repeating: .number(1), count: 1_000_000)))
    #expect(long.printed == "[1, 1, 1, ... 999994 more, 1, 1, 1]")
    var nested = Value.nil
    for _ in 0..<100_000 { nested = .list(List([nested])) }
    #expect(nested.printed.contains("[...]"))
  }

  @Test func keysPrintBareWhereTheyAreIdentifiers() {
    let map = Map()
    for key in ["a", "λ_1", "two words", "1st", "true", ""] {
      map.entries[.string(key)] = .number(1)
    }
    #expect(
      Value.map(map).printed == "{a: 1, λ_1: 1, \"two words\": 1, \"1st\": 1, \"true\": 1, \"\": 1}"
    )
  }

  @Test func equalityIsDeepAndByKind() {
    func list(_ items: Value...) -> Value { .list(List(items)) }
    #expect(Value.areEqual(list(.number(1), list(Value("a"))), list(.number(1), list(Value("a")))))
    #expect(!Value.areEqual(list(.number(1)), list(.number(2))))
    #expect(!Value.areEqual(.number(1), .bool(true)))
    #expect(!Value.areEqual(.number(.nan), .number(.nan)))
    #expect(!Value.areEqual(Value("e\u{301}"), Value("\u{e9}")))
    let (a, b) = (Map(), Map())
    for i in 0..<20 {
      a.entries[.number(Double(i))] = .number(1)
      b.entries[.number(Double(19 - i))] = .number(1)
    }
    #expect(Value.areEqual(.map(a), .map(b)))
  }

  @Test func comparingCyclesEnds() {
    let (a, b) = (List([]), List([]))
    a.items.append(.list(a))
    b.items.append(.list(b))
    #expect(Value.areEqual(.list(a), .list(b)))
    b.items.append(.nil)
    #expect(!Value.areEqual(.list(a), .list(b)))
  }

  @Test func mapsKeepTheirOrderThroughGrowthAndRemoval() {
    let map = Map()
    for i in 0..<1000 { map.entries[.string("k\(i)")] = .number(Double(i)) }
    for i in stride(from: 0, to: 1000, by: 2) { map.entries[.string("k\(i)")] = nil }
    map.entries[.string("k0")] = .number(-1)
    #expect(map.entries.count == 501)
    #expect(map.entries.keys.first == .string("k1"))
    #expect(map.entries.keys.last == .string("k0"))
    for i in stride(from: 1, to: 1000, by: 2) {
      guard case .number(let x)? = map.entries[.string("k\(i)")] else {
        Issue.record("k\(i) is lost")
        continue
      }
      #expect(x == Double(i))
    }
    #expect(map.entries[.string("k2")] == nil)
    #expect(map.entries[.number(-0.0)] == nil)
    map.entries[.number(0)] = .nil
    #expect(map.entries[.number(-0.0)] != nil)
  }

  @Test func nanIsNoKey() {
    #expect(Map.Key(.number(.nan)) == nil)
    #expect(Map.Key(.nil) == nil)
  }

  @Test func releasingAMillionNestedListsDoesNotRecurse() {
    var value = Value.nil
    for _ in 0..<1_000_000 { value = .list(List([value])) }
    value = .nil
    var map = Value.nil
    for _ in 0..<200_000 {
      let next = Map()
      next.entries[.string("inner")] = map
      map = .map(next)
    }
    map = .nil
  }

  @Test func containersAreCounted() {
    let context = RunContext()
    context.run {
      let list = List([])
      for _ in 0..<125_000 { list.add(.nil) }
      Memory.settle()
      #expect(context.memory.used > 1_500_000)
      list.removeAll()
    }
    #expect(context.memory.used < 1000)
  }

  @Test func aStringsPositionsAreScalars() {
    let box = StringBox("aλ\u{1F426}b")
    #expect(box.count == 4)
    #expect(box.slice(1, 3).text == "λ\u{1F426}")
    #expect(box.slice(4, 4).text == "")
  }
}
