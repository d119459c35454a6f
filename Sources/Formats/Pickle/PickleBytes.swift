import Host

/// Reads a file from front to back, through a small window.
final class PickleBytes {
  private let file: any OpenFile
  private let name: String
  private var window: [UInt8] = []
  private var next = 0
  /// The position of the window's end in the file.
  private var end = 0

  /// Creates a reader; `name` is used in error messages.
  init(_ file: any OpenFile, name: String) { (self.file, self.name) = (file, name) }

  /// The position of the next byte.
  var position: Int { end - (window.count - next) }

  /// An error that says what is wrong with the pickle.
  func damaged(_ what: String) -> Failure {
    Failure("file-format", "\(name) is damaged: its pickle \(what)")
  }

  func byte() throws -> UInt8 {
    if next == window.count {
      window = try file.bytes(at: end, count: 1 << 16)
      end += window.count
      next = 0
      guard !window.isEmpty else { throw damaged("ends too early") }
    }
    defer { next += 1 }
    return window[next]
  }

  func bytes(_ count: Int) throws -> [UInt8] {
    guard count >= 0, count <= file.size - position else { throw damaged("ends too early") }
    if count <= window.count - next {
      defer { next += count }
      return Array(window[next..<next + count])
    }
    let start = position
    (window, next, end) = ([], 0, start + count)
    return try file.bytes(at: start, count: count)
  }

  /// Passes over bytes, which must be there.
  func skip(_ count: Int) throws {
    guard count >= 0, count <= file.size - position else { throw damaged("ends too early") }
    if count <= window.count - next {
      next += count
    } else {
      (window, next, end) = ([], 0, position + count)
    }
  }

  /// A number of up to 8 bytes in little-endian order, without a sign.
  func whole(_ size: Int) throws -> Int {
    var value: UInt64 = 0
    for i in 0..<size { value |= UInt64(try byte()) << UInt64(8 * i) }
    guard let whole = Int(exactly: value) else { throw damaged("has a length of \(value)") }
    return whole
  }

  func text(_ count: Int) throws -> String {
    // Python writes halves of surrogate pairs, which no string here has; they become �.
    String(decoding: try bytes(count), as: UTF8.self)
  }

  /// The text up to the end of the line.
  func line() throws -> String {
    var line: [UInt8] = []
    while case let byte = try byte(), byte != UInt8(ascii: "\n") {
      line.append(byte)
      guard line.count <= 1000 else { throw damaged("has a name that does not end") }
    }
    return String(decoding: line, as: UTF8.self)
  }
}
