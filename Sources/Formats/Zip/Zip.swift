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
    func damaged(_ what: String) -> Failure { Failure("zip-format", "zip: \(name) \(what)") }
    // libzip accepts an empty file as an empty archive.
    if bytes.isEmpty { throw damaged("is empty, and no zip archive") }
    entries = try bytes.withUnsafeBytes { bytes in
      var error = zip_error_t()
      zip_error_init(&error)
      defer { zip_error_fini(&error) }
      guard
        let source = zip_source_buffer_create(
          bytes.baseAddress, zip_uint64_t(bytes.count), 0, &error)
      else { throw damaged("can't be read: \(Zip.text(&error))") }
      guard let archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) else {
        zip_source_free(source)
        throw damaged("is not a zip archive, or it is damaged: \(Zip.text(&error))")
      }
      defer { zip_discard(archive) }
      // If files shared their bytes, they could decompress to any size.
      var room = UInt64(bytes.count)
      return try (0..<zip_get_num_entries(archive, 0)).map { i in
        var stat = zip_stat_t()
        guard zip_stat_index(archive, zip_uint64_t(i), 0, &stat) == 0, let label = stat.name else {
          throw damaged("is damaged: \(Zip.text(zip_get_error(archive)))")
        }
        let file = String(cString: label)
        guard stat.comp_size <= room,
          stat.size / UInt64(Inflate.mostPerByte) <= stat.comp_size, stat.size < Int.max / 2
        else { throw damaged("is damaged: \(file) is larger than the archive can hold") }
        room -= stat.comp_size
        guard let stream = zip_fopen_index(archive, zip_uint64_t(i), 0) else {
          throw damaged("can't be read: \(file): \(Zip.text(zip_get_error(archive)))")
        }
        defer { zip_fclose(stream) }
        let size = Int(stat.size)
        // Swift arrays do not count towards the memory limit, but must not crash the process.
        try Memory.reserve(size, for: "zip: a file of \(size) bytes")
        Memory.release(size)
        // Reads one byte more than expected, because the checksum is verified at the end of the
        // file.
        var read: Int64 = 0
        let data = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, filled in
          while read >= 0, filled <= size {
            read = zip_fread(
              stream, buffer.baseAddress.map { $0 + filled }, UInt64(size + 1 - filled))
            if read <= 0 { break }
            filled += Int(read)
          }
        }
        guard read == 0, data.count == size else {
          throw damaged("is damaged: \(file): \(Zip.text(zip_file_get_error(stream)))")
        }
        return (file, data)
      }
    }
  }

  /// Returns the bytes of the archive, with its files uncompressed and without dates, so that the
  /// result is always the same. Throws `zip-format`.
  public func encoded() throws -> [UInt8] {
    // libzip does not write empty archives; an empty archive is only the end record of the
    // directory.
    if entries.isEmpty { return [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18) }
    func refused(_ error: UnsafeMutablePointer<zip_error_t>?) -> Failure {
      Failure("zip-format", "zip: the archive can't be made: \(Zip.text(error))")
    }
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let target = zip_source_buffer_create(nil, 0, 0, &error) else { throw refused(&error) }
    defer { zip_source_free(target) }
    guard let archive = zip_open_from_source(target, ZIP_TRUNCATE, &error) else {
      throw refused(&error)
    }
    // The archive frees the source that it was opened with.
    zip_source_keep(target)
    do {
      for entry in entries { try add(entry, to: archive, refused) }
      guard zip_close(archive) == 0 else { throw refused(zip_get_error(archive)) }
    } catch {
      zip_discard(archive)
      throw error
    }
    var stat = zip_stat_t()
    guard zip_source_stat(target, &stat) == 0, zip_source_open(target) == 0 else {
      throw refused(zip_source_error(target))
    }
    defer { zip_source_close(target) }
    let size = Int(stat.size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      guard let base = buffer.baseAddress else { return }
      filled = max(0, Int(zip_source_read(target, base, UInt64(size))))
    }
    guard bytes.count == size else { throw refused(zip_source_error(target)) }
    return bytes
  }

  private func add(
    _ entry: (name: String, bytes: [UInt8]), to archive: OpaquePointer,
    _ refused: (UnsafeMutablePointer<zip_error_t>?) -> Failure
  ) throws {
    // libzip reads the copy when the archive is closed, and then frees it.
    guard let copy = malloc(max(entry.bytes.count, 1)) else {
      throw Failure("out-of-memory", "zip: no memory for a file of \(entry.bytes.count) bytes")
    }
    entry.bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, $0.count) } }
    guard let source = zip_source_buffer(archive, copy, UInt64(entry.bytes.count), 1) else {
      free(copy)
      throw refused(zip_get_error(archive))
    }
    let index = zip_file_add(archive, entry.name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      zip_source_free(source)
      throw refused(zip_get_error(archive))
    }
    // The earliest date that zip can represent.
    guard zip_set_file_compression(archive, UInt64(index), Int32(ZIP_CM_STORE), 0) == 0,
      zip_file_set_dostime(archive, UInt64(index), 0, 0x21, 0) == 0
    else { throw refused(zip_get_error(archive)) }
  }

  private static func text(_ error: UnsafeMutablePointer<zip_error_t>?) -> String {
    error.flatMap { zip_error_strerror($0) }.map { String(cString: $0) } ?? "no reason given"
  }
}
