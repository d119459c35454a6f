import Glibc
import Host

/// A block of memory shared by one or more tensors and counted in `Memory`. 64-byte aligned.
final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  let byteCount: Int
  /// The tensors computed from the contents that are kept with them (see `Tensor.derived`).
  var derived: [Place: Tensor] = [:]
  private let block: BlockCache.Block
  /// Where the block is counted, and released again, whichever thread frees it.
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
