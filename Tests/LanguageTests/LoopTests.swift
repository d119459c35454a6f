import CMachine
import Host
import Syntax
import Testing

@testable import Language

/// What the machine's loop in C and the code around it do together.
struct LoopTests {
  @Test("the loop in C reads values, lists, maps and functions as Swift lays them out")
  func layout() throws {
    let function = try Runner().run("fn make(x) { () -> x }\nmake(7)")
    guard case .function(let closure) = function else {
      Issue.record("not a function: \(function)")
      return
    }
    let list = List([.number(2.5)])
    let map = Map()
    map.entries[.string("weight")] = .number(3.5)
    let long = StringBox(
      String(String.UnicodeScalarView((0..<40).map { UnicodeScalar(UInt8($0)) })))
    let literal = StringBox("fifteen chars, f and more")
    #expect(long.count == 40 && literal.count == 25)
    let values: [Value] = [
      .bool(true), .number(1.5), Value("text"), .list(list), .map(map), .range(RangeBox(0, 1)),
      function, .object(HostObject()), .nil, .unset, .string(long), .string(literal),
    ]
    let site = Code.FieldSite(position: 0, key: .string("weight"), name: "weight")
    let isSame = values.withUnsafeBytes { values in
      withUnsafeBytes(of: site) { site in
        limbeck_layout_is(
          values.baseAddress!.assumingMemoryBound(to: CValue.self), closure.entry,
          UnsafeRawPointer(closure.captures).assumingMemoryBound(to: CValue.self),
          site.baseAddress!.assumingMemoryBound(to: CFieldSite.self))
      }
    }
    #expect(isSame)
    #expect(MemoryLayout<Value>.stride == MemoryLayout<CValue>.stride)
    #expect(MemoryLayout<Code.Header>.stride == MemoryLayout<CCodeHeader>.stride)
    #expect(MemoryLayout<Code.FieldSite>.stride == MemoryLayout<CFieldSite>.stride)
    #expect(MemoryLayout<Entries.Slot>.stride == MemoryLayout<CMapSlot>.stride)
    #expect(MemoryLayout<CallFrame>.stride == MemoryLayout<CCallFrame>.stride)
    let offsets = [
      (
        MemoryLayout<CallFrame>.offset(of: \.closure),
        MemoryLayout<CCallFrame>.offset(of: \.closure)
      ),
      (MemoryLayout<CallFrame>.offset(of: \.base), MemoryLayout<CCallFrame>.offset(of: \.base)),
      (MemoryLayout<CallFrame>.offset(of: \.next), MemoryLayout<CCallFrame>.offset(of: \.next)),
      (MemoryLayout<CallFrame>.offset(of: \.shift), MemoryLayout<CCallFrame>.offset(of: \.shift)),
      (
        MemoryLayout<CallFrame>.offset(of: \.isDeferred),
        MemoryLayout<CCallFrame>.offset(of: \.isDeferred)
      ),
      (
        MemoryLayout<Code.Header>.offset(of: \.constants),
        MemoryLayout<CCodeHeader>.offset(of: \.constants)
      ),
      (
        MemoryLayout<Code.Header>.offset(of: \.globals),
        MemoryLayout<CCodeHeader>.offset(of: \.globals)
      ),
      (
        MemoryLayout<Code.Header>.offset(of: \.fields),
        MemoryLayout<CCodeHeader>.offset(of: \.fields)
      ),
      (
        MemoryLayout<Code.Header>.offset(of: \.pieces),
        MemoryLayout<CCodeHeader>.offset(of: \.pieces)
      ),
      (
        MemoryLayout<Code.Header>.offset(of: \.sites),
        MemoryLayout<CCodeHeader>.offset(of: \.sites)
      ),
      (
        MemoryLayout<Code.Header>.offset(of: \.registers),
        MemoryLayout<CCodeHeader>.offset(of: \.registers)
      ),
      (
        MemoryLayout<Code.Header>.offset(of: \.parameters),
        MemoryLayout<CCodeHeader>.offset(of: \.parameters)
      ),
    ]
    for (ours, theirs) in offsets { #expect(ours == theirs) }
  }

  @Test("the loop in C reads call sites and kinds of values as Swift lays them out")
  func callSites() {
    let site = Code.CallSite(method: "upper", names: [])
    let builtin = Builtin("upper", "", [], result: "nil", examples: []) { _ in .nil }
    (site.kinds, site.builtin) = (Value("").kindMask, builtin)
    withExtendedLifetime((site, builtin)) {
      let fields = Unmanaged.passUnretained(site).toOpaque() + 16
      let read = fields.assumingMemoryBound(to: CCallSite.self).pointee
      #expect(read.kinds == site.kinds)
      #expect(read.builtin == UnsafeRawPointer(Unmanaged.passUnretained(builtin).toOpaque()))
    }
    let kinds: [Value] = [.bool(true), .number(1), Value(""), .list(List([]))]
    for (tag, value) in kinds.enumerated() { #expect(value.kindMask == 2 << tag) }
  }

  @Test(
    "the search in C finds the entries that the one in Swift finds, in small maps and large ones")
  func positions() throws {
    var keys: [Map.Key] = [
      .number(-0.0), .number(0.5), .number(-1e300), .number(.infinity), .bool(true),
    ]
    for i in 0..<300 {
      keys += [.number(Double(i)), .number(Double(16 * i) - 2000), .number(Double(i) * 0.1)]
    }
    for count in 0..<20 { keys.append(.string(String(repeating: "x", count: count))) }
    for text in ["é", "aé", "name", "name2", "a\0", "a\0\0", "0123456789abcde", "0123456789abcdé"] {
      keys.append(.string(text))
    }
    // A short text that is stored as a long one is.
    var heap = "kept"
    heap.reserveCapacity(64)
    for size in [3, 8, 9, keys.count] {
      let map = Map()
      for (i, key) in keys.shuffled().prefix(size).enumerated() {
        map.entries[key] = .number(Double(i))
        guard size < 20 || i % 10 == 0 else { continue }
        for key in keys {
          #expect(map.position(of: key.value) == map.storage.position(of: key), "\(key)")
        }
      }
      #expect(map.position(of: Value("kept")) == nil)
      map.entries[.string(heap)] = .nil
      #expect(map.position(of: Value("kept")) == map.count - 1)
      #expect(map.position(of: .number(.nan)) == nil)
    }
  }

  @Test("quotients and remainders are those of Swift, for whole and other numbers")
  func quotients() throws {
    let numbers: [Double] = [
      0, -0.0, 1, -1, 2, 3, -3, 7, 10, 0.5, -2.5, 2_147_483_647, 4_294_967_296, 1e15, -1e15,
      2_251_799_813_685_247, 2_251_799_813_685_248, 9_007_199_254_740_991, -9_007_199_254_740_991,
      9_007_199_254_740_992, 1e300, .infinity, -.infinity, .nan,
    ]
    let infinity = "let inf = 1e300 * 1e300\nlet nan = inf - inf\n"
    for x in numbers {
      for y in numbers {
        let script =
          "let x = \(NumberText.repr(x))\nlet y = \(NumberText.repr(y))\n[x // y, x % y]"
        let expected = [Operators.floorDivide(x, y), Operators.remainder(x, y)]
        let found = try Runner().run(infinity + script)
        #expect(found.printed == Value.list(List(numbers: expected)).printed, "\(x), \(y)")
      }
    }
  }

  @Test("strings of bytes are those of texts")
  func bytes() {
    for text in ["", "a", "é", "0123456789abcde", "0123456789abcdef", "0123456789abcdé", "日本語日本語"] {
      let box = Array(text.utf8).withUnsafeBufferPointer { StringBox(utf8: $0) }
      #expect(
        box.text == text && box.byteCount == text.utf8.count && box.hash == StringBox(text).hash)
    }
  }

  @Test("keys that have the same lowest bits are found")
  func manyMultiples() throws {
    #expect(
      try Runner().run(
        """
        let m = {}
        for i in 0..3000 { m[i * 1048576] = i }
        for i in 0..3000 { m[i] = -i }
        let wrong = 0
        for i in 1..3000 {
          if m[i * 1048576] != i or m[i] != -i or (i * 1048576 + 1) in m { wrong += 1 }
        }
        wrong
        """
      ).printed == "0")
  }

