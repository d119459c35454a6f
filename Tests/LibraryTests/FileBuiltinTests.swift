import Language
import Testing

@testable import Library

/// `read` and `write`, by ending.
struct FileBuiltinTests {
  @Test(
    "what is written is read back",
    arguments: [
      ("{a: [1, 2.5, -3e-7], b: {c: nil, d: true}, e: \"tab\\t, quote \\\" and λ\"}", "json"),
      ("[[1, 2], []]", "json"), ("\"text of\\ntwo lines\"", "txt"),
    ])
  func roundTrip(code: String, ending: String) throws {
    let session = TestSession()
    let value = try session.run(
      "let x = \(code)\nwrite(x, \"f.\(ending)\")\nread(\"f.\(ending)\") == x")
    #expect(value.printed == "true")
  }

  @Test func tensorsKeepShapeAndType() throws {
    let session = TestSession()
    let shown = try session.run(
      """
      write(tensor([[1, 2, 3]], dtype: "int32"), "x.npy")
      let y = read("x.npy")
      [y.shape, y.dtype, y[0, 2].item()]
      """)
    #expect(shown.printed == "[[1, 3], \"int32\", 3]")
  }

  @Test func imagesAreFloatsOfTheirChannels() throws {
    let session = TestSession()
    let shown = try session.run(
      """
      write_png(ones(3, 4, 5) * 0.2, "grey.png")
      let x = zeros(3, 2, 2)
      x[0] = 1
      write(x, "red.png")
      [read("grey.png").shape, read("red.png").shape, read("red.png")[0, 0, 0].item()]
      """)
    #expect(shown.printed == "[[1, 4, 5], [3, 2, 2], 1]")
  }

  @Test func tablesAreCSV() throws {
    let session = TestSession()
    let shown = try session.run(
      """
      write(table([{name: "a,b", x: 1.25}, {name: "say \\"hi\\"", x: nil}]), "t.csv")
      read("t.csv")
      """)
    #expect(shown.printed == #"[{name: "a,b", x: 1.25}, {name: "say \"hi\"", x: nil}]"#)
  }

  @Test(
    "bad files are one error that names the file and the line",
    arguments: [
      ("bad.json", "{\\\"a\\\": 1,\\n x}", "bad.json is no JSON: a name is wanted in line 2"),
      ("bad.json", "[1, 2", "a comma or ] is wanted in line 1"),
      ("bad.json", "{\\\"a\\\": 1,\\n\\n\\\"a\\\": 2}", "\"a\" stands twice in line 3"),
      ("bad.csv", "a,b\\n1,2,3\\n", "bad.csv:2: 3 cells, and 2 columns"),
    ])
  func bad(name: String, text: String, words: String) throws {
    let session = TestSession()
    let written = try session.run("write(\"\(text)\", \"bad.txt\")\nread(\"bad.txt\")")
    try session.host.write(Array(written.printed.utf8), to: name)
    let found = session.error("read(\"\(name)\")")
    #expect(found.hasPart(words), "\(found)")
  }

  @Test func unknownEndingsAndWrongValuesAreErrors() throws {
    let session = TestSession()
    #expect(session.error("write(1, \"x.doc\")").hasPart("no format is known"))
    #expect(session.error("write(1, \"x.png\")").hasPart("a figure or an image"))
    #expect(session.error("write(print, \"x.json\")").hasPart("JSON has no function"))
    #expect(
      session.error("let a = []\na.append(a)\nwrite(a, \"x.json\")").hasPart("contains itself"))
    #expect(session.error("write_png(zeros(3, 4, 4), \"none/x.png\")").hasPart("there is no"))
    #expect(session.error("read(\"x.svg\")").hasPart("only written"))
  }
}
