/// The left operand of a blocked product, as read by the kernel.
protocol LeftSide {
  associatedtype T: BLASElement
  /// The same operand starting at `row` and `depth`, multiples of 8 and 16.
  func moved(_ row: Int, _ depth: Int) -> Self
  /// The element of one of eight rows at depth `k + i`, where `k` is a multiple of 16 and `i` is
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

  @inline(__always)
  func moved(_ row: Int, _ depth: Int) -> Self {
    ByDepths(a: a + row + depth &* step, step: step)
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
  private let a: UnsafePointer<T>
  private let offsets: UnsafePointer<Int>
  private let depth: Int
  private let rows:
    (
      UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>,
      UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>
    )

  @inline(__always)
  init(_ a: UnsafePointer<T>, _ offsets: UnsafePointer<Int>, depth: Int = 0) {
    self.a = a
    self.offsets = offsets
    self.depth = depth
    let from = a + depth
    rows = (
      from + offsets[0], from + offsets[1], from + offsets[2], from + offsets[3],
      from + offsets[4], from + offsets[5], from + offsets[6], from + offsets[7]
    )
  }

  @inline(__always)
  func moved(_ row: Int, _ depth: Int) -> Self {
    ByRowOffsets(a, offsets + row, depth: depth)
  }
  @inline(__always)
  func number(_ row: Int, _ k: Int, _ i: Int) -> T {
    switch row {
    case 0: rows.0[k &+ i]
    case 1: rows.1[k &+ i]
    case 2: rows.2[k &+ i]
    case 3: rows.3[k &+ i]
    case 4: rows.4[k &+ i]
    case 5: rows.5[k &+ i]
    case 6: rows.6[k &+ i]
    default: rows.7[k &+ i]
    }
  }
}
