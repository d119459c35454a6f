import Host
import Tensors

extension OpenFile {
  /// Fills `buffer` with the bytes that begin at `offset`, on several threads if there are many: a
  /// file in the system's cache is copied as fast as memory allows.
  func readInParallel(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    // SAFETY: each thread writes to its own range.
    nonisolated(unsafe) let buffer = buffer
    try stoppableParallel(buffer.count, grain: 4 << 20) { range in
      try read(
        at: offset + range.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: buffer[range]))
    }
  }
}
