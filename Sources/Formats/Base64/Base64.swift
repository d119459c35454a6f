/// Bytes as text of 64 characters (RFC 4648).
public enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Returns the text of bytes, in one line.
  public static func text(of bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var group = (value: 0, count: 0)
    func take() {
      let value = group.value << (8 * (3 - group.count))
      for i in 0..<4 {
        text.append(i <= group.count ? digits[value >> (18 - 6 * i) & 63] : UInt8(ascii: "="))
      }
      group = (0, 0)
    }
    for byte in bytes {
      group = (group.value << 8 | Int(byte), group.count + 1)
      if group.count == 3 { take() }
    }
    if group.count > 0 { take() }
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns the bytes of a text, in which white space does not count; nil if it is not such a text.
  public static func bytes(of text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (value, count, padding) = (0, 0, 0)
    for byte in text.utf8 where !(9...13).contains(byte) && byte != 32 {
      if byte == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let digit = digit(byte) else { return nil }
      (value, count) = (value << 6 | digit, count + 1)
      if count % 4 == 0 {
        for shift in [16, 8, 0] { bytes.append(UInt8(value >> shift & 255)) }
        value = 0
      }
    }
    switch (count % 4, padding) {
    case (0, 0): break
    case (2, 2): bytes.append(UInt8(value >> 4 & 255))
    case (3, 1): for shift in [10, 2] { bytes.append(UInt8(value >> shift & 255)) }
    default: return nil
    }
    return bytes
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
