import Host
import Images
import Synchronization
import Tensors

/// What happens with records whose image can't be read.
public enum Unreadable: String, CaseIterable, Sendable {
  /// It is an error when such a record is needed.
  case error
  /// They are left out: every image is read once when the data set is opened, so that the data set has
  /// the same records from then on.
  case skip
}

/// How image files are read.
public struct FileOptions: Sendable {
  /// What happens with unreadable files.
  public var unreadable = Unreadable.error
  /// How files are decoded.
  public var decoding: DecodeOptions
  /// Whether a JPEG may be decoded at a half, a quarter or an eighth of its size if the transforms
  /// begin by reducing it.
  public var isFast: Bool

  /// The hint for errors that `unreadable` can avoid.
  static let skipping =
    "unreadable: \"skip\" leaves such records out when the data set is opened"

  /// Makes options; the pixel limit is the environment's.
  public init(
    host: Host, unreadable: Unreadable = .error, isOriented: Bool = false, isFast: Bool = false
  ) throws {
    self.unreadable = unreadable
    self.isFast = isFast
    decoding = DecodeOptions(isOriented: isOriented, pixelLimit: try DecodeOptions.pixelLimit(host))
  }
}

/// The annotations of a list of image files.
struct FileRecords {
  /// Paths inside the root.
  var files: [String] = []
  /// One label per file.
  var labels: [Int32] = []
  /// The names of the classes, by label.
  var classes: [String] = []
  /// Whether the labels are known; if not, they are all 0.
  var isLabelled = true
  /// A box for each file that has one; or empty.
  var boxes: [Box?] = []
  /// Parts for each file, or empty.
  var parts: [[Part]] = []
  /// Reads a row of attributes for each file, float32 [files, attributes]; nil if there are none.
  var attributes: (() throws -> Tensor)?
  /// The errors of records that are left out because of them.
  private(set) var faults: [Int: String] = [:]

  /// Leaves the record out because of an error in its lines, if the options say so; otherwise
  /// throws the error.
  mutating func leaveOut(_ record: Int, for failure: Failure, _ options: FileOptions) throws {
    guard options.unreadable == .skip else { throw failure }
    if faults[record] == nil { faults[record] = failure.message }
  }

  /// Returns the result of `read`; passes its error to `leaveOut` and returns `other` instead.
  mutating func reading<T>(
    _ record: Int, _ options: FileOptions, else other: T, _ read: () throws -> T
  ) throws -> T {
    do {
      return try read()
    } catch let failure as Failure {
      try leaveOut(record, for: failure, options)
      return other
    }
  }

  /// Where a file is; a path may be absolute.
  static func path(_ file: String, in root: String) -> String {
    file.hasPrefix("/") ? file : root + "/" + file
  }

  /// A file's annotation.
  func annotation(_ record: Int) -> Annotation {
    Annotation(
      box: boxes.isEmpty ? nil : boxes[record], parts: parts.isEmpty ? [] : parts[record])
  }

  /// Checks that all files exist, unless unreadable ones are left out anyway: an archive may be
  /// partly unpacked. Throws `layout` with the hint.
  func checkFiles(
    _ root: String, _ operation: String, _ options: FileOptions, _ host: Host, hint: String
  ) throws {
    guard options.unreadable == .error else { return }
    let missing = files.filter { host.kind(of: FileRecords.path($0, in: root)) == nil }
    guard let first = missing.first else { return }
    throw Failure(
      "layout",
      "\(operation): \(missing.count) of \(files.count) images are missing from \(root); the first is "
        + first,
      hint: hint + ", or leave them out with unreadable: \"skip\"")
  }
}

/// Image files of a folder, read when their pixels are needed. Images have three channels: the
/// channel of a grey image is repeated.
final class FileSource: RecordSource {
  let title: String
  let identity: String
  let drawKey: String
  let isNumbered = false
  let contentKey: String
  let placeKey: String
  let imageShape: [Int]? = [3, -1, -1]
  let isResident = false
  private let records: FileRecords
  private let root: String
  private let options: FileOptions
  private let host: Host
  let notes: [String]

  private struct Findings {
    var warnings: Set<String> = []
    var skipped: [(record: Int, reason: String)] = []
  }
  private let findings = Mutex(Findings())
  /// The files as they were when the data set was opened.
  private let stamps: [FileStamp?]

  /// Makes the source of files inside `root`. `identity` and the files' names identify the records;
  /// with a `place`, those of another place are others. `notes` are shown by `describe`.
  init(
    _ records: FileRecords, root: String, title: String, identity: String, place: String?,
    options: FileOptions, notes: [String] = [], host: Host
  ) {
    self.records = records
    self.root = root
    self.title = title
    self.options = options
    self.notes = notes
    self.host = host
    var digest = Digest()
    for file in records.files { digest.add(file) }
    drawKey = identity + " \(digest.text)"
    self.identity = drawKey + (place.map { " of " + $0 } ?? "")
    for i in records.files.indices { digest.add(records.annotation(i)) }
    let reading = options.decoding.isOriented ? " oriented" : ""
    placeKey = "\(self.identity) in \(root) \(digest.text)\(reading)"
    stamps = FileSource.stamps(records.files.map { FileRecords.path($0, in: root) }, host)
    for stamp in stamps { digest.add(stamp) }
    contentKey = "\(self.identity) in \(root) \(digest.text)\(reading)"
  }

