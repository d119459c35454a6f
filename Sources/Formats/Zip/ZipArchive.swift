import CZip
import Host

/// An open zip archive, whose files are read one at a time, with libzip.
final class ZipArchive {
  /// A file of the archive.
  struct Entry {
    let name: String
    /// The size of the unpacked file.
    let size: Int
    fileprivate let index: UInt64
    /// Whether the checksum was not computed, which is stored as 0.
    fileprivate let isUnchecked: Bool
  }

  /// The files, in the archive's order, as its directory describes them.
  let entries: [Entry]
  private let zip: ZipFunctions
  private let archive: OpaquePointer
  private let source: ZipSource
  private let name: String

  /// Opens an archive; `name` is used in error messages. Throws `zip-format`.
  init(_ file: any OpenFile, name: String) throws {
    func damaged(_ what: String) -> Failure { Failure("zip-format", "zip: \(name) \(what)") }
    // libzip accepts an empty file as an empty archive.
    if file.size == 0 { throw damaged("is empty, and no zip archive") }
    self.name = name
    let zip = try Zip.functions()
    self.zip = zip
    source = ZipSource(file, zip)
    var error = zip_error_t()
    zip.error_init(&error)
    defer { zip.error_fini(&error) }
    guard let opened = source.opened(&error) else {
      throw damaged("can't be read: \(zip.text(of: &error))")
    }
    guard let archive = zip.open_from_source(opened, ZIP_RDONLY | ZIP_CHECKCONS, &error) else {
      zip.source_free(opened)
      throw source.failure
        ?? damaged("is not a zip archive, or it is damaged: \(zip.text(of: &error))")
    }
    self.archive = archive
    do {
      entries = try ZipArchive.directory(of: archive, zip, size: file.size) {
        damaged("is damaged: \($0)")
      }
    } catch {
      zip.discard(archive)
      throw error
    }
  }

  private static func directory(
    of archive: OpaquePointer, _ zip: ZipFunctions, size: Int, _ damaged: (String) -> Failure
  ) throws -> [Entry] {
    // If files shared their bytes, they could decompress to any size.
    var room = UInt64(size)
    return try (0..<zip.get_num_entries(archive, 0)).map { i in
      var stat = zip_stat_t()
      guard zip.stat_index(archive, zip_uint64_t(i), 0, &stat) == 0, let label = stat.name else {
        throw damaged(zip.text(of: zip.get_error(archive)))
      }
      let name = String(cString: label)
      guard stat.comp_size <= room, stat.size / UInt64(Inflate.mostPerByte) <= stat.comp_size,
        stat.size < Int.max / 2
      else { throw damaged("\(name) is larger than the archive can hold") }
      room -= stat.comp_size
      return Entry(
        name: name, size: Int(stat.size), index: UInt64(i), isUnchecked: stat.crc == 0)
    }
  }

  deinit { zip.discard(archive) }

  /// Unpacks a file: `body` calls the function that it is given, once or several times, each time
  /// with the room for the bytes that come next, until all are read. Then the file's checksum is
  /// verified. Throws `zip-format`.
  func read<Result>(
    _ entry: Entry, _ body: ((UnsafeMutableRawBufferPointer) throws -> Void) throws -> Result
  ) throws -> Result {
    func damaged(_ error: UnsafeMutablePointer<zip_error_t>?) -> any Error {
      source.failure
        ?? Failure("zip-format", "zip: \(name) is damaged: \(entry.name): \(zip.text(of: error))")
    }
    guard let stream = zip.fopen_index(archive, entry.index, 0) else {
      throw damaged(zip.get_error(archive))
    }
    defer { zip.fclose(stream) }
    func fill(_ room: UnsafeMutableRawBufferPointer) throws {
      var filled = 0
      while filled < room.count {
        try Interrupt.check()
        let most = min(room.count - filled, 4 << 20)
        let read = zip.fread(stream, room.baseAddress.map { $0 + filled }, UInt64(most))
        guard read > 0 else { throw damaged(zip.file_get_error(stream)) }
        filled += Int(read)
      }
    }
    let result = try body(fill)
    // libzip verifies the checksum when the end of the file is read.
    var more: UInt8 = 0
    guard entry.isUnchecked || zip.fread(stream, &more, 1) == 0 else {
      throw damaged(zip.file_get_error(stream))
    }
    return result
  }

  /// Unpacks a file. Also throws `out-of-memory`.
  func bytes(_ entry: Entry) throws -> [UInt8] {
    // Swift arrays do not count towards the memory limit, but must not crash the process.
    try Memory.expect(entry.size, for: "zip: a file of \(entry.size) bytes")
    return try read(entry) { fill in
      try [UInt8](unsafeUninitializedCapacity: entry.size) { buffer, filled in
        try fill(UnsafeMutableRawBufferPointer(buffer))
        filled = entry.size
      }
    }
  }
}
