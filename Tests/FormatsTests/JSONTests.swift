import Host
import TestSupport
import Testing

@testable import Formats

struct JSONTests {
  @Test("JSON is read strictly")
  func json() throws {
    let text = #"{"a":[1,-2.5e3,true,null,"ü\n\u00e9\ud83d\ude00"],"b":{}}"#
    let json = try JSON(parsing: text.utf8, what: "t")
    #expect(json.text == "{\"a\":[1,-2500,true,null,\"ü\\né😀\"],\"b\":{}}")
    let deep = String(repeating: "[", count: 100_000)
    for wrong in [
      "", "{", "[1,]", "01", "1 2", "\"a", "{\"a\":1,\"a\":2}", "tru", "\"\\ud83d\"",
      "\"\\ud800\\u0041\"", deep,
    ] {
      #expect(throws: Failure.self, "\(wrong.prefix(20))") {
        try JSON(parsing: wrong.utf8, what: "t")
      }
    }
  }

  @Test("indented JSON keeps lists of numbers on one line")
  func indentedJSON() throws {
    let text = #"{"a":[1,2],"b":[[-0.0],[]],"c":{}}"#
    let json = try JSON(parsing: text.utf8, what: "t")
    #expect(json.text == text)
    #expect(
      json.indentedText == """
        {
          "a": [1, 2],
          "b": [
            [-0.0],
            []
          ],
          "c": {}
        }
        """)
  }

  @Test func damagedTextsAreErrorsOrValues() throws {
    let text = #"{"a": [1, -2.5e3, true, null], "b\u00fc": {"c": "\ud83d\ude00 ü\n"}, "d": []}"#
    try Fuzz.run("json", [Array(text.utf8)], rounds: 1000) {
      _ = try JSON(parsing: $0, what: "t").text
    }
  }
}
