import Host
import Tensors
import Testing

@testable import Formats

/// MATLAB files of version 4, made by the format's description; SciPy's savemat(format="4") writes the same.
struct MATVersion4Tests {
  private func words(_ numbers: [Int], _ size: Int, isBig: Bool) -> [UInt8] {
    numbers.flatMap { x in
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: x >> (8 * $0)) }
      return isBig ? bytes.reversed() : bytes
    }
  }

  private func matrix(
    _ name: String, _ type: Int, _ rows: Int, _ columns: Int, isComplex: Bool = false,
    _ data: [UInt8]
  ) -> [UInt8] {
    let isBig = type >= 1000
    return words([type, rows, columns, isComplex ? 1 : 0, name.utf8.count + 1], 4, isBig: isBig)
      + Array(name.utf8) + [0] + data
  }

  private func doubles(_ numbers: [Double], isBig: Bool = false) -> [UInt8] {
    words(numbers.map { Int(bitPattern: UInt($0.bitPattern)) }, 8, isBig: isBig)
  }

  @Test func matricesOfEveryKindAreRead() throws {
    let bytes =
      matrix("A", 0, 2, 2, doubles([1, 2, 0.5, -4]))
      + matrix("b", 1030, 1, 2, words([-2, 300], 2, isBig: true))
      + matrix("u", 50, 1, 3, [7, 8, 255]) + matrix("t", 51, 2, 2, Array("acbd".utf8))
      + matrix("z", 0, 1, 1, isComplex: true, doubles([1, 2]))
      + matrix("B", 1000, 1, 1, doubles([3.5], isBig: true))
    let file = try MATFile(bytes, name: "v4.mat")
    #expect(file.variables.map(\.name) == ["A", "b", "u", "t", "B"])
    guard case .numbers(let a) = try file.variable("A"),
      case .numbers(let b) = try file.variable("b")
    else {
      Issue.record("no matrices")
      return
    }
    #expect(try a.tensor(what: "mat").doubles == [1, 0.5, 2, -4])
    #expect(try b.type == .int16 && b.tensor(what: "mat").doubles == [-2, 300])
    #expect(try file.variable("t").text == "ab\ncd" && file.variable("B").number == 3.5)
    #expect(file.leftOut.map(\.kind) == ["a complex matrix"])
  }

  @Test func everyCutIsAnError() throws {
    let bytes = matrix("A", 0, 2, 2, doubles([1, 2, 3, 4]))
    for count in 1..<bytes.count {
      #expect(throws: Failure.self) { try MATFile(Array(bytes[..<count]), name: "a") }
    }
    let huge = words([0, 1 << 30, 1 << 30, 0, 2], 4, isBig: false) + [65, 0]
    #expect(throws: Failure.self) { try MATFile(huge, name: "a") }
  }

  @Test func octavesOwnFormatIsNamed() {
    let error = #expect(throws: Failure.self) {
      try MATFile(
        Array("# Created by Octave 7.3.0\n# name: x\n# type: scalar\n1\n".utf8), name: "x.mat")
    }
    #expect(error?.message == "mat: x.mat is in a format of Octave's own, which is not read")
    #expect(error?.hint?.contains("save -v7") == true)
  }
}