  /// A text as scripts write it.
  private func literal(_ text: String) -> String {
    String(Value.list(List([Value(text)])).printed.dropFirst().dropLast())
  }

  @Test("characters of short, long, literal, joined and other texts are found from both ends")
  func characters() throws {
    let texts = ["abc", "0123456789abcde", "0123456789abcdef", "éa", "0123456789abcdefgé"]
    for text in texts + [String(repeating: "xy", count: 70)] {
      let found = try Runner().run(
        """
        let all = []
        let one = \(literal(text))
        let joined = one + "z"
        for turn in 0..2 {
          for s in [one, joined, joined + one] {
            for i in 0..len(s) { if s[i] != s[i - len(s)] { all.append(i) } }
            let t = ""
            for i in 0..len(s) { t = t + s[i] }
            if t != s { all.append(s) }
            try { s[len(s)] } catch e { all.append(e.kind) }
          }
        }
        all
        """)
      #expect(
        found.printed == "[" + Array(repeating: "\"index\"", count: 6).joined(separator: ", ") + "]"
      )
    }
  }

  @Test(
    "short and long texts are compared by their scalars",
    arguments: [
      "a", "b", "ab", "", "a\0", "é", "0123456789abcdef", "0123456789abcde", "z\u{10FFFF}",
    ])
  func texts(_ a: String) throws {
    for b in ["a", "b", "ab", "", "a\0", "é", "0123456789abcdef", "0123456789abcde", "z\u{FFFF}"] {
      let (x, y) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
      let isBefore = x.lexicographicallyPrecedes(y)
      let wanted = [x == y, x != y, isBefore, isBefore || x == y, !isBefore && x != y, !isBefore]
      let found = try Runner().run(
        """
        fn compared(a, b) {
          let all = []
          if a == b { all.append(true) } else { all.append(false) }
          if a != b { all.append(true) } else { all.append(false) }
          if a < b { all.append(true) } else { all.append(false) }
          if a <= b { all.append(true) } else { all.append(false) }
          if a > b { all.append(true) } else { all.append(false) }
          if a >= b { all.append(true) } else { all.append(false) }
          all
        }
        compared(\(literal(a)), \(literal(b)))
        """)
      #expect(
        found.printed == "[" + wanted.map { "\($0)" }.joined(separator: ", ") + "]", "\(a) \(b)")
    }
  }

  @Test(
    "a list of numbers or bools takes other values too",
    arguments: [
      ("let xs = [1, 2]; xs[0] = \"a\"; xs", "[\"a\", 2]"),
      ("let xs = [1, 2]; xs[-1] = true; xs", "[1, true]"),
      ("let xs = [true, false]; xs.append(nil); xs", "[true, false, nil]"),
      ("let xs = []; xs.append(1); xs.append(true); xs.append(2); xs", "[1, true, 2]"),
      ("let xs = [1]; let ys = xs + [\"b\"]; ys[0] = 5; [xs, ys]", "[[1], [5, \"b\"]]"),
      ("let xs = [[1, 2], [3]]; xs[0][1] = [4]; xs[1][0] += 1; xs", "[[1, [4]], [4]]"),
      (
        "let xs = [1, 2, 3]; let t = 0; for x in xs { t += x; if len(xs) < 6 { xs.append(x) } }; t",
        "12"
      ),
      ("let m = {a: [1, 2]}; m.a[1] = \"z\"; m.b = m.a[1]; m", "{a: [1, \"z\"], b: \"z\"}"),
    ])
  func mixedLists(_ text: String, _ shown: String) throws {
    #expect(try Runner().shown(text.replacing("; ", with: "\n")) == shown)
  }

  @Test("lists are inserted into and removed from, whatever they consist of")
  func insertion() {
    for values: [Value] in [
      [.number(1), .number(2), .number(3)], [.bool(true), .bool(false), .bool(true)],
      [Value("a"), Value("b"), Value("c")],
    ] {
      let list = List(values)
      list.insert(values[2], at: 1)
      #expect(
        Value.areEqual(.list(list), .list(List([values[0], values[2], values[1], values[2]]))))
      #expect(Value.areEqual(list.remove(at: 0), values[0]))
      list.insert(.nil, at: 3)
      #expect(Value.areEqual(.list(list), .list(List([values[2], values[1], values[2], .nil]))))
      list.removeAll()
      list.add(.bool(true))
      #expect(list.count == 1 && Value.areEqual(list[0], .bool(true)))
    }
  }

  @Test("a list of numbers takes half of the memory of one of values, one of bools a sixteenth")
  func memory() {
    let context = RunContext()
    context.run {
      func bytes(_ value: Value) -> Int {
        Memory.settle()
        let before = context.memory.used
        let list = List([])
        for _ in 0..<100_000 { list.add(value) }
        Memory.settle()
        return withExtendedLifetime(list) { context.memory.used - before }
      }
      #expect((1_000_000..<1_100_000).contains(bytes(.number(1))))
      #expect((130_000..<140_000).contains(bytes(.bool(true))))
      #expect((2_000_000..<2_200_000).contains(bytes(.nil)))
    }
  }

  @Test("a function uses variables around it where they are")
  func captured() throws {
    let text = """
      let xs = [1, 2, 3]
      let m = {n: 0}
      fn outer() {
        let ys = []
        let late = nil
        fn inner(i) {
          m.n += xs[i]
          xs[i] = m.n
          ys.append(xs[i] * 2)
          late[i] = ys[-1]
          late
        }
        late = {}
        for i in 0..3 { inner(i) }
        [ys, late[2], xs[0]]
      }
      outer()
      """
    #expect(try Runner().shown(text) == "[[2, 6, 12], 12, 1]")
    let runner = Runner()
    #expect(
      runner.error("let xs = apply(i -> xs[i], 0)")
        == "test.lbk:1:21: `xs` has no value yet: line 1 has not run")
    #expect(
      runner.error("let xs = [[1], [2]]\nfn f(i) { xs[i][0] }\nf(2)")
        == "test.lbk:2:11: index 2 is out of range: the list has 2 items")
    #expect(
      runner.error("let xs = [[1], [2]]\nfn f(i) { xs[0][i] }\nf(1)")
        == "test.lbk:2:11: index 1 is out of range: the list has 1 items")
  }

  @Test("strings that grow share their bytes and stay what they are")
  func growing() throws {
    let text = """
      let s = ""
      let kept = []
      for i in 0..300 {
        s += "λ"
        if i % 100 == 99 { kept.append(s + "!") }
      }
      let t = s + "x"
      let u = s + s
      [len(s), s[-1], len(t), t[-1], len(u), len(kept[0]), kept[1][-1], kept[2] == s + "!", t in u]
      """
    #expect(
      try Runner().shown(text)
        == "[300, \"λ\", 301, \"x\", 600, 101, \"!\", true, false]")
  }
}
