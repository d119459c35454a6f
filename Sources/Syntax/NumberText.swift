import Glibc

/// Numbers as text, in Python's format.
public enum NumberText {
  /// Whole numbers below this are exact.
  public static let exactLimit = 9_007_199_254_740_992.0

  /// Python's `repr` without `.0`: the fewest digits that are read back as the same number.
  public static func repr(_ x: Double) -> String {
    if let whole = wholeNumber(x) { return x == 0 && x.sign == .minus ? "-0" : digits(whole) }
    if x.isNaN { return "nan" }
    let text = x.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The digits of a whole number, which are few enough to be kept within a string.
  private static func digits(_ whole: Int) -> String {
    guard whole.magnitude < 10_000_000_000_000 else { return String(whole) }
    return String(unsafeUninitializedCapacity: 15) { buffer in
      var rest = whole.magnitude
      var count = whole < 0 ? 2 : 1
      while rest >= 10 {
        rest /= 10
        count += 1
      }
      rest = whole.magnitude
      var i = count
      repeat {
        i -= 1
        buffer[i] = UInt8(48 + rest % 10)
        rest /= 10
      } while rest > 0
      if whole < 0 { buffer[0] = 45 }
      return count
    }
  }

  /// The number as an integer, if it is one that a double holds exactly.
  @inlinable @inline(__always)
  public static func wholeNumber(_ x: Double) -> Int? {
    guard x.magnitude < 2_251_799_813_685_248 else { return bigWhole(x) }
    // Added to 1.5 * 2^52, a number below 2^51 has its integer part in the lowest bits. This takes
    // half the time of a conversion that checks the range once more.
    let magic = 6_755_399_441_055_744.0
    let whole = Int(bitPattern: UInt((x + magic).bitPattern &- magic.bitPattern))
    return Double(whole) == x ? whole : nil
  }

  @inline(never)
  @usableFromInline
  static func bigWhole(_ x: Double) -> Int? {
    guard x.magnitude <= exactLimit else { return nil }
    let whole = Int(x)
    return Double(whole) == x ? whole : nil
  }

  /// The output of C's `printf` for one of `e f g`, with a precision of 0...500.
  public static func printf(
    _ x: Double, _ conversion: Character, precision: Int, alternate: Bool = false
  ) -> String {
    let format = "%\(alternate ? "#" : "").\(max(0, min(precision, 500)))\(conversion)"
    // The maximum: 309 digits before the decimal point and 500 after it.
    var buffer = [CChar](repeating: 0, count: 1024)
    let count = withVaList([x]) { vsnprintf(&buffer, buffer.count, format, $0) }
    return String(
      decoding: buffer.prefix(Int(max(0, count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
