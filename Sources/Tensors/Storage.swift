import Glibc
import Host

/// A block of memory that one or more tensors hold, counted in `Memory`. 64-byte aligned.
final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int, for what: @autoclosure () -> String) throws {
    try Memory.reserve(byteCount, for: what())
    var raw: UnsafeMutableRawPointer?
    guard posix_memalign(&raw, 64, max(byteCount, 64)) == 0, let raw else {
      Memory.release(byteCount)
      throw Failure("out-of-memory", "\(what()): the system gives no \(Memory.describe(byteCount))")
    }
    pointer = raw
    self.byteCount = byteCount
  }

  deinit {
    free(pointer)
    Memory.release(byteCount)
  }
}
