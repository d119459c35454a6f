import CVectors

// Products of matrices whose columns are stored in blocks of 16: [columns / 16][rows][16].
// Convolutions keep their operands in this layout, so that nothing needs to be packed for a single
// product, as a BLAS does. The kernel is written in Swift; on AVX-512 it reaches 95 to 98 % of peak
// performance.

/// The memory layout of the left operand, as offsets from its first element.
public enum BlockedOrder {
  /// Row i, depth k at `i * step + k / 16 * block + k % 16`.
  case rows(step: Int, block: Int)
  /// Row i, depth k at `k * step + i / 16 * block + i % 16`. If `block` is not 16, the number of rows
  /// is a multiple of 16.
  case depths(step: Int, block: Int = Blocked.width)
  /// Row i, depth k at `offsets[k] + i`: the pixels of a window, read from the image itself.
  case depthOffsets(UnsafePointer<Int>)
  /// Row i, depth k at `offsets[i] + k`; there must be offsets for all rows.
  case rowOffsets(UnsafePointer<Int>)
}

/// The block sizes of blocked matrices.
public enum Blocked {
  /// The number of rows that the kernel computes at once: eight rows by two blocks of columns where
  /// their sums fit into vector registers, and otherwise four rows by one block.
  public static var rows: Int { isWide ? 8 : 4 }
  /// The number of columns of a block.
  public static let width = 16
  /// Whether there are thirty-two vector registers of sixteen elements, and not sixteen of eight.
  public static var isWide: Bool { LIMBECK_WIDE_REGISTERS != 0 }
  /// The depth after which sums are written to memory. A panel of B of this depth stays in a cache
  /// while the rows use it: with wide registers in the L2 cache, otherwise in the L1 cache.
  static var depth: Int { isWide ? 512 : 128 }
  /// The number of rows of A that go through all columns before the next ones do. Without wide
  /// registers, those of a panel's depth stay in the L1 cache, because each of their elements is
  /// used for sixteen columns only.
  static func rowsAtOnce(of rows: Int) -> Int { isWide ? rows : 32 }

  /// `count` rounded up to whole groups of rows.
  public static func paddedRows(_ count: Int) -> Int { (count + rows - 1) / rows * rows }
  /// The number of blocks that hold `count` columns.
  public static func blocks(_ count: Int) -> Int { (count + width - 1) / width }
}

/// The operands of a blocked product C = A B or C += A B.
public struct BlockedProduct<T: BLASElement> {
  /// The number of rows of A and C, at least `Blocked.rows`.
  public var rows: Int
  /// The number of column blocks of B and C.
  public var blocks: Int
  /// The number of columns of A and rows of B.
  public var depth: Int
  /// The left operand.
  public var a: UnsafePointer<T>
  /// The layout of the left operand.
  public var order: BlockedOrder
  /// The right operand: its rows of 16 are consecutive, and block j starts at `j * bBlock`.
  public var b: UnsafePointer<T>
  /// See `b`.
  public var bBlock: Int
  /// The result, in the layout of B.
  public var c: UnsafeMutablePointer<T>
  /// See `c`.
  public var cBlock: Int
  /// The distance between rows of C: 16, or the row length of a whole matrix if C consists of some
  /// of its columns.
  public var cRow: Int
  /// Whether the product is added to the contents of C.
  public var adds: Bool

  /// Initialises all members.
  public init(
    rows: Int, blocks: Int, depth: Int, a: UnsafePointer<T>, order: BlockedOrder,
    b: UnsafePointer<T>, bBlock: Int, c: UnsafeMutablePointer<T>, cBlock: Int,
    cRow: Int = Blocked.width, adds: Bool = false
  ) {
    self.rows = rows
    self.blocks = blocks
    self.depth = depth
    self.a = a
    self.order = order
    self.b = b
    self.bBlock = bBlock
    self.c = c
    self.cBlock = cBlock
    self.cRow = cRow
    self.adds = adds
  }

  @inline(__always)
  fileprivate func run() {
    switch order {
    case .rows(let step, let block): run(ByRows(a: a, step: step, block: block))
    case .depths(let step, let block): run(ByDepths(a: a, step: step, block: block))
    case .depthOffsets(let offsets): run(ByDepthOffsets(a: a, offsets: offsets))
    case .rowOffsets(let offsets): run(ByRowOffsets(a: a, offsets: offsets))
    }
  }

