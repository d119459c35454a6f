import Host
import Tensors
import TestSupport
import Testing

@testable import Formats

/// The constants are printed by Reference/npy.py.
@Suite struct NPYTests {
  private func file(_ descr: String, _ shape: String, _ hex: String, fortran: String = "False")
    -> [UInt8]
  {
    let header = "{'descr': '\(descr)', 'fortran_order': \(fortran), 'shape': \(shape), }"
    let padded = header + String(repeating: " ", count: 0x76 - header.utf8.count - 1) + "\n"
    let digits = Array(hex.utf8)
    let data = stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
    return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 0x76, 0] + Array(padded.utf8) + data
  }

  @Test("a tensor is written byte for byte as NumPy writes it")
  func encode() throws {
    let tensor = try Tensor([Float](arrayLiteral: 1.5, -2, 0, 3, 4, .infinity), shape: [2, 3])
    let expected = file("<f4", "(2, 3)", "0000c03f000000c00000000000004040000080400000807f")
    #expect(NPY.encode(tensor) == expected)
    #expect(NPY.encode(try Tensor(scalar: true)) == file("|b1", "()", "01"))
  }

  @Test("every type comes back", arguments: DType.allCases)
  func roundTrip(dtype: DType) throws {
    var tensor = try Tensor(zeros: [3, 2], dtype)
    if dtype == .float64 { try tensor.write(Double.self) { $0[3] = 0.1 } }
    let back = try NPY.decode(NPY.encode(tensor), name: "x.npy")
    #expect(back.dtype == dtype && back.shape == [3, 2])
    #expect(back.readBytes(Array.init) == tensor.readBytes(Array.init))
  }

  @Test("types that tensors do not have are read as the next that holds them")
  func widened() throws {
    let long = try NPY.decode(
      file("<i8", "(3,)", "0100000000000000feffffffffffffffffffff7f00000000"), name: "x")
    #expect(long.array(Int32.self) == [1, -2, .max])
    let columns = try NPY.decode(file("|u1", "(2, 3)", "010203040506", fortran: "True"), name: "x")
    #expect(columns.shape == [2, 3] && columns.array(UInt8.self) == [1, 3, 5, 2, 4, 6])
    let half = try NPY.decode(file("<f2", "(4,)", "0038fffb0100007c"), name: "x")
    #expect(half.array(Float.self) == [0.5, -65504, 0x1p-24, .infinity])
    let short = try NPY.decode(file("<u2", "(1,)", "ffff"), name: "x")
    #expect(short.array(Int32.self) == [65535])
  }

  @Test("bad files are one clear error, whatever size they claim")
  func bad() throws {
    func kind(_ bytes: [UInt8]) -> String? {
      do {
        _ = try NPY.decode(bytes, name: "x.npy")
        return nil
      } catch { return (error as? Failure)?.kind }
    }
    let whole = file("<f4", "(2,)", "0000000000000000")
    for count in 0..<whole.count {
      let found = kind(Array(whole[..<count]))
      #expect(found == "npy-truncated" || found == "npy-format", "\(count)")
    }
    #expect(kind(whole) == nil)
    #expect(kind(file("<f4", "(1000000000000,)", "")) == "npy-truncated")
    #expect(kind(file("<f4", "(9223372036854775807, 9)", "")) == "npy-truncated")
    #expect(kind(file("<f4", "(-1,)", "")) == "npy-format")
    #expect(kind(file("<c8", "(1,)", "00")) == "element-type")
    #expect(kind(file("<i8", "(1,)", "01000000ffffff7f")) == "element-type")
    #expect(kind(file("<x4", "(1,)", "00000000")) == "npy-format")
  }

  @Test func damagedFilesAreErrorsOrArrays() throws {
    let files = [
      file("<f4", "(2,)", "0000000000000000"),
      file("|u1", "(2, 3)", "010203040506", fortran: "True"),
      file("<i8", "(1,)", "0100000000000000"), file("<U2", "(1,)", "6100000062000000"),
    ]
    try Fuzz.run("npy", files, rounds: 400) { _ = try NPY.read($0, name: "x") }
    let archives = try ["stored.npz", "packed.npz"].map { try Files.read($0) }
    try Fuzz.run("npz", archives, rounds: 400) { _ = try NPZ(decoding: $0, name: "x") }
  }
}
