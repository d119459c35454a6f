/// What a rank says of the call it is at, before its own bytes.
struct Header: Equatable {
  /// The number of the call.
  let number: Int
  /// A size that must be the same on all ranks, in bytes.
  let size: Int
  /// The name of what is called.
  let name: String
  /// The place in the script.
  let place: String

  /// The bytes of a header.
  static let size = 256
  /// The bytes of its text.
  private static let room = size - 16

  /// Makes a header. The text of a name or place is cut to what fits.
  init(number: Int, size: Int, name: String, place: String) {
    (self.number, self.size) = (number, size)
    self.name = String(name.prefix(60))
    self.place = String(place.suffix(60))
  }

  /// Reads the header of a message; nil if it is too short.
  init?(_ message: [UInt8]) {
    guard message.count >= Header.size else { return nil }
    let numbers = message.withUnsafeBytes {
      ($0.loadUnaligned(as: Int64.self), $0.loadUnaligned(fromByteOffset: 8, as: Int64.self))
    }
    let words = String(decoding: message[16..<Header.size], as: UTF8.self)
      .split(separator: "\0", omittingEmptySubsequences: false)
    guard words.count > 1 else { return nil }
    (number, size) = (Int(numbers.0), Int(numbers.1))
    (name, place) = (String(words[0]), String(words[1]))
  }

  /// The bytes, as many as `size`.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for number in [number, size] {
      withUnsafeBytes(of: Int64(number)) { bytes.append(contentsOf: $0) }
    }
    let text = Array("\(name)\0\(place)\0".utf8.prefix(Header.room))
    return bytes + text + [UInt8](repeating: 0, count: Header.room - text.count)
  }

  /// The call in a message: `all_sum of 4000 bytes in x.lbk:7 (call 12)`.
  var text: String {
    name + (size > 0 ? " of \(size) bytes" : "") + (place.isEmpty ? "" : " in \(place)")
      + " (call \(number))"
  }
}
