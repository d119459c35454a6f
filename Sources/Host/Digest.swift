/// The only digest in the project, with 128 bits: two independent 64-bit hashes of a stream of
/// numbers, used to identify data by its content. It does not resist deliberately constructed
/// collisions.
public struct Digest: Hashable, Sendable {
  private var a: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var b: UInt64 = 0xC2B2_AE3D_27D4_EB4F

  /// Creates the digest of empty input.
  public init() {}

  /// Adds a number.
  public mutating func add(_ x: UInt64) {
    a = (a ^ x) &* 0xFF51_AFD7_ED55_8CCD
    a ^= a >> 32
    b = (b &+ x) &* 0xC4CE_B9FE_1A85_EC53
    b ^= b >> 29
  }

  /// Adds another digest.
  public mutating func add(_ digest: Digest) {
    add(digest.a)
    add(digest.b)
  }

  /// Adds a string with its length.
  public mutating func add(_ text: String) {
    for byte in text.utf8 { add(UInt64(byte)) }
    add(UInt64(text.utf8.count))
  }

  /// Adds the stamp that identifies a version of a file; nil is a distinct value.
  public mutating func add(_ stamp: FileStamp?) {
    add(stamp == nil ? 0 : 1)
    guard let stamp else { return }
    add(UInt64(truncatingIfNeeded: stamp.size))
    add(UInt64(truncatingIfNeeded: stamp.modified))
    add(stamp.number)
  }

  /// Adds bytes; the caller has to add their number.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    let words = bytes.count / 8
    for i in 0..<words { add(bytes.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self)) }
    for byte in bytes[(words * 8)...] { add(UInt64(byte)) }
  }

  /// The 128 bits as two words.
  public var words: (UInt64, UInt64) { (a, b) }

  /// The 128 bits as 32 hexadecimal digits.
  public var text: String { Digest.hexadecimal(a) + Digest.hexadecimal(b) }

  /// Whether a string has the form of `text`.
  public static func isText(_ text: String) -> Bool {
    text.utf8.count == 32 && text.allSatisfy { $0.isHexDigit && !$0.isUppercase }
  }

  private static func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
