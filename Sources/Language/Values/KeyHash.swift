/// Hashes of keys, valid within one run: multiplications of eight bytes at a time.
enum KeyHash {
  /// The hash of a number. The lowest bits of a whole one are its own.
  @inline(__always)
  static func of(_ x: Double) -> UInt64 {
    let hash = mix((x == 0 ? 0 : x.bitPattern) ^ 0x9E37_79B9_7F4A_7C15)
    guard x.magnitude < 2_251_799_813_685_248 else { return hash }
    return hash & 0xFFFF_FFFF_0000_0000 | UInt64(UInt32(truncatingIfNeeded: Int(x)))
  }

  /// The hash of a bool.
  static func of(_ x: Bool) -> UInt64 { mix(x ? 3 : 5) }

  /// The hash of a string's bytes.
  static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
    let raw = UnsafeRawBufferPointer(bytes)
    var i = 0
    while i + 8 <= raw.count {
      hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: i, as: UInt64.self))
      i += 8
    }
    var rest: UInt64 = 0
    while i < raw.count {
      rest = rest << 8 | UInt64(raw[i])
      i += 1
    }
    return mix(hash ^ rest)
  }

  /// The sum of both halves of a 128-bit product.
  @inline(__always)
  private static func mix(_ x: UInt64) -> UInt64 {
    let (high, low) = (x ^ 0xD6E8_FEB8_6659_FD93).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return high ^ low
  }
}
