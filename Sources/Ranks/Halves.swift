import CVectors

extension Coding {
  /// Numbers of 16 bits, scaled by the power of two that brings the largest to 2^14 ... 2^15: none overflows, and those
  /// down to 2^-28 of the largest keep 11 bits. The inverse of the scale comes first; it is NaN if a number is not finite.
  static let halves = Coding(
    bytes: { 4 + 2 * $0 },
    encode: { numbers, bytes, count in
      let numbers = numbers.assumingMemoryBound(to: Float.self)
      let largest = limbeck_largest_bits(numbers, count)
      let isFinite = largest < 0x7F80_0000
      // The scale and its inverse stay normal numbers.
      let exponent = largest == 0 || !isFinite ? 14 : max(-100, Int(largest >> 23) - 127)
      let scale = Float(sign: .plus, exponent: 14 - exponent, significand: 1)
      bytes.storeBytes(of: isFinite ? 1 / scale : .nan, as: Float.self)
      limbeck_to_halves(numbers, count, scale, bytes + 4)
    },
    decode: { bytes, numbers, count in
      let inverse = bytes.loadUnaligned(as: Float.self)
      limbeck_from_halves(
        bytes + 4, count, inverse, numbers.assumingMemoryBound(to: Float.self))
      return !inverse.isNaN
    },
    areFinite: { numbers, count in
      limbeck_largest_bits(numbers.assumingMemoryBound(to: Float.self), count) < 0x7F80_0000
    })
}
