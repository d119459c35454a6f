import CZlib
import Host

/// A zlib or gzip stream in memory, which is decompressed piece by piece.
public final class Inflate {
  /// The container of the compressed data.
  public enum Wrapping: Sendable {
    /// A .gz file with one or several members.
    case gzip
    /// A zlib stream.
    case zlib
  }

  /// The maximum number of bytes that deflate can produce from one compressed byte. A declared size
  /// that exceeds it need not be allocated.
  public static let mostPerByte = 1040

  private var stream = z_stream()
  private let bytes: ArraySlice<UInt8>
  private let wrapping: Wrapping
  private let refuse: (String) -> Failure
  private var ended = false
  /// Whether the end of the stream was reached and its checksum was correct.
  public private(set) var isComplete = false

  /// Creates a stream over bytes. `refuse` makes the error for damaged data from zlib's message.
  public init(
    _ bytes: ArraySlice<UInt8>, _ wrapping: Wrapping, refuse: @escaping (String) -> Failure
  ) throws {
    self.bytes = bytes
    self.wrapping = wrapping
    self.refuse = refuse
    guard bytes.count < Int(UInt32.max) else { throw refuse("it is larger than 4 GB") }
    // A window of 15 bits; 16 is added to read a gzip header.
    guard
      inflateInit2_(
        &stream, wrapping == .gzip ? 31 : 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        == Z_OK
    else { throw refuse("zlib could not be set up") }
    stream.avail_in = UInt32(bytes.count)
  }

  deinit { inflateEnd(&stream) }

  /// Reads up to `count` bytes; fewer only at the end of the stream.
  public func read(_ count: Int, into: UnsafeMutableRawPointer) throws -> Int {
    var done = 0
    // SAFETY: zlib reads avail_in bytes from next_in; both are set to the rest of `bytes`, which
    // does not move during the closure.
    try bytes.withUnsafeBytes { source in
      guard let base = source.bindMemory(to: UInt8.self).baseAddress else { return }
      while done < count && !ended {
        let piece = min(count - done, 1 << 30)
        stream.next_in = UnsafeMutablePointer(mutating: base + bytes.count - Int(stream.avail_in))
        stream.next_out = into.assumingMemoryBound(to: UInt8.self) + done
        stream.avail_out = UInt32(piece)
        let status = inflate(&stream, Z_NO_FLUSH)
        let made = piece - Int(stream.avail_out)
        done += made
        switch status {
        case Z_STREAM_END:
          // Another member may follow in a .gz file, as after `cat a.gz b.gz`.
          isComplete = stream.avail_in == 0
          if isComplete || wrapping == .zlib { ended = true } else { inflateReset(&stream) }
        case Z_OK where made > 0 || stream.avail_in > 0: break
        case Z_OK, Z_BUF_ERROR: ended = true
        default:
          throw refuse(
            "it is damaged (zlib: \(stream.msg.map { String(cString: $0) } ?? "error \(status)"))")
        }
      }
    }
    return done
  }

  /// Reads up to `count` bytes; fewer only at the end of the stream. Memory for all of them is
  /// allocated first.
  public func read(_ count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = try buffer.baseAddress.map { try read(count, into: $0) } ?? 0
    }
  }

  /// Decompresses a zlib stream of exactly `count` bytes to its end, where its checksum is. `refuse`
  /// makes the error of a stream that is damaged, longer or shorter.
  static func whole(
    _ packed: ArraySlice<UInt8>, count: Int, refuse: @escaping (String) -> Failure
  ) throws -> [UInt8] {
    guard count <= packed.count * mostPerByte else {
      throw refuse("\(packed.count) packed bytes can't hold the \(count) that are declared")
    }
    let stream = try Inflate(packed, .zlib, refuse: refuse)
    let bytes = try stream.read(count)
    guard bytes.count == count else { throw refuse("it lacks \(count - bytes.count) bytes") }
    // zlib compares the checksum when it is asked for what follows the last byte.
    guard try stream.read(1).isEmpty, stream.isComplete else {
      throw refuse("its packed bytes do not end where they should")
    }
    return bytes
  }
}
