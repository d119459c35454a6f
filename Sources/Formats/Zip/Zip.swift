import CZip
import Glibc
import Host

/// A zip archive in memory, such as NumPy's .npz, read and written with libzip.
public struct Zip: Sendable {
  /// The files, in the archive's order.
  public let entries: [(name: String, bytes: [UInt8])]

  /// Creates the content of an archive.
  public init(_ entries: [(name: String, bytes: [UInt8])]) { self.entries = entries }

  /// Reads the bytes of an archive; `name` is used in error messages. Sizes are checked before
  /// memory is allocated, and every file is verified against its checksum. Throws `zip-format` and
  /// `out-of-memory`.
  public init(decoding bytes: [UInt8], name: String) throws {
    let archive = try ZipArchive(FileInMemory(bytes), name: name)
    entries = try archive.entries.map { ($0.name, try archive.bytes($0)) }
  }

  /// Returns the bytes of the archive, with its files uncompressed and without dates, so that the
  /// result is always the same. Throws `zip-format`.
  public func encoded() throws -> [UInt8] {
    // libzip does not write empty archives; an empty archive is only the end record of the
    // directory.
    if entries.isEmpty { return [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18) }
    let zip = try Zip.functions()
    func refused(_ error: UnsafeMutablePointer<zip_error_t>?) -> Failure {
      Failure("zip-format", "zip: the archive can't be made: \(zip.text(of: error))")
    }
    var error = zip_error_t()
    zip.error_init(&error)
    defer { zip.error_fini(&error) }
    guard let target = zip.source_buffer_create(nil, 0, 0, &error) else { throw refused(&error) }
    defer { zip.source_free(target) }
    guard let archive = zip.open_from_source(target, ZIP_TRUNCATE, &error) else {
      throw refused(&error)
    }
    // The archive frees the source that it was opened with.
    zip.source_keep(target)
    do {
      for entry in entries { try add(entry, to: archive, zip, refused) }
      guard zip.close(archive) == 0 else { throw refused(zip.get_error(archive)) }
    } catch {
      zip.discard(archive)
      throw error
    }
    var stat = zip_stat_t()
    guard zip.source_stat(target, &stat) == 0, zip.source_open(target) == 0 else {
      throw refused(zip.source_error(target))
    }
    defer { zip.source_close(target) }
    let size = Int(stat.size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      guard let base = buffer.baseAddress else { return }
      filled = max(0, Int(zip.source_read(target, base, UInt64(size))))
    }
    guard bytes.count == size else { throw refused(zip.source_error(target)) }
    return bytes
  }

  private func add(
    _ entry: (name: String, bytes: [UInt8]), to archive: OpaquePointer, _ zip: ZipFunctions,
    _ refused: (UnsafeMutablePointer<zip_error_t>?) -> Failure
  ) throws {
    // libzip reads the copy when the archive is closed, and then frees it.
    guard let copy = malloc(max(entry.bytes.count, 1)) else {
      throw Failure("out-of-memory", "zip: no memory for a file of \(entry.bytes.count) bytes")
    }
    entry.bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, $0.count) } }
    guard let source = zip.source_buffer(archive, copy, UInt64(entry.bytes.count), 1) else {
      free(copy)
      throw refused(zip.get_error(archive))
    }
    let index = zip.file_add(archive, entry.name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      zip.source_free(source)
      throw refused(zip.get_error(archive))
    }
    // The earliest date that zip can represent.
    guard zip.set_file_compression(archive, UInt64(index), Int32(ZIP_CM_STORE), 0) == 0,
      zip.file_set_dostime(archive, UInt64(index), 0, 0x21, 0) == 0
    else { throw refused(zip.get_error(archive)) }
  }

  /// The library that reads and writes archives, and its Debian package.
  public static let library = (name: "libzip", package: "libzip4")
  /// Its version; nil if it is not installed.
  public static var libraryVersion: String? {
    (try? functions())?.libzip_version().map { String(cString: $0) }
  }

  /// libzip's functions, once it is loaded. Throws `library` if it is not installed.
  static func functions() throws -> ZipFunctions { try loaded.get() }

  private static let loaded = Result {
    try SharedLibrary(
      "libzip.so.4", called: library.name, package: library.package, for: "a zip archive"
    ).functions(zip_names, as: ZipFunctions.self)
  }
}

extension ZipFunctions {
  /// The text of an error.
  func text(of error: UnsafeMutablePointer<zip_error_t>?) -> String {
    error.flatMap { error_strerror($0) }.map { String(cString: $0) } ?? "no reason given"
  }
}
