import Host

/// The elements of a MATLAB file of version 5, or of a part of it, one after the other. An element
/// is a type, a size and as many bytes.
struct MATElements {
  /// What has not been read yet.
  private(set) var rest: ArraySlice<UInt8>
  let isBigEndian: Bool
  /// The file's name, for error messages.
  let file: String

  init(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool, file: String) {
    (rest, self.isBigEndian, self.file) = (bytes, isBigEndian, file)
  }

  /// The elements inside one of these.
  func inside(_ data: ArraySlice<UInt8>) -> MATElements {
    MATElements(data, isBigEndian: isBigEndian, file: file)
  }

  /// The types of elements that are not numbers.
  enum Kind {
    static let int8 = 1
    static let uint8 = 2
    static let int32 = 5
    static let uint32 = 6
    static let matrix = 14
    static let compressed = 15
    static let utf8 = 16
    static let utf16 = 17
    static let utf32 = 18
  }

  /// The number of `size` bytes at a position. It must be inside the bytes.
  func word(_ bytes: ArraySlice<UInt8>, _ position: Int, size: Int = 4) -> Int {
    let start = bytes.startIndex + position * size
    let word = bytes[start..<start + size]
    return isBigEndian
      ? word.reduce(0) { $0 << 8 | Int($1) } : word.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Returns the next element of the file itself, which is not padded.
  mutating func nextVariable() throws -> (kind: Int, data: ArraySlice<UInt8>) {
    guard rest.count >= 8 else { throw truncated("it ends in a variable's tag") }
    let (kind, size) = (word(rest, 0), word(rest, 1))
    rest = rest.dropFirst(8)
    guard size <= rest.count else {
      throw truncated("a variable lacks \(size - rest.count) bytes")
    }
    defer { rest = rest.dropFirst(size) }
    return (kind, rest.prefix(size))
  }

  /// Returns the next element inside a matrix, which is padded to 8 bytes.
  mutating func next() throws -> (kind: Int, data: ArraySlice<UInt8>) {
    guard rest.count >= 8 else { throw damaged("an element's tag is missing") }
    let first = word(rest, 0)
    // Up to four bytes are stored in the tag itself; the upper half of its first word is then their
    // count.
    if first >> 16 != 0 {
      guard first >> 16 <= 4 else { throw damaged("a short element has \(first >> 16) bytes") }
      defer { rest = rest.dropFirst(8) }
      return (first & 0xFFFF, rest.dropFirst(4).prefix(first >> 16))
    }
    let size = word(rest, 1)
    rest = rest.dropFirst(8)
    guard size <= rest.count else {
      throw damaged("an element declares \(size) bytes, \(rest.count) are there")
    }
    defer { rest = rest.dropFirst((size + 7) / 8 * 8) }
    return (first, rest.prefix(size))
  }

  /// Returns the next element, which must be a name of ASCII characters, of a variable or a class.
  mutating func nextName() throws -> String {
    let (kind, data) = try next()
    guard [Kind.int8, Kind.uint8, Kind.utf8].contains(kind), data.allSatisfy({ $0 < 128 }) else {
      throw damaged("a matrix has no name")
    }
    return String(decoding: data.prefix { $0 != 0 }, as: UTF8.self)
  }

  func damaged(_ what: String) -> Failure {
    Failure("mat-format", "mat: \(file) is damaged: \(what)")
  }
  func truncated(_ what: String) -> Failure {
    Failure("mat-truncated", "mat: \(file) is cut short: \(what)")
  }
}
