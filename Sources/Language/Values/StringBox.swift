/// A string, boxed to keep `Value` small.
public final class StringBox {
  /// The text.
  public let text: String
  private var knownCount = -1
  private let counted: Int

  /// Makes a string.
  public init(_ text: String) {
    self.text = text
    // Short texts are inside the box.
    let bytes = text.utf8.count
    counted = bytes > 15 ? 112 &+ bytes : 64
    ContainerMemory.add(counted)
  }

  deinit { ContainerMemory.remove(counted) }

  /// How many Unicode scalars it has; counted once.
  public var count: Int {
    if knownCount < 0 { knownCount = text.unicodeScalars.count }
    return knownCount
  }

  /// Whether every scalar is one byte, so that positions need no walk.
  var isASCII: Bool { count == text.utf8.count }

  /// The position of a scalar, which must lie within 0...count.
  func index(_ position: Int) -> String.Index {
    isASCII
      ? text.utf8.index(text.utf8.startIndex, offsetBy: position)
      : text.unicodeScalars.index(text.unicodeScalars.startIndex, offsetBy: position)
  }

  /// A stretch of scalars, whose ends must lie within 0...count.
  func slice(_ low: Int, _ high: Int) -> String {
    low >= high ? "" : String(text.unicodeScalars[index(low)..<index(high)])
  }

  /// The scalars at some positions, which must lie within 0..<count.
  func picking(_ positions: RangePositions) -> String {
    if positions.step == 1 { return slice(positions.first, positions.first + positions.count) }
    let scalars = Array(text.unicodeScalars)
    return String(String.UnicodeScalarView(positions.map { scalars[$0] }))
  }
}

/// Comparing text by Unicode scalar.
enum Text {
  /// Whether two strings have the same scalars. Swift's own `==` would also join composed and
  /// decomposed forms.
  @inline(__always)
  static func isEqual(_ a: String, _ b: String) -> Bool {
    // SAFETY: a string is 16 bytes of plain bits; equal bits are the same text, and nothing is
    // concluded from unequal ones.
    let (x, y) = (
      unsafeBitCast(a, to: (UInt64, UInt64).self), unsafeBitCast(b, to: (UInt64, UInt64).self)
    )
    return x == y || areBytesEqual(a, b)
  }

  @inline(never)
  private static func areBytesEqual(_ a: String, _ b: String) -> Bool {
    a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8)
  }

  /// Whether the scalars of `a` come before those of `b`: UTF-8 sorts as its scalars do.
  static func isLess(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }
}

extension Text {
  /// Where a text begins inside another, in bytes, from a byte on.
  static func find(_ part: String, in text: String, from start: Int = 0) -> Int? {
    var part = part
    var text = text
    return text.withUTF8 { text in
      part.withUTF8 { part in
        if part.isEmpty { return start <= text.count ? start : nil }
        guard text.count >= part.count else { return nil }
        var i = start
        while i <= text.count - part.count {
          if text[i] == part[0], text[i..<i + part.count].elementsEqual(part) { return i }
          i += 1
        }
        return nil
      }
    }
  }
}
