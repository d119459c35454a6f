import Host
import Tensors
import TestSupport
import Testing

@testable import Formats

/// MATLAB files of version 7.3, which Reference/mats73.py wrote.
struct MATVersion73Tests {
  private func doubles(_ file: MATFile, _ name: String) throws -> [Double]? {
    guard case .numbers(let numbers) = try file.variable(name) else { return nil }
    return try numbers.tensor(what: "mat").doubles
  }

  @Test func numbersOfEveryKindAreRead() throws {
    let file = try MATFile(Files.read("numbers73.mat"), name: "n.mat")
    for kind in [
      "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "single", "double",
    ] {
      #expect(try doubles(file, kind) == [1, 2, 3, 4, 5, 100], "\(kind)")
    }
    #expect(try doubles(file, "plain") == (0..<120).map(Double.init))
    #expect(try doubles(file, "packed") == (0..<120).map(Double.init))
    #expect(try doubles(file, "logical") == [1, 0])
    #expect(try doubles(file, "nothing") == [])
    #expect(try file.variable("word").text == "Kööpenhamina")
    #expect(try file.variable("words").text == "one\ntwo" && file.variable("no_text").text == "")
    #expect(
      file.leftOut.map { "\($0) \($1)" } == [
        "complex a complex matrix",
        "foreign an HDF5 data set without a MATLAB class, written by another program",
        "function a function",
      ])
  }

  @Test func structsAndCellsAreRead() throws {
    let file = try MATFile(Files.read("structs73.mat"), name: "s.mat")
    guard case .structs(let one) = try file.variable("one"),
      case .structs(let many) = try file.variable("many"),
      case .cells(let cell) = try file.variable("cell"),
      case .structs(let none) = try file.variable("none")
    else {
      Issue.record("no structs")
      return
    }
    #expect(one.fields == ["z", "a", "object"] && one["z"]?.first?.number == 1.5)
    #expect(one["object"]?.first?.kind == "an object of class gpuArray")
    #expect(many.shape == [1, 3] && many.count == 3)
    #expect(many["name"]?.map(\.text) == ["n0", "n1", "n2"])
    #expect(many["value"]?.map(\.number) == [0, 1, 2])
    #expect(cell.shape == [1, 2] && cell.values[0].text == "n2" && cell.values[1].number == 1)
    #expect(none.count == 0 && file.variables.count == 4)
  }

  @Test(arguments: ["numbers73.mat", "structs73.mat"])
  func everyCutIsAnError(_ name: String) throws {
    let bytes = try Files.read(name)
    for count in stride(from: 1, to: bytes.count, by: 7) {
      #expect(throws: Failure.self) { try MATFile(Array(bytes[..<count]), name: "a") }
    }
  }

  @Test(arguments: ["numbers73.mat", "structs73.mat"])
  func damagedFilesAreErrorsOrValues(_ name: String) throws {
    try Fuzz.run(name, [Files.read(name)], rounds: 1000) { _ = try MATFile($0, name: "a.mat") }
  }
}
