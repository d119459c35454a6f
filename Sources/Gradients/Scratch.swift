import Host
import Synchronization
import Tensors

/// `parallel` whose parts each have memory for `numbers` numbers, aligned to 64 bytes and holding
/// anything. It is a tensor's, so it is counted, and reused from one part to the next. Throws
/// `out-of-memory`.
func parallel<T: Real>(
  _ count: Int, grain: Int, scratch numbers: Int, of _: T.Type,
  _ body: (Range<Int>, UnsafeMutablePointer<T>) -> Void
) throws {
  let failed = Atomic<Bool>(false)
  parallel(count, grain: grain) { range in
    do {
      var memory = try Tensor(uninitialized: [numbers], T.dtype)
      try memory.write(T.self) { body(range, $0) }
    } catch {
      failed.store(true, ordering: .relaxed)
    }
  }
  if failed.load(ordering: .relaxed) {
    throw Failure(
      "out-of-memory",
      "the system gives no \(Memory.describe(numbers * MemoryLayout<T>.size)) to work in")
  }
}
