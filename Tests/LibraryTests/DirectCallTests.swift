import Host
import Testing

@testable import Library

/// Builtins that answer the loop in C directly say the same as when they are called in the general way, which a
/// builtin in a variable is.
struct DirectCallTests {
  private static let values = [
    "nil", "true", "0", "-0.0", "2.5", "-3", "7", "1e17", "-1e300", "inf", "nan", "\"\"", "\"a\"",
    "\"12\"", "\" 1.5 \"", "\"Abc\"", "\"0123456789abcde\"", "\"0123456789abcdef\"", "\"Größe\"",
    "\"é\"", "long",
    "joined", "[]", "[4, 5, 6]",
    "[\"a\", nil]", "{}", "{a: 1, \"12\": 2, 7: 3}", "0..3", "tensor([1.5, -2])",
  ]

  private func disagreements(_ calls: [(function: String, arguments: String)]) throws -> String {
    let lines = calls.map { function, arguments in
      """
      fn direct_\(function)() { \(function)(\(arguments)) }
      fn general_\(function)() {
        let f = \(function)
        f(\(arguments))
      }
      if outcome(direct_\(function)) != outcome(general_\(function)) {
        differ.append("\(function)")
      }

      """
    }
    return try shown(
      """
      fn outcome(f) { try { let r = f(); [type(r), str(r)] } catch e { [e.kind, e.message] } }
      let long = join(map(range(200), i -> str(i)), "")
      let joined = long + long
      let differ = []
      let values = [\(Self.values.joined(separator: ", "))]
      for x in values {
        for y in values {
          for z in [1, "Go"] {
      \(lines.joined())
          }
        }
      }
      differ
      """)
  }

  @Test("of one, two and three arguments", arguments: [(1, "x"), (2, "x, y"), (3, "x, y, z")])
  func agree(count: Int, arguments: String) throws {
    let names = TestSession().library.builtins.values.filter { builtin in
      let required = builtin.parameters.count { $0.fallback == nil }
      return builtin.direct != nil && (required...builtin.parameters.count).contains(count)
    }.map(\.name).sorted()
    #expect(names.count >= 2)
    #expect(try disagreements(names.map { ($0, arguments) }) == "[]", "\(names)")
  }

  @Test("slices of a text, which the loop in C cuts, are those of a list of its characters")
  func slices() throws {
    #expect(
      try shown(
        """
        let ends = [-9, -3, -1, -0.0, 0, 1, 2, 5, 9, inf, 1.5, nan]
        fn part(f) { try { f() } catch e { e.message } }
        let differ = []
        for text in ["", "a", "plume", "0123456789abcdefghij"] {
          let characters = map(range(len(text)), i -> text[i])
          for i in ends {
            if part(() -> text[i..]) != part(() -> join(characters[i..], "")) { differ.append([text, i]) }
            for j in ends {
              if part(() -> text[i..j]) != part(() -> join(characters[i..j], "")) {
                differ.append([text, i, j])
              }
            }
          }
        }
        let s = "plume"
        s = s[1..4]
        [differ, s, s[..-1], "abc"[1..][0..1], part(() -> s[0..1.5]), part(() -> s[nil..])]
        """) == """
          [[], "lum", "lu", "b", "the end of a slice must be a whole number, got 1.5", \
          "the end of a slice must be a whole number, got nil"]
          """)
  }

  @Test("a call of a method follows its receiver")
  func methods() throws {
    #expect(
      try shown(
        """
        fn find(x, y) { try { x.find(y) } catch e { e.kind } }
        fn upper(x) { try { x.upper() } catch e { e.kind } }
        let own = {upper: () -> "mine", find: y -> [y]}
        let seen = []
        for i in 0..2 {
          for x in ["plume", "Größe", own, 3, [1], "x"] { seen.append(upper(x)) }
          for x in ["plume", own, "plume"] { seen.append(find(x, "u")) }
          seen.append(find("plume", 3))
        }
        [seen[..10] == seen[10..], seen[..10]]
        """) == """
          [true, ["PLUME", "GRÖSSE", "mine", "member", "member", "X", 2, ["u"], 2, "argument"]]
          """)
  }

  @Test("an argument keeps the value that it had when it was reached")
  func order() throws {
    #expect(
      try shown(
        """
        fn local() {
          let key = "a"
          get({a: 5, b: 6}, key, if true { key = "b"; 0 } else { 1 })
        }
        let m = {a: 1}
        fn swap() {
          m = {a: 2}
          "a"
        }
        fn twice(s) { startswith(s, s) }
        fn last(s) { [startswith(s, "a"), "b" in s] }
        [local(), get(m, swap(), 0), get(m, "a", 0), twice("abc"), last("abc")]
        """) == "[5, 1, 2, true, [true, true]]")
  }

  @Test("f-strings and sums of strings have all lengths")
  func texts() throws {
    #expect(
      try shown(
        """
        let wrong = []
        let text = ""
        for i in 0..300 {
          if len(text) != i or len(text + "é") != i + 1 or len("a" + text) != i + 1 { wrong.append(i) }
          if f"{text}|{i}" != join([text, str(i)], "|") { wrong.append(f"f {i}") }
          if f"{-i}:{text}" != str(-i) + ":" + text { wrong.append(f"g {i}") }
          text = f"{text}x"
        }
        [wrong, f"{-0.0}{1e15}{2^53}{0.5}{true}", f"", f"é{1}", f"{"é"}{2}"]
        """) == "[[], \"-0100000000000000090071992547409920.5true\", \"\", \"é1\", \"é2\"]")
  }

  @Test("what they make counts as used memory, whose limit is an error at the call")
  func memory() throws {
    let context = RunContext(memoryLimit: 100_000_000)
    let reached = try context.run {
      try shown(
        """
        let big = "x"
        for i in 0..20 { big = big + big }
        let l = []
        for i in 0..3000 { l.append("") }
        let reached = 0
        try {
          for i in 0..3000 {
            l[i] = upper(big)
            reached = i
          }
        } catch e {
          l = []
        }
        reached
        """)
    }
    #expect((50..<100).contains(Int(reached) ?? 0), "\(reached)")
  }
}
