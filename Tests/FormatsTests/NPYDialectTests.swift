import Host
import Tensors
import Testing

@testable import Formats

/// Headers as NumPy's users and other programs write them. Reference/npy_dialects.py made the table by
/// numpy.load.
struct NPYDialectTests {
  private static let files: [(String, UInt8, String, [Int], [Double])] = [
    (
      #"{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }"#, 1, "3f000000c0000000", [2],
      [0.5, -2.0]
    ),
    (
      #"{'descr': '>f8', 'fortran_order': False, 'shape': (2,)}"#, 1,
      "3fe0000000000000c000000000000000", [2], [0.5, -2.0]
    ),
    (
      #"{'descr': '>f2', 'fortran_order': False, 'shape': (2,), }"#, 1, "3800c000", [2],
      [0.5, -2.0]
    ),
    (
      #"{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }"#, 1, "012cfffe", [2],
      [300.0, -2.0]
    ),
    (
      #"{'descr': '>u2', 'fortran_order': False, 'shape': (2,), }"#, 1, "012cffff", [2],
      [300.0, 65535.0]
    ),
    (
      #"{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }"#, 1, "00011170fffffffe", [2],
      [70000.0, -2.0]
    ),
    (
      #"{'descr': '>u4', 'fortran_order': False, 'shape': (2,), }"#, 1, "00011170ffffffff", [2],
      [70000.0, 4294967295.0]
    ),
    (
      #"{'descr': '>i8', 'fortran_order': False, 'shape': (2,), }"#, 1,
      "0000010000000000fffffffffffffffe", [2], [1099511627776.0, -2.0]
    ),
    (
      #"{'descr': '<u8', 'fortran_order': False, 'shape': (2,), }"#, 1,
      "00000000000020000100000000000000", [2], [9007199254740992.0, 1.0]
    ),
    (
      #"{'descr': '=f4', 'fortran_order': False, 'shape': (2,), }"#, 1, "0000003f000000c0", [2],
      [0.5, -2.0]
    ),
    (
      #"{'descr': '<u1', 'fortran_order': False, 'shape': (3L,), }"#, 1, "0102ff", [3],
      [1.0, 2.0, 255.0]
    ),
    (#"{'descr': '>u1', 'fortran_order': False, 'shape': (2,), }"#, 1, "01ff", [2], [1.0, 255.0]),
    (#"{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }"#, 1, "01ff", [2], [1.0, -1.0]),
    (#"{'descr': '<b1', 'fortran_order': False, 'shape': (2,), }"#, 1, "0100", [2], [1.0, 0.0]),
    (
      #"{'descr': 'f', 'fortran_order': False, 'shape': (2,), }"#, 1, "0000003f000000c0", [2],
      [0.5, -2.0]
    ),
    (
      #"{'descr': 'float64', 'fortran_order': False, 'shape': (2,), }"#, 1,
      "000000000000e03f00000000000000c0", [2], [0.5, -2.0]
    ),
    (
      #"{"shape": (2, 1), "fortran_order": False, "descr": "<f4"}"#, 1, "0000003f000000c0", [2, 1],
      [0.5, -2.0]
    ),
    (
      #"{'shape':(2,2),'descr':'<i4','fortran_order':True}"#, 1, "01000000030000000200000004000000",
      [2, 2], [1.0, 2.0, 3.0, 4.0]
    ),
    (
      #"  {  'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 2 , ) }  "#, 1,
      "0000003f000000c0", [2], [0.5, -2.0]
    ),
    (
      #"{u'descr': u'<f4', u'fortran_order': False, u'shape': (2,), }"#, 1, "0000003f000000c0", [2],
      [0.5, -2.0]
    ),
    (#"{'descr': '<f4', 'fortran_order': False, 'shape': (), }"#, 1, "0000c03f", [], [1.5]),
    (#"{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }"#, 1, "", [0, 3], []),
    (
      #"{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }"#, 2, "3f000000c0000000", [2],
      [0.5, -2.0]
    ),
    (
      #"{'descr': '>f8', 'fortran_order': False, 'shape': (2,)}"#, 2,
      "3fe0000000000000c000000000000000", [2], [0.5, -2.0]
    ),
    (
      #"{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }"#, 3, "3f000000c0000000", [2],
      [0.5, -2.0]
    ),
    (
      #"{'descr': '>f8', 'fortran_order': False, 'shape': (2,)}"#, 3,
      "3fe0000000000000c000000000000000", [2], [0.5, -2.0]
    ),
  ]

  private func file(_ header: String, version: UInt8 = 1, _ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    let data = stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
    let length = header.utf8.count + 1
    let size: [UInt8] =
      [UInt8(length & 255), UInt8(length >> 8)] + (version == 1 ? [] : [0, 0])
    return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, version, 0] + size + Array(header.utf8) + [10]
      + data
  }

  private func plain(_ descr: String, _ shape: String, _ hex: String, order: String = "False")
    -> [UInt8]
  {
    file("{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape), }", hex)
  }

  @Test func everyHeaderThatNumPyReads() throws {
    for (header, version, hex, shape, values) in NPYDialectTests.files {
      // Bytes behind the data are nobody's.
      let tensor = try NPY.decode(file(header, version: version, hex + "6d6f7265"), name: "x")
      #expect(tensor.shape == shape, "\(header)")
      let doubles: [Double] =
        switch tensor.dtype {
        case .bool: tensor.array(Bool.self).map { $0 ? 1 : 0 }
        case .uint8: tensor.array(UInt8.self).map { Double($0) }
        case .int32: tensor.array(Int32.self).map { Double($0) }
        case .float32: tensor.array(Float.self).map { Double($0) }
        case .float64: tensor.array(Double.self)
        }
      #expect(doubles == values, "\(header)")
    }
  }

  @Test func textsAreLists() throws {
    // numpy.array([["é", "ab"], ["", "c"]]): UTF-32, filled up with zeros.
    let words = ["e9", "61", "00", "63"].map { "\($0)000000" }
    let hex =
      words[0] + "00000000" + words[1] + "62000000" + words[2] + "00000000" + words[3] + "00000000"
    guard case .texts(let texts, let shape) = try NPY.read(plain("<U2", "(2, 2)", hex), name: "x")
    else {
      Issue.record("no texts")
      return
    }
    #expect(texts == ["é", "ab", "", "c"] && shape == [2, 2])
    guard
      case .texts(let turned, _) = try NPY.read(
        plain("|S2", "(2, 2)", "6100626363006400", order: "True"), name: "x")
    else {
      Issue.record("no texts")
      return
    }
    #expect(turned == ["a", "c", "bc", "d"])
  }

  @Test func whatNothingHoldsIsNamed() {
    func message(_ bytes: [UInt8]) -> String? {
      let error = #expect(throws: Failure.self) { try NPY.read(bytes, name: "x") }
      return error?.kind == "element-type" ? error?.message : nil
    }
    #expect(
      message(plain("<u8", "(1,)", "ffffffffffffffff"))
        == "read: x holds 18446744073709551615, which neither int32 nor float64 holds exactly")
    #expect(
      message(plain("<c8", "(1,)", "")) == "read: x holds complex numbers (<c8), which are not read"
    )
    #expect(message(plain("<M8[ns]", "(1,)", ""))?.contains("dates") == true)
    #expect(message(plain("|O", "(1,)", ""))?.contains("objects") == true)
    #expect(message(plain("<f16", "(1,)", ""))?.contains("long double") == true)
    let fields = "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (2,), }"
    #expect(message(file(fields, ""))?.contains("several fields") == true)
    #expect(message(plain("|S1", "(1,)", "ff"))?.contains("not text") == true)
  }
}
