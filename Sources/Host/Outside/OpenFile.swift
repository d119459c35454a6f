import Glibc

/// A file that is open for reading. It stays the same file when another one takes its place.
public protocol OpenFile: AnyObject, Sendable {
  /// The size in bytes when the file was opened.
  var size: Int { get }
  /// Fills `buffer` with the bytes that begin at `offset`; several threads may read at the same
  /// time. Throws `file-read`, also if the file ends earlier.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws
}

extension OpenFile {
  /// The bytes from `offset` on, `count` of them or fewer if the file is shorter. Throws
  /// `out-of-memory` before anything is allocated.
  public func bytes(at offset: Int = 0, count: Int = .max) throws -> [UInt8] {
    let count = max(0, min(count, size - offset))
    try Memory.expect(count, for: "read: \(count) bytes of a file")
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      filled = count
    }
  }
}

/// Passes the parts of a file, in order, to `write`.
public typealias FileParts = (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void

/// Bytes in memory that are read like a file.
public final class FileInMemory: OpenFile {
  private let content: [UInt8]

  /// Wraps bytes.
  public init(_ content: [UInt8]) { self.content = content }

  /// The number of bytes.
  public var size: Int { content.count }

  /// See `OpenFile`.
  public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    guard offset >= 0, offset <= size, buffer.count <= size - offset else {
      throw Failure("file-read", "read: the file ends before byte \(offset)")
    }
    content.withUnsafeBytes { bytes in
      buffer.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + buffer.count]))
    }
  }
}

/// A file of the operating system.
final class DiskFile: OpenFile {
  private let descriptor: Int32
  private let path: String
  let size: Int

  /// Takes over an open descriptor.
  init(descriptor: Int32, path: String, size: Int) {
    (self.descriptor, self.path, self.size) = (descriptor, path, size)
  }

  deinit { close(descriptor) }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    var filled = 0
    while filled < buffer.count {
      let got = pread(
        descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, offset + filled)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw Files.failure("read", path, errno) }
      guard got > 0 else {
        throw Failure(
          "file-read", "read: \(path) ends at byte \(offset + filled); it became shorter meanwhile")
      }
      filled += got
    }
  }
}
