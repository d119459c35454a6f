import CZip
import Host

/// An open file as libzip reads it.
final class ZipSource {
  private let zip: ZipFunctions
  private let file: any OpenFile
  private var position = 0
  private var error = zip_error_t()
  /// The error that reading the file ended with, which libzip only passes on as a number.
  private(set) var failure: (any Error)?

  init(_ file: any OpenFile, _ zip: ZipFunctions) {
    self.file = file
    self.zip = zip
    zip.error_init(&error)
  }

  deinit { zip.error_fini(&error) }

  /// Creates a source of libzip's, which holds this object until it is freed.
  func opened(_ error: UnsafeMutablePointer<zip_error_t>) -> OpaquePointer? {
    let holder = Unmanaged.passRetained(self)
    let source = zip.source_function_create(
      { state, data, length, command in
        guard let state else { return -1 }
        // SAFETY: `state` is the object retained above, until the command to free it.
        let holder = Unmanaged<ZipSource>.fromOpaque(state)
        if command == ZIP_SOURCE_FREE {
          holder.release()
          return 0
        }
        return holder.takeUnretainedValue().answer(command, data, length)
      }, holder.toOpaque(), error)
    if source == nil { holder.release() }
    return source
  }

  private static let supported: Int64 = [
    ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
    ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS,
  ].reduce(0) { $0 | 1 << Int64($1.rawValue) }

  private func answer(
    _ command: zip_source_cmd, _ data: UnsafeMutableRawPointer?, _ length: UInt64
  ) -> Int64 {
    switch command {
    case ZIP_SOURCE_OPEN:
      position = 0
      return 0
    case ZIP_SOURCE_READ:
      let count = min(Int(clamping: length), file.size - position)
      do {
        try file.read(
          at: position, into: UnsafeMutableRawBufferPointer(start: data, count: count))
      } catch {
        failure = error
        zip.error_set(&self.error, ZIP_ER_READ, 0)
        return -1
      }
      position += count
      return Int64(count)
    case ZIP_SOURCE_CLOSE: return 0
    case ZIP_SOURCE_STAT:
      guard let stat = data?.assumingMemoryBound(to: zip_stat_t.self) else { return -1 }
      zip.stat_init(stat)
      stat.pointee.size = UInt64(file.size)
      stat.pointee.valid |= UInt64(ZIP_STAT_SIZE)
      return Int64(MemoryLayout<zip_stat_t>.size)
    case ZIP_SOURCE_ERROR: return zip.error_to_data(&error, data, length)
    case ZIP_SOURCE_SEEK:
      let target = zip.source_seek_compute_offset(
        UInt64(position), UInt64(file.size), data, length, &error)
      guard target >= 0 else { return -1 }
      position = Int(target)
      return 0
    case ZIP_SOURCE_TELL: return Int64(position)
    case ZIP_SOURCE_SUPPORTS: return ZipSource.supported
    default:
      zip.error_set(&error, ZIP_ER_OPNOTSUPP, 0)
      return -1
    }
  }
}
