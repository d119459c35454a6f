import Formats
import Testing

/// YAML of notebooks' headers.
@Suite struct YAMLTests {
  private func json(_ text: String) -> String? {
    YAML.parse(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))?.text
  }

  @Test(
    "maps, lists, words and texts are read as PyYAML reads them",
    arguments: [
      (
        "a: 1\nb: true\nc: null\nd: 1.19.6\ne:", #"{"a":1,"b":true,"c":null,"d":"1.19.6","e":null}"#
      ),
      (
        "- a\n- - b\n  - c\n-\n  d: 1\n- e: 2\n  f:\n  - 3",
        #"["a",["b","c"],{"d":1},{"e":2,"f":[3]}]"#
      ),
      ("a: [x, 'y, z', {b: 1, \"c\": [2]}]\nd: {}", #"{"a":["x","y, z",{"b":1,"c":[2]}],"d":{}}"#),
      (
        "a: one\n  two\n\n  three # four\nb: 'it''s\n  long'",
        #"{"a":"one two\nthree","b":"it's long"}"#
      ),
      ("a: \"x\\\n  y\\n\\xe9\\u20AC\\ud83d\\ude00\"", #"{"a":"xy\né€😀"}"#),
      ("a: |\n  x\n   y\n\n  z\n\nb: >-\n  p\n  q", #"{"a":"x\n y\n\nz\n","b":"p q"}"#),
      (
        "# c\na: b#c # d\n\n'k k': http://x:1\n\"q\": a:b",
        #"{"a":"b#c","k k":"http://x:1","q":"a:b"}"#
      ),
      ("a: [1,\n  2]\n", #"{"a":[1,2]}"#),
    ])
  func reading(_ text: String, _ expected: String) {
    #expect(json(text) == expected)
  }

  @Test(
    "what is not read gives nothing",
    arguments: [
      "a: &x 1", "a: *x", "a: !!int 3", "a: [1", "a: \"b", "a: b: c", "a: 1\n b: 2", "a: 'b' c",
      "- a\nb: 1",
      "a: - b", "", "a: |12\n  x", "a: " + String(repeating: "[", count: 100_000),
      String(repeating: "- ", count: 100_000),
    ])
  func refusing(_ text: String) {
    #expect(json(text) == nil)
  }

  @Test("what is written is read as the same value")
  func writing() throws {
    let texts = [
      "", " x", "x ", "a: b", "a #b", "- a", "-", "it's", "x\ny", "\"q\"", "yes", "Null", "~", "1",
      "1.5", "0x1F",
      "2026-11-30", "12:30", "[a]", "{", "a,b", "é", "\t", "y", "x:", "#", "&a", "%", "1e3",
      "ab\\c",
    ]
    let value = JSON.object([
      ("texts", .array(texts.map { .string($0) })),
      ("map", .object(texts.map { ($0, .string($0)) })),
      ("deep", .array([.array([.object([("a", .array([]))]), .array([.null])]), .object([])])),
      ("numbers", .array([.number(1), .number(-2.5), .number(1e300)])),
    ])
    #expect(YAML.parse(YAML.lines(value)) == value)
  }
}
