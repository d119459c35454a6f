/// The left operand of a blocked product, as read by the kernel.
protocol LeftSide {
  associatedtype T: BLASElement
  /// The same operand starting at `row` and `depth`, a multiple of 16.
  func moved(_ row: Int, _ depth: Int) -> Self
  /// The element of one of the rows at depth `k + i`, where `k` is a multiple of 16 and `i` is
  /// below 16.
  func number(_ row: Int, _ k: Int, _ i: Int) -> T
}

/// See `BlockedOrder.rows`.
struct ByRows<T: BLASElement>: LeftSide {
  var a: UnsafePointer<T>
  let step: Int
  let block: Int

  @inline(__always)
  func moved(_ row: Int, _ depth: Int) -> Self {
    ByRows(a: a + row &* step + (depth >> 4) &* block, step: step, block: block)
  }
  @inline(__always)
  func number(_ row: Int, _ k: Int, _ i: Int) -> T {
    a[(k >> 4) &* block &+ row &* step &+ i]
  }
}

/// See `BlockedOrder.depths`.
struct ByDepths<T: BLASElement>: LeftSide {
  let a: UnsafePointer<T>
  let step: Int
  let block: Int

  @inline(__always)
  func moved(_ row: Int, _ depth: Int) -> Self {
    ByDepths(a: a + (row >> 4) &* block + row & 15 + depth &* step, step: step, block: block)
  }
  @inline(__always)
  func number(_ row: Int, _ k: Int, _ i: Int) -> T { a[(k &+ i) &* step &+ row] }
}

/// See `BlockedOrder.depthOffsets`.
struct ByDepthOffsets<T: BLASElement>: LeftSide {
  let a: UnsafePointer<T>
  let offsets: UnsafePointer<Int>

  @inline(__always)
  func moved(_ row: Int, _ depth: Int) -> Self {
    ByDepthOffsets(a: a + row, offsets: offsets + depth)
  }
  @inline(__always)
  func number(_ row: Int, _ k: Int, _ i: Int) -> T { a[offsets[k &+ i] &+ row] }
}

/// See `BlockedOrder.rowOffsets`.
struct ByRowOffsets<T: BLASElement>: LeftSide {
  let a: UnsafePointer<T>
  let offsets: UnsafePointer<Int>

  @inline(__always)
  func moved(_ row: Int, _ depth: Int) -> Self {
    ByRowOffsets(a: a + depth, offsets: offsets + row)
  }
  @inline(__always)
  func number(_ row: Int, _ k: Int, _ i: Int) -> T { a[offsets[row] &+ k &+ i] }
}
