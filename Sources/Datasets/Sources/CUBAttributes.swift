import Host
import Synchronization
import Tensors

/// The attributes of CUB's images: whether annotators saw each of them (a hooked bill, white wings). The
/// list has a line for each image and attribute, 3.7 million in all, so it is read when first asked for.
///
/// The host is used under the lock of the table only.
final class CUBAttributes: @unchecked Sendable {
  private let path: String
  private let images: [Int: Int]
  private let host: Host
  private let table = Mutex<Tensor?>(nil)

  /// The attributes of a data set's images, or nil if its folder has none.
  init?(_ root: String, _ images: NumberedList, _ host: Host) {
    path = root + "/attributes/image_attribute_labels.txt"
    guard host.kind(of: path) == .file else { return nil }
    self.images = Dictionary(
      images.rows.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.host = host
  }

  /// A row for each image: 1 for an attribute that it has, else 0; float32 [images, attributes].
  /// Throws `layout` and the host's errors.
  func tensor() throws -> Tensor {
    try table.withLock { table in
      if let table { return table }
      let read = try read()
      table = read
      return read
    }
  }

  private func read() throws -> Tensor {
    var entries: [(image: Int, attribute: Int, isPresent: Bool)] = []
    var scanner = Scanner(bytes: try host.read(path))
    while scanner.position < scanner.bytes.count {
      if scanner.line.isMultiple(of: 1 << 16) { try Interrupt.check() }
      if scanner.isAtEnd {
        scanner.skipLine()
        continue
      }
      // Certainty and time follow, in a few lines of the published file more than that.
      guard let id = scanner.whole(), let attribute = scanner.whole(), let flag = scanner.whole(),
        attribute > 0, attribute <= 1 << 16, flag <= 1
      else {
        throw failure(scanner.line, "a line must be \"image attribute 1 or 0 ...\"")
      }
      guard let image = images[id] else {
        throw failure(scanner.line, "image \(id) is not in images.txt")
      }
      entries.append((image, attribute - 1, flag == 1))
      scanner.skipLine()
    }
    let width = 1 + (entries.lazy.map(\.attribute).max() ?? -1)
    guard entries.count == images.count * width else {
      throw Failure(
        "layout",
        "cub: \(path) has \(entries.count) lines, but there are \(images.count) images with \(width) "
          + "attributes each",
        hint: "unpack CUB_200_2011.tgz again, or remove \(path)")
    }
    var table = [Float](repeating: 0, count: images.count * width)
    for entry in entries where entry.isPresent { table[entry.image * width + entry.attribute] = 1 }
    return try Tensor(table, shape: [images.count, width])
  }

  private func failure(_ line: Int, _ what: String) -> Failure {
    Failure("layout", "cub: \(path), line \(line): \(what)")
  }

  /// Reads whole numbers from the beginning of lines.
  private struct Scanner {
    let bytes: [UInt8]
    var position = 0
    var line = 1

    /// Whether nothing follows in the line.
    var isAtEnd: Bool {
      position == bytes.count || bytes[position] == 10 || bytes[position] == 13
    }

    /// Takes a whole number of at most nine digits and the space behind it; nil for another text.
    mutating func whole() -> Int? {
      let start = position
      var number = 0
      while position < bytes.count, position - start < 9 {
        let digit = bytes[position] &- 48
        guard digit < 10 else { break }
        number = number * 10 + Int(digit)
        position += 1
      }
      guard position > start, isAtEnd || bytes[position] == 32 else { return nil }
      if !isAtEnd { position += 1 }
      return number
    }

    /// Goes on to the next line.
    mutating func skipLine() {
      while position < bytes.count, bytes[position] != 10 { position += 1 }
      position += 1
      line += 1
    }
  }
}
