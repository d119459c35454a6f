import Host
import Testing

@testable import Patterns

struct PatternTests {
  /// The texts of all matches, by Python's rules.
  private func all(_ pattern: String, _ text: String, ignoresCase: Bool = false) throws -> [String]
  {
    var (text, found) = (text, [String]())
    let pattern = try Pattern(pattern, ignoresCase: ignoresCase)
    try text.withUTF8 { bytes in
      try pattern.forEachMatch(in: bytes) { match in
        found.append(String(decoding: bytes[match.range], as: UTF8.self))
        return true
      }
    }
    return found
  }

  @Test(
    "matches are those of Python's re.findall",
    arguments: [
      ("[0-9]+", "a1b22c333", ["1", "22", "333"]), ("a*", "baac", ["", "aa", "", ""]),
      ("", "ab", ["", "", ""]), ("", "", [""]), ("x", "", []), ("^.", "αβ", ["α"]),
      ("(?m)^.", "ab\ncd", ["a", "c"]), ("\\b\\w", "uno δύο", ["u", "δ"]), ("\\d", "a٣", ["٣"]),
      ("(?<=a)b|$", "abab", ["b", "b", ""]), ("(?s)a.b", "a\nb", ["a\nb"]),
    ])
  func findAll(pattern: String, text: String, expected: [String]) throws {
    #expect(try all(pattern, text) == expected)
  }

  @Test("capitals and small letters are alike if asked for, of other alphabets too")
  func cases() throws {
    #expect(try all("ÄB", "äb äB", ignoresCase: true) == ["äb", "äB"])
    #expect(try all("ÄB", "äb").isEmpty)
  }

  @Test("a match far from the start is found whatever is between, and characters stay whole")
  func windows() throws {
    for gap in [62, 63, 64, 65, 66, 127, 128, 129, 1000] {
      for filling in ["-", "é", "日", "🐦"] {
        let text = String(repeating: filling, count: gap) + "ab" + filling
        #expect(try all("ab.", text) == ["ab" + filling])
        #expect(try all(".", text).count == gap + 3)
        #expect(try all("(?<=\(filling))a", text) == ["a"])
      }
    }
  }

  @Test("groups with and without names, and those that took no part")
  func groups() throws {
    let pattern = try Pattern("(?<year>\\d{4})-(\\d\\d)|(?<word>[a-z]+)")
    #expect(pattern.names.map(\.name) == ["year", "word"])
    #expect(pattern.names.map(\.group) == [0, 2])
    var (text, groups) = ("2016-04 by", [[Range<Int>?]]())
    try text.withUTF8 { bytes in
      try pattern.forEachMatch(in: bytes) { match in
        groups.append(match.groups)
        return true
      }
    }
    #expect(groups == [[0..<4, 5..<7, nil], [nil, nil, 8..<10]])
  }

  @Test(
    "an invalid pattern is an error with its place",
    arguments: [
      ("a(b", 3, "missing closing parenthesis"), ("é[z-a]", 4, "range out of order"),
      ("*", 0, "quantifier does not follow"), ("(?<a>x)(?<a>y)", 12, "two named subpatterns"),
      ("\\C", 2, "\\C"),
    ])
  func invalid(pattern: String, place: Int, reason: String) throws {
    let failure = #expect(throws: Failure.self) { try Pattern(pattern) }
    #expect(failure?.kind == "regular-expression")
    #expect(
      failure?.message.hasPrefix("the pattern \"\(pattern)\" is not valid at position \(place): ")
        == true, "\(failure?.message ?? "")")
    #expect(failure?.message.contains(reason) == true, "\(failure?.message ?? "")")
  }

  @Test("a pattern that can match in too many ways is an error, soon")
  func backtracking() throws {
    let text = String(repeating: "a", count: 40) + "!"
    let start = ContinuousClock.now
    for pattern in ["(a+)+$", "(a|aa)+$", "^(([a-z])+.)+[A-Z]", "(x+x+)+y|(a+)*$"] {
      let failure = #expect(throws: Failure.self) { try all(pattern, text) }
      #expect(failure?.message.contains("takes too long") == true)
    }
    #expect(try all("(?>a+)+b", text).isEmpty)
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test("a request to stop is answered within a long search")
  func stops() throws {
    let context = RunContext()
    context.interrupt.request()
    #expect(throws: Interrupted.self) {
      try context.run { _ = try all("b", String(repeating: "a", count: 1 << 16)) }
    }
  }
}
