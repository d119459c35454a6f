import Glibc
import Host

/// A block of memory that one or more tensors hold, counted in `Memory`. 64-byte aligned.
final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  let byteCount: Int
  private let block: BlockCache.Block

  init(byteCount: Int, for what: @autoclosure () -> String) throws {
    try Memory.reserve(byteCount, for: what())
    guard let block = BlockCache.take(byteCount) else {
      Memory.release(byteCount)
      throw Failure("out-of-memory", "\(what()): the system gives no \(Memory.describe(byteCount))")
    }
    self.block = block
    pointer = block.pointer
    self.byteCount = byteCount
  }

  deinit {
    BlockCache.give(block)
    Memory.release(byteCount)
  }
}
