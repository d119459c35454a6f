import Tensors

/// `stoppableParallel` whose parts each have memory for `numbers` numbers, aligned to 64 bytes and holding
/// anything. It is a tensor's, so it is counted, and reused from one part to the next. Throws
/// `out-of-memory`, and what a part throws.
func parallel<T: Real>(
  _ count: Int, grain: Int, scratch numbers: Int, of _: T.Type,
  _ body: (Range<Int>, UnsafeMutablePointer<T>) throws -> Void
) throws {
  try stoppableParallel(count, grain: grain) { range in
    var memory = try Tensor(uninitialized: [numbers], T.dtype)
    try memory.write(T.self) { try body(range, $0) }
  }
}
