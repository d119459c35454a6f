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
      ("bad.json", "{\\\"a\\\": 1,\\n x}", "bad.json is not JSON: expected a name in line 2"),
      ("bad.json", "[1, 2", "expected a comma or ] in line 1"),
      ("bad.json", "{\\\"a\\\": 1,\\n\\n\\\"a\\\": 2}", "\"a\" occurs twice in line 3"),
      ("bad.csv", "a,b\\n1,2,3\\n", "bad.csv:2: 3 cells, and 2 columns"),
    ])
  func bad(name: String, text: String, words: String) throws {
    let session = TestSession()
    let written = try session.run("write(\"\(text)\", \"bad.txt\")\nread(\"bad.txt\")")
    try session.host.write(Array(written.printed.utf8), to: name)
    let found = session.error("read(\"\(name)\")")
    #expect(found.hasPart(words), "\(found)")
  }

  @Test(arguments: ["npz", "safetensors"])
  func mapsOfTensorsKeepNamesShapesAndTypes(_ ending: String) throws {
    let session = TestSession()
    let shown = try session.run(
      """
      let x = {w: randn(2, 3), ("a.b/c é"): tensor([1, 2], dtype: "int32"), n: 4, e: zeros(0, 2)}
      write(x, "x.\(ending)")
      let y = read("x.\(ending)")
      [keys(y), all(y.w == x.w), y["a.b/c é"].dtype, y.n.shape, y.e.shape]
      """)
    #expect(
      shown.printed == #"[["w", "a.b/c é", "n", "e"], true, "int32", [], [0, 2]]"#)
    #expect(
      session.error("write(zeros(2), \"x.\(ending)\")").hasPart("a map from names to tensors"))
    #expect(session.error("write({a: \"b\"}, \"x.\(ending)\")").hasPart("write: a: a tensor is"))
  }

  @Test func matricesCellsAndStructsOfMATLABAreValues() throws {
    let data =
      #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
      + "/FormatsTests/Data"
    let session = TestSession()
    try session.run("let m = read(\"\(data)/numbers-packed.mat\")")
    #expect(session.host.reported.hasSuffix("sparse is a sparse matrix, which is not read\n"))
    for (code, shown) in [
      ("[m.uint8.dtype, m.int16.dtype, m.float64.dtype]", #"["uint8", "int32", "float64"]"#),
      ("[m.int64[1, 0].item(), m.int64[0, 2].item()]", "[4, 3]"),
      ("[m.cube.shape, m.cube[1, 2, 3].item(), m.cube[0, 0, 1].item()]", "[[2, 3, 4], 23, 1]"),
      ("[m.word, m.words]", #"["Kööpenhamina", "one\ntwo"]"#),
      ("m.nothing.shape", "[0, 3]"),
    ] {
      #expect(try session.run("let m = read(\"\(data)/numbers.mat\")\n" + code).printed == shown)
    }
    // A row of three cells, each a struct.
    let code = """
      let truth = read("\(data)/truth.mat").groundTruth
      [len(truth), keys(truth[2]), truth[2].Segmentation.shape, truth[2].Segmentation[1, 2].item()]
      """
    #expect(try session.run(code).printed == #"[3, ["Segmentation", "Boundaries"], [4, 5], 1]"#)
    #expect(session.error("write({a: 1}, \"a.mat\")").hasPart("write: .mat files are only read"))
    try session.host.write(Array("<!DOCTYPE html>".utf8), to: "page.mat")
    #expect(session.error("read(\"page.mat\")").hasPart("mat: page.mat is a web page"))
  }

  @Test func jpegsAreWrittenAndFormatsNamed() throws {
    let session = TestSession()
    let shown = try session.run(
      """
      write(ones(3, 8, 9) * 0.5, "x.jpg")
      write(ones(3, 8, 9) * 0.5, "x.dat", format: "jpg")
      let x = read("x.jpg")
      [x.shape, abs(x - 0.5).max() < 0.01, all(read("x.dat", format: "jpeg") == x)]
      """)
    #expect(shown.printed == "[[3, 8, 9], true, true]")
    #expect(session.error("write(zeros(4), \"x.jpg\")").hasPart("jpeg: an image must be [1, h, w]"))
    #expect(session.error("read(\"x.dat\")").hasPart("or name it: read(..., format: \"npy\")"))
  }

  @Test func rowsAreWrittenAsTheyAreRead() throws {
    let session = TestSession()
    let shown = try session.run(
      """
      write([{a: 1, b: "x"}, {b: "y", c: 2.5}], "t.csv")
      let rows = read("t.csv")
      write(rows, "u.csv")
      [rows, read("u.csv") == rows]
      """)
    #expect(
      shown.printed
        == #"[[{a: 1, b: "x", c: nil}, {a: nil, b: "y", c: 2.5}], true]"#)
    #expect(session.error("write([1, 2], \"t.csv\")").hasPart("a list of maps or lists"))
  }

  @Test func unknownEndingsAndWrongValuesAreErrors() throws {
    let session = TestSession()
    #expect(session.error("write(1, \"x.doc\")").hasPart("no format is known"))
    #expect(session.error("write(1, \"x.png\")").hasPart("a figure or an image"))
    #expect(session.error("write(print, \"x.json\")").hasPart("JSON has no function"))
    #expect(
      session.error("let a = []\na.append(a)\nwrite(a, \"x.json\")").hasPart("contains itself"))
    #expect(
      session.error("write_png(zeros(3, 4, 4), \"none/x.png\")").hasPart("/none does not exist"))
    #expect(session.error("read(\"x.svg\")").hasPart("only written"))
  }
}
