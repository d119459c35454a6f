/// Comparison and search of text by Unicode scalar.
enum Scalars {
  /// Whether two strings have the same scalars. Swift's own `==` would also equate composed and
  /// decomposed forms.
  @inline(__always)
  static func isEqual(_ a: String, _ b: String) -> Bool {
    // SAFETY: a string is 16 bytes of plain bits; equal bits are the same text, and nothing is
    // concluded from unequal ones.
    let (x, y) = (
      unsafeBitCast(a, to: (UInt64, UInt64).self), unsafeBitCast(b, to: (UInt64, UInt64).self)
    )
    return x == y || a.utf8.count == b.utf8.count && areBytesEqual(a, b)
  }

  @inline(never)
  private static func areBytesEqual(_ a: String, _ b: String) -> Bool {
    a.utf8.elementsEqual(b.utf8)
  }

  /// Whether the scalars of `a` sort before those of `b`. UTF-8 sorts in the order of its scalars.
  static func isLess(_ a: String, _ b: String) -> Bool {
    var (a, b) = (a, b)
    return a.withUTF8 { a in
      b.withUTF8 { b in
        for i in 0..<min(a.count, b.count) where a[i] != b[i] { return a[i] < b[i] }
        return a.count < b.count
      }
    }
  }

  /// The byte offset of a text inside another, searching from a byte offset on.
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
