import Host

/// The numbers of a PyTorch file's storages, by key.
protocol PyTorchRecords: AnyObject {
  /// Whether the numbers are in big-endian order.
  var isBigEndian: Bool { get }
  /// The number of bytes of a storage; nil if the file does not have it.
  func size(_ key: String) -> Int?
  /// Calls `body` with the function that gives the bytes of a storage in order, as
  /// `ZipArchive.read` does; all of them are to be read.
  func read<Result>(
    _ key: String, _ body: ((UnsafeMutableRawBufferPointer) throws -> Void) throws -> Result
  ) throws -> Result
}

/// The layout since PyTorch 1.6: a zip archive with the pickle, and a file for each storage.
final class PyTorchZip: PyTorchRecords {
  let objects: PickleObjects
  let isBigEndian: Bool
  private let archive: ZipArchive
  private let entries: [String: ZipArchive.Entry]
  /// The archive's only folder, with a slash.
  private let folder: String

  /// Returns nil for an archive that has no pickle.
  init?(_ file: any OpenFile, name: String) throws {
    let archive = try ZipArchive(file, name: name)
    var entries: [String: ZipArchive.Entry] = [:]
    for entry in archive.entries where entries.updateValue(entry, forKey: entry.name) != nil {
      throw Failure("file-format", "\(name) is damaged: it has two files \(entry.name)")
    }
    let pickle = archive.entries.filter {
      $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl")
    }.min { $0.name.utf8.count < $1.name.utf8.count }
    guard let pickle else { return nil }
    let folder = String(pickle.name.dropLast("data.pkl".count))
    if entries[folder + "constants.pkl"] != nil {
      throw Failure(
        "unsafe-pickle", "\(name) is a TorchScript program, and not just weights",
        hint: """
          in Python: torch.save(torch.jit.load("x.pt").state_dict(), "weights.pth")
          """)
    }
    let order = try entries[folder + "byteorder"].map { try archive.bytes($0) }
    isBigEndian = order == Array("big".utf8)
    let bytes = PickleBytes(FileInMemory(try archive.bytes(pickle)), name: name)
    objects = try Unpickler.objects(in: bytes, name: name)
    (self.archive, self.entries, self.folder) = (archive, entries, folder)
  }

  private func entry(_ key: String) -> ZipArchive.Entry? { entries["\(folder)data/\(key)"] }

  func size(_ key: String) -> Int? { entry(key)?.size }

  func read<Result>(
    _ key: String, _ body: ((UnsafeMutableRawBufferPointer) throws -> Void) throws -> Result
  ) throws -> Result {
    guard let entry = entry(key) else {
      throw Failure("file-format", "a storage \"\(key)\" is not there")
    }
    return try archive.read(entry, body)
  }
}

/// The layout before PyTorch 1.6: pickles of a magic number, a version, the writer's byte order and
/// the value, then one of the storages' keys, and behind it each storage with the number of its
/// elements before it.
final class PyTorchLegacy: PyTorchRecords {
  let objects: PickleObjects
  let isBigEndian: Bool
  private let file: any OpenFile
  private var ranges: [String: Range<Int>] = [:]

  init(_ file: any OpenFile, name: String) throws {
    self.file = file
    let bytes = PickleBytes(file, name: name)
    func value() throws -> PickleObjects { try Unpickler.objects(in: bytes, name: name) }
    _ = try value()
    guard case .integer(1001) = try value().root else {
      throw Failure("file-format", "\(name) is a PyTorch file of an unknown version")
    }
    let system = try value()
    var isBigEndian = false
    for case (.string("little_endian"), .bool(false)) in system.entries(system.root) ?? [] {
      isBigEndian = true
    }
    self.isBigEndian = isBigEndian
    objects = try value()
    let keys = try value()
    let storages = Dictionary(objects.storages.map { ($0.key, $0) }) { a, _ in a }
    for key in keys.elements(keys.root) ?? [] {
      guard case .string(let key) = key, let storage = storages[key],
        let size = ElementType.torchSize(storage.type)
      else { throw bytes.damaged("lists a storage that it does not use") }
      let digits = try bytes.bytes(8)
      let count = (isBigEndian ? digits : digits.reversed()).reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      let start = bytes.position
      guard count == UInt64(storage.count), storage.count <= (file.size - start) / size else {
        throw Failure(
          "file-format",
          "\(name) is damaged: a storage should have \(storage.count) numbers, and the file has \(count) "
            + "of them or ends")
      }
      ranges[key] = start..<start + storage.count * size
      try bytes.skip(storage.count * size)
    }
  }

  func size(_ key: String) -> Int? { ranges[key]?.count }

  func read<Result>(
    _ key: String, _ body: ((UnsafeMutableRawBufferPointer) throws -> Void) throws -> Result
  ) throws -> Result {
    guard let range = ranges[key] else {
      throw Failure("file-format", "a storage \"\(key)\" is not there")
    }
    var position = range.lowerBound
    return try body { room in
      try self.file.readInParallel(at: position, into: room)
      position += room.count
    }
  }
}
