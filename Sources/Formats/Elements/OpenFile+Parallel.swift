import Host
import Synchronization
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

  /// Does the same for numbers of a type, and returns whether all are finite. Each piece is looked at
  /// while it is in the processor's cache, which costs little.
  func readInParallel(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer, lookingAt dtype: DType
  ) throws -> Bool {
    // SAFETY: each thread writes to pieces of its own.
    nonisolated(unsafe) let buffer = buffer
    let size = 256 << 10
    let areFinite = Atomic(true)
    try stoppableParallel((buffer.count + size - 1) / size, grain: 16) { pieces in
      for i in pieces {
        let piece = UnsafeMutableRawBufferPointer(
          rebasing: buffer[i * size..<min((i + 1) * size, buffer.count)])
        try read(at: offset + i * size, into: piece)
        if !Tensor.areFinite(UnsafeRawBufferPointer(piece), dtype) {
          areFinite.store(false, ordering: .relaxed)
        }
      }
    }
    return areFinite.load(ordering: .relaxed)
  }
}