  private static func stamps(_ paths: [String], _ host: Host) -> [FileStamp?] {
    [FileStamp?](unsafeUninitializedCapacity: paths.count) { slots, count in
      if let base = slots.baseAddress {
        // SAFETY: each place is initialized by the one thread that has it in its range, before `parallel`
        // returns.
        nonisolated(unsafe) let unshared = base
        parallel(paths.count, grain: 256) { range in
          for i in range { (unshared + i).initialize(to: host.stamp(of: paths[i])) }
        }
      }
      count = paths.count
    }
  }

  /// Digests of files that have been read, by record.
  private let contents = Mutex<[Int: Digest]>([:])

  /// Reads a record's file, which must not have changed since the data set was opened: cached
  /// results were computed from that version. Throws `file-changed` and the host's errors.
  private func bytes(_ record: Int) throws -> [UInt8] {
    let bytes = try host.read(FileRecords.path(records.files[record], in: root))
    // This is checked after reading, so that a change in the meantime is noticed.
    try checkStamp(record)
    return bytes
  }

  private func checkStamp(_ record: Int) throws {
    let path = FileRecords.path(records.files[record], in: root)
    if let stamp = stamps[record], host.stamp(of: path) != stamp {
      throw Failure(
        "file-changed", "image: \(path) has changed since the data set was opened",
        hint: "open the data set again")
    }
  }

  var count: Int { records.files.count }
  var isFast: Bool { options.isFast }
  var classes: [String] { records.classes }
  var labels: [Int32] { records.labels }
  var isLabelled: Bool { records.isLabelled }
  func name(_ record: Int) -> String { records.files[record] }

  func content(_ record: Int) throws -> Digest {
    if let known = contents.withLock({ $0[record] }) {
      try checkStamp(record)
      return known
    }
    var digest = Digest()
    // The key includes how the bytes are decoded, and the box and the parts.
    digest.add(options.decoding.isOriented ? "oriented" : "as stored")
    let bytes = try self.bytes(record)
    digest.add(UInt64(bytes.count))
    bytes.withUnsafeBytes { digest.add($0) }
    digest.add(records.annotation(record))
    contents.withLock { $0[record] = digest }
    return digest
  }

  func annotation(_ record: Int) -> Annotation? { records.annotation(record) }
  func attributes() throws -> Tensor? { try records.attributes?() }

  func load(_ record: Int) throws -> Sample { try load(record, nil) }

  func load(_ record: Int, target: LoadTarget) throws -> Sample {
    guard target.isOfBox else {
      return try load(record, .size(height: target.height, width: target.width))
    }
    guard let box = records.annotation(record).box else { return try load(record, nil) }
    return try load(
      record, .share(max(Double(target.height) / box.height, Double(target.width) / box.width)))
  }

  private func load(_ record: Int, _ target: DecodeOptions.Target?) throws -> Sample {
    do {
      return try decode(record, target)
    } catch var failure as Failure {
      failure.message += " (record \(record) of \(title))"
      if failure.hint == nil, failure.kind.hasPrefix("image") || failure.kind.hasPrefix("file") {
        failure.hint = FileOptions.skipping
      }
      throw failure
    }
  }

  private func decode(_ record: Int, _ target: DecodeOptions.Target?) throws -> Sample {
    let path = FileRecords.path(records.files[record], in: root)
    var decoding = options.decoding
    decoding.target = target
    let decoded = try ImageFile.read(bytes(record), name: path, options: decoding) { warning in
      findings.withLock { _ = $0.warnings.insert(warning) }
    }
    let image = try Colour.rgb(decoded.image)
    let (width, height) = (Double(decoded.fullWidth), Double(decoded.fullHeight))
    let annotation = records.annotation(record)
    if let box = annotation.box,
      box.x >= width || box.y >= height || box.x + box.width <= 0
        || box.y + box.height <= 0
    {
      throw Failure(
        "box",
        "image: the box \(box.text) of \(path) is outside the image, which is "
          + "\(decoded.fullWidth) x \(decoded.fullHeight)")
    }
    let sample = Sample(image, box: annotation.box, parts: annotation.parts)
    if decoded.divisor == 1 { return sample }
    let scale = 1 / Double(decoded.divisor)
    return sample.moved(image) { $0.scaled(scale, scale) }
  }

  /// Makes a view of records, without the unreadable ones if the options say so.
  func view(_ numbers: [Int]) throws -> View {
    let whole = View(self)
    guard options.unreadable == .skip else { return whole.selecting(numbers) }
    var good: [Int] = []
    let part = 64
    for low in stride(from: 0, to: numbers.count, by: part) {
      try Interrupt.check()
      let some = numbers[low..<min(numbers.count, low + part)]
      let reasons = try parallelMap(some.count) { i -> String? in
        if let fault = records.faults[some[some.startIndex + i]] { return fault }
        // Decoding a JPEG at its smallest size still reads all of its data.
        do {
          _ = try decode(some[some.startIndex + i], .size(height: 1, width: 1))
          return nil
        } catch let failure as Failure {
          return failure.message
        }
      }
      for (record, reason) in zip(some, reasons) {
        if let reason {
          findings.withLock { $0.skipped.append((record: record, reason: reason)) }
        } else {
          good.append(record)
        }
      }
    }
    return whole.selecting(good)
  }

  var warnings: [String] { notes + findings.withLock { $0.warnings.sorted() } }
  var skipped: [(record: Int, reason: String)] { findings.withLock { $0.skipped } }
}
