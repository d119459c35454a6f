import Host
import Tensors
import Testing

@testable import Formats

/// MATLAB files of version 5 that SciPy does not write, put together element by element.
struct MATElementTests {
  private static func word(_ x: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: x >> (8 * $0)) }
  }
  private static func element(_ kind: Int, _ data: [UInt8]) -> [UInt8] {
    word(kind) + word(data.count) + data + [UInt8](repeating: 0, count: (8 - data.count % 8) % 8)
  }
  private static func name(_ text: String, kind: Int = 1) -> [UInt8] {
    element(kind, Array(text.utf8))
  }
  private static func flags(_ kind: Int) -> [UInt8] { element(6, word(kind) + word(0)) }
  private static func shape(_ rows: Int, _ columns: Int, kind: Int = 5) -> [UInt8] {
    element(kind, word(rows) + word(columns))
  }
  private static func matrix(_ parts: [UInt8]...) -> [UInt8] { element(14, parts.flatMap { $0 }) }
  private static func number(_ x: UInt8, _ label: String = "") -> [UInt8] {
    matrix(flags(6), shape(1, 1), name(label), element(2, [x]))
  }
  private static func object(_ label: String, of kind: String) -> [UInt8] {
    matrix(flags(17), name(label), name("MCOS"), name(kind), number(1))
  }
  private static func function(_ label: String) -> [UInt8] {
    matrix(flags(16), shape(1, 1), name(label), number(1))
  }
  private static func structs(_ label: String, _ fields: [(String, [UInt8])]) -> [UInt8] {
    let names = fields.flatMap { name, _ in
      Array(name.utf8) + [UInt8](repeating: 0, count: 16 - name.utf8.count)
    }
    return matrix(
      flags(2), shape(1, 1), name(label), element(5, word(16)), element(1, names),
      fields.flatMap { $0.1 })
  }

  private func file(_ variables: [UInt8]...) throws -> MATFile {
    try MATFile(
      Array("MATLAB 5.0 MAT-file".utf8) + [UInt8](repeating: 32, count: 105) + [0, 1, 0x49, 0x4D]
        + variables.flatMap { $0 }, name: "a.mat")
  }
  private func message(_ variables: [UInt8]...) -> String? {
    #expect(throws: Failure.self) { try file(variables.flatMap { $0 }) }?.message
  }

  @Test func anObjectCostsOnlyItsField() throws {
    let file = try file(
      MATElementTests.structs(
        "net",
        [
          ("layers", MATElementTests.number(3)), ("f", MATElementTests.function("")),
          ("class", MATElementTests.object("", of: "gpuArray")),
          ("size", MATElementTests.number(4)),
        ]), MATElementTests.object("t", of: "table"), MATElementTests.number(5, "x"))
    guard case .structs(let net) = try file.variable("net") else {
      Issue.record("no struct")
      return
    }
    #expect(net["layers"]?.first?.number == 3 && net["size"]?.first?.number == 4)
    #expect(net["f"]?.first?.kind == "a function")
    #expect(net["class"]?.first?.kind == "an object of class gpuArray")
    #expect(try file.variable("x").number == 5)
    #expect(file.leftOut.map(\.name) == ["t"])
    #expect(file.leftOut.map(\.kind) == ["an object of class table"])
  }

  @Test func namesAndDimensionsMayHaveOtherTypes() throws {
    let file = try file(
      MATElementTests.matrix(
        MATElementTests.flags(6), MATElementTests.shape(1, 2, kind: 6),
        MATElementTests.name("size", kind: 16), MATElementTests.element(3, [255, 255, 2, 0])))
    guard case .numbers(let numbers) = try file.variable("size") else {
      Issue.record("no numbers")
      return
    }
    #expect(numbers.type == .float64)
    let tensor = try numbers.tensor(what: "mat")
    #expect(tensor.dtype == .float64 && tensor.doubles == [-1, 2] && tensor.shape == [1, 2])
    #expect(
      message(
        MATElementTests.matrix(
          MATElementTests.flags(6), MATElementTests.shape(-1, 1, kind: 6),
          MATElementTests.name("x"), MATElementTests.element(2, [])))
        == "mat: a.mat is damaged: a dimension is out of range")
    #expect(
      message(
        MATElementTests.matrix(
          MATElementTests.flags(6), MATElementTests.shape(1, 1),
          MATElementTests.name("ä", kind: 16),
          MATElementTests.element(2, [1])))
        == "mat: a.mat is damaged: a matrix has no name")
  }

  @Test func aTextWithoutDataConsistsOfSpaces() throws {
    func text(_ rows: Int, _ columns: Int, _ data: [UInt8]...) -> [UInt8] {
      MATElementTests.matrix(
        MATElementTests.flags(4), MATElementTests.shape(rows, columns), MATElementTests.name("t"),
        data.flatMap { $0 })
    }
    #expect(try file(text(1, 1, MATElementTests.element(4, []))).variable("t").text == " ")
    #expect(try file(text(1, 1)).variable("t").text == " ")
    #expect(try file(text(1, 0, MATElementTests.element(16, []))).variable("t").text == "")
    #expect(try file(text(0, 1 << 30)).variable("t").text == "")
    let utf32 = MATElementTests.element(18, [0x41, 0, 0, 0, 0x00, 0xF6, 1, 0])
    #expect(try file(text(1, 2, utf32)).variable("t").text == "A😀")
    #expect(
      message(text(1, 1 << 30, MATElementTests.element(4, [])))
        == "mat: a.mat is damaged: a text of 1073741824 characters holds none")
  }

  @Test func theWorkspaceOfFunctionsIsNoVariable() throws {
    let file = try file(MATElementTests.function("f"), MATElementTests.number(7))
    #expect(file.variables.isEmpty && file.leftOut.map(\.name) == ["f"])
  }

  @Test func fieldsOfOneNameAreKept() throws {
    let file = try file(
      MATElementTests.structs(
        "s", [("a", MATElementTests.number(1)), ("a", MATElementTests.number(2))]))
    guard case .structs(let structs) = try file.variable("s") else {
      Issue.record("no struct")
      return
    }
    #expect(structs.fields == ["a", "_1_a"] && structs["_1_a"]?.first?.number == 2)
  }
}