  @inline(__always)
  private func run<L: LeftSide>(_ left: L) where L.T == T {
    var done = 0
    repeat {
      let part = min(Blocked.depth, depth - done)
      let adds = self.adds || done > 0
      var first = 0
      while first < rows {
        let end = min(first + Blocked.rowsAtOnce(of: rows), rows)
        var j = 0
        while j < blocks {
          let panel = b + j * bBlock + done * Blocked.width
          let isPair = Blocked.isWide && j + 1 < blocks
          var row = first
          while row < end {
            // The last rows are computed with rows before them, which are not stored again.
            let start = min(row, rows - Blocked.rows)
            let here = left.moved(start, done)
            let target = c + j * cBlock + start * cRow
            if isPair {
              // The first two groups of rows prefetch the two blocks of the next panel: few rows take less
              // time than the panel takes to come from memory. The others prefetch what is there.
              let group = (row - first) / Blocked.rows
              let isNear = group < 2 && j + 2 + group < blocks
              pair(
                here, part, panel, target, adds, from: row - start,
                ahead: isNear ? panel + (2 + group) * bBlock : panel)
            } else if Blocked.isWide {
              single(here, part, panel, target, adds, from: row - start)
            } else {
              half(here, part, panel, target, adds, from: row - start)
            }
            row += Blocked.rows
          }
          j += isPair ? 2 : 1
        }
        first = end
      }
      done += part
    } while done < depth
  }

  /// Eight rows of two blocks, of which those from `row` on are stored.
  @inline(__always)
  private func pair<L: LeftSide>(
    _ a: L, _ depth: Int, _ b: UnsafePointer<T>, _ c: UnsafeMutablePointer<T>, _ adds: Bool,
    from row: Int, ahead: UnsafePointer<T>
  ) where L.T == T {
    var first = adds ? EightRows(c, cRow) : EightRows()
    var second = adds ? EightRows(c + cBlock, cRow) : EightRows()
    alongDepth(depth) { k, i in
      limbeck_prefetch(ahead + (k &+ i) &* 16)
      first.add(row16(b + (k &+ i) &* 16), a, k, i)
      second.add(row16(b + bBlock + (k &+ i) &* 16), a, k, i)
    }
    first.store(c, cRow, from: row)
    second.store(c + cBlock, cRow, from: row)
  }

  /// The same of one block.
  @inline(__always)
  private func single<L: LeftSide>(
    _ a: L, _ depth: Int, _ b: UnsafePointer<T>, _ c: UnsafeMutablePointer<T>, _ adds: Bool,
    from row: Int
  ) where L.T == T {
    var sums = adds ? EightRows(c, cRow) : EightRows()
    alongDepth(depth) { k, i in sums.add(row16(b + (k &+ i) &* 16), a, k, i) }
    sums.store(c, cRow, from: row)
  }

  /// The same for four rows.
  @inline(__always)
  private func half<L: LeftSide>(
    _ a: L, _ depth: Int, _ b: UnsafePointer<T>, _ c: UnsafeMutablePointer<T>, _ adds: Bool,
    from row: Int
  ) where L.T == T {
    var sums = adds ? FourRows(c, cRow) : FourRows()
    alongDepth(depth) { k, i in sums.add(row16(b + (k &+ i) &* 16), a, 0, k, i) }
    sums.store(c, cRow, from: row)
  }

  /// Calls `body(k, i)` for each depth `k + i`, where `k` is a multiple of 16 and `i` is below 16.
  /// Four calls at a time keep the counting of the loop out of the way of the products.
  @inline(__always)
  private func alongDepth(_ depth: Int, _ body: (_ k: Int, _ i: Int) -> Void) {
    var k = 0
    while k &+ 16 <= depth {
      var i = 0
      while i < 16 {
        body(k, i)
        body(k, i &+ 1)
        body(k, i &+ 2)
        body(k, i &+ 3)
        i &+= 4
      }
      k &+= 16
    }
    for i in 0..<depth &- k { body(k, i) }
  }
}

// Not generic, so that other modules call code that is specialised for the type.
extension Float {
  /// See `BLASElement`.
  public static func multiply(_ product: BlockedProduct<Float>) { product.run() }
}
extension Double {
  /// See `BLASElement`.
  public static func multiply(_ product: BlockedProduct<Double>) { product.run() }
}
