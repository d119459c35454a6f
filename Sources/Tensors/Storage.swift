import Glibc
import Host

/// A block of memory that one or more tensors hold, counted in `Memory`. 64-byte aligned.
final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  let byteCount: Int
  private let block: BlockCache.Block
  /// Where it is counted, and given back whoever lets go of it.
  private let memory = Memory.current

  init(byteCount: Int, for what: @autoclosure () -> String) throws {
    try memory.reserve(byteCount, for: what())
    guard let block = BlockCache.take(byteCount) else {
      memory.release(byteCount)
      throw Failure("out-of-memory", "\(what()): the system gives no \(Memory.describe(byteCount))")
    }
    self.block = block
    pointer = block.pointer
    self.byteCount = byteCount
  }

  deinit {
    BlockCache.give(block)
    memory.release(byteCount)
  }
}
