import Host
import Synchronization
import Tensors

/// The attributes of CUB's images: whether annotators saw each of them (a hooked bill, white wings). The
/// list has a line for each image and attribute, 3.7 million in all, so it is read when first asked for.
final class CUBAttributes: Sendable {
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
    var line = 0
    for raw in try host.read(path).split(separator: 10, omittingEmptySubsequences: false) {
      line += 1
      if line.isMultiple(of: 1 << 16) { try Interrupt.check() }
      guard !raw.isEmpty else { continue }
      // Certainty and time follow, in a few lines of the published file more than that.
      let numbers = raw.split(separator: 32, maxSplits: 3).prefix(3).map(CUBAttributes.whole)
      guard numbers.count == 3, let id = numbers[0], let attribute = numbers[1],
        let flag = numbers[2], attribute > 0, attribute <= 1 << 16, flag <= 1
      else {
        throw failure(line, "a line must be \"image attribute 1 or 0 ...\"")
      }
      guard let image = images[id] else {
        throw failure(line, "there is no image \(id) in images.txt")
      }
      entries.append((image, attribute - 1, flag == 1))
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

  /// A whole number of at most nine digits; nil for other texts.
  private static func whole(_ digits: ArraySlice<UInt8>) -> Int? {
    let digits = digits.last == 13 ? digits.dropLast() : digits
    guard (1...9).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
  }
}
