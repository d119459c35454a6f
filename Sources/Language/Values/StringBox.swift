/// A string, boxed to keep `Value` small.
public final class StringBox {
  private enum Content {
    case text(String)
    /// The first bytes of a buffer, which other strings may share.
    case joined(TextBuffer)
  }

  private var content: Content
  /// The number of bytes in UTF-8.
  let byteCount: Int
  private var knownCount = -1
  private var knownHash: UInt64 = 0

  /// Makes a string.
  public init(_ text: String) {
    content = .text(text)
    byteCount = text.utf8.count
    ContainerMemory.add(counted)
  }

  /// Makes a string of bytes in UTF-8.
  convenience init(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    var words: (UInt64, UInt64) = (0, 0)
    guard bytes.count < 16 else {
      self.init(String(decoding: bytes, as: UTF8.self))
      if !bytes.contains(where: { $0 >= 0x80 }) { knownCount = bytes.count }
      return
    }
    withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: UnsafeRawBufferPointer(bytes)) }
    guard (words.0 | words.1) & 0x8080_8080_8080_8080 == 0 else {
      self.init(String(decoding: bytes, as: UTF8.self))
      return
    }
    words.1 |= UInt64(0xE0 + bytes.count) << 56
    // SAFETY: the bits of a short ASCII text, as the loop in C knows them (`is_short`) and a test has them.
    self.init(unsafeBitCast(words, to: String.self))
  }

  private init(_ buffer: TextBuffer, _ bytes: Int) {
    content = .joined(buffer)
    byteCount = bytes
    ContainerMemory.add(counted)
  }

  /// The bytes that are counted; short texts are stored inside the box.
  var counted: Int {
    if case .text = content, byteCount > 15 { 112 &+ byteCount } else { 64 }
  }

  deinit { ContainerMemory.remove(counted) }

  /// The text. That of a joined string is made when it is first asked for.
  public var text: String {
    if case .text(let text) = content { return text }
    return made()
  }

  @inline(never)
  private func made() -> String {
    guard case .joined(let buffer) = content else { return text }
    let text = String(decoding: buffer.bytes(byteCount), as: UTF8.self)
    ContainerMemory.remove(counted)
    content = .text(text)
    ContainerMemory.add(counted)
    return text
  }

  // MARK: Joining

  /// From this number of bytes on, a sum of strings is appended to the bytes of its left side, so that
  /// a loop that adds to a string does not copy it each time.
  private static let long = 128

  /// The string that consists of this one and another.
  func joined(with other: StringBox) -> StringBox {
    let bytes = byteCount &+ other.byteCount
    guard bytes >= StringBox.long else { return StringBox(text + other.text) }
    let buffer: TextBuffer
    if case .joined(let own) = content, own.count == byteCount {
      buffer = own
    } else {
      buffer = TextBuffer(bytes)
      buffer.append(self)
    }
    buffer.append(other)
    let result = StringBox(buffer, bytes)
    if knownCount >= 0, other.byteCount < StringBox.long || other.knownCount >= 0 {
      result.knownCount = knownCount &+ other.count
    }
    return result
  }

  /// Calls a function with the bytes.
  public func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    switch content {
    case .text(var text): try text.withUTF8(body)
    case .joined(let buffer): try body(buffer.bytes(byteCount))
    }
  }

  // MARK: Scalars

  /// The number of Unicode scalars; computed once.
  public var count: Int {
    if knownCount < 0 {
      // Each scalar has one byte that does not continue another.
      knownCount = withBytes { $0.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 &+ 1 } }
    }
    return knownCount
  }

  /// The hash of the text as a key, computed once.
  var hash: UInt64 {
    if knownHash == 0 { knownHash = withBytes(KeyHash.of) }
    return knownHash
  }

  /// Whether every scalar is one byte, so that positions are found without a scan.
  var isASCII: Bool { count == byteCount }

  /// The string index of a scalar's position, which must be within 0...count.
  func index(_ position: Int) -> String.Index {
    isASCII
      ? text.utf8.index(text.utf8.startIndex, offsetBy: position)
      : text.unicodeScalars.index(text.unicodeScalars.startIndex, offsetBy: position)
  }

  /// A substring by scalar positions, which must be within 0...count.
  func slice(_ low: Int, _ high: Int) -> StringBox {
    if low >= high { return StringBox("") }
    if isASCII {
      return withBytes { StringBox(utf8: UnsafeBufferPointer(rebasing: $0[low..<high])) }
    }
    return StringBox(String(text.unicodeScalars[index(low)..<index(high)]))
  }

  /// The scalars at some positions, which must be within 0..<count.
  func picking(_ positions: RangePositions) -> StringBox {
    if positions.step == 1 { return slice(positions.first, positions.first + positions.count) }
    let scalars = Array(text.unicodeScalars)
    return StringBox(String(String.UnicodeScalarView(positions.map { scalars[$0] })))
  }
}

/// The bytes of strings that were joined, of which each is a beginning.
private final class TextBuffer {
  private var storage: [UInt8] = []
  private var counted = 0

  /// Makes an empty buffer.
  init(_ capacity: Int) { storage.reserveCapacity(capacity) }

  deinit { ContainerMemory.remove(counted) }

  /// The number of bytes.
  var count: Int { storage.count }

  /// Appends the bytes of a string.
  func append(_ box: StringBox) {
    // A string that is added to itself is read while the buffer grows.
    let capacity = storage.capacity
    if storage.count + box.byteCount > capacity {
      storage.reserveCapacity(max(storage.count + box.byteCount, 2 * capacity))
    }
    box.withBytes { storage.append(contentsOf: $0) }
    ContainerMemory.add(storage.capacity &- counted)
    counted = storage.capacity
  }

  /// The first bytes.
  func bytes(_ count: Int) -> UnsafeBufferPointer<UInt8> {
    // SAFETY: an array of bytes is contiguous; callers use the bytes at once.
    storage.withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0[..<count]) }
  }
}
