import Host
import Tensors
import Testing

@testable import Formats

/// Numbers as files store them, in either order of bytes.
struct ElementTypeTests {
  private func tensor(_ type: ElementType, _ bytes: [UInt8], isBigEndian: Bool = false) throws
    -> Tensor
  {
    try bytes.withUnsafeBytes {
      try type.tensor(
        $0, shape: [bytes.count / type.size], isBigEndian: isBigEndian, what: "read: a")
    }
  }

  /// NumPy's and PyTorch's bytes of 1, and of -2 where the type has it.
  private static let cases: [(ElementType, [UInt8], DType, [Double])] = [
    (.bool, [1, 0, 7], .bool, [1, 0, 1]),
    (.uint8, [1, 255], .uint8, [1, 255]),
    (.int8, [1, 0xFE], .int32, [1, -2]),
    (.uint16, [1, 0, 0xFF, 0xFF], .int32, [1, 65535]),
    (.int16, [1, 0, 0xFE, 0xFF], .int32, [1, -2]),
    (.uint32, [1, 0, 0, 0], .int32, [1]),
    (.uint32, [0xFF, 0xFF, 0xFF, 0xFF], .float64, [4_294_967_295]),
    (.int32, [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF], .int32, [1, -2]),
    (.int64, [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .int32, [-2]),
    (.uint64, [0, 0, 0, 0, 1, 0, 0, 0], .float64, [4_294_967_296]),
    (.float8_e4m3, [0x38, 0xC0, 0x01], .float32, [1, -2, 0x1p-9]),
    (.float8_e5m2, [0x3C, 0xC0], .float32, [1, -2]),
    (.float16, [0, 0x3C, 0, 0xC0], .float32, [1, -2]),
    (.bfloat16, [0x80, 0x3F, 0, 0xC0], .float32, [1, -2]),
    (.float32, [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], .float32, [1, -2]),
    (.float64, [0, 0, 0, 0, 0, 0, 0, 0xC0], .float64, [-2]),
  ]

  @Test(arguments: cases.indices) func everyTypeIsReadInBothOrders(_ i: Int) throws {
    let (type, bytes, dtype, numbers) = Self.cases[i]
    let turned = stride(from: 0, to: bytes.count, by: type.size).flatMap {
      bytes[$0..<$0 + type.size].reversed()
    }
    for found in [try tensor(type, bytes), try tensor(type, turned, isBigEndian: true)] {
      #expect(found.dtype == dtype && found.doubles == numbers)
    }
  }

  @Test func anIntegerThatNothingHoldsIsAnError() {
    let error = #expect(throws: Failure.self) {
      try tensor(.int64, [1, 0, 0, 0, 0, 0, 0x20, 0])
    }
    #expect(error?.kind == "element-type")
    #expect(
      error?.message
        == "read: a holds 9007199254740993, which neither int32 nor float64 holds exactly")
  }

  @Test func sizesThatOverflowAreNone() {
    #expect(DeclaredSize.product([2, 3], elementSize: 4) == 24)
    #expect(DeclaredSize.product([1 << 40, 1 << 40]) == nil)
    #expect(DeclaredSize.product([0, 1 << 40, 1 << 40], elementSize: 8) == 0)
  }
}
