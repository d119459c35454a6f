import Synchronization
import Tensors

/// `stoppableParallel` with scratch memory of `numbers` elements per part, aligned to 64 bytes and
/// uninitialised. The memory belongs to a tensor, so it is counted, and later parts use it again.
/// Throws `out-of-memory` and the errors of the parts.
func parallel<T: Real>(
  _ count: Int, grain: Int, scratch numbers: Int, of _: T.Type,
  _ body: (Range<Int>, UnsafeMutablePointer<T>) throws -> Void
) throws {
  let spare = Mutex<[Tensor]>([])
  try stoppableParallel(count, grain: grain) { range in
    var memory = try spare.withLock { $0.popLast() } ?? Tensor(uninitialized: [numbers], T.dtype)
    try memory.write(T.self) { try body(range, $0) }
    spare.withLock { $0.append(memory) }
  }
}
