import CVectors

// Products of matrices whose columns are stored in blocks of 16: [columns / 16][rows][16].
// Convolutions keep their operands in this layout, so that nothing needs to be packed for a single
// product, as a BLAS does. The kernel is written in Swift; on AVX-512 it reaches 95 to 98 % of peak
// performance.

/// The memory layout of the left operand, as offsets from its first element.
public enum BlockedOrder {
  /// Row i, depth k at `i * step + k / 16 * block + k % 16`.
  case rows(step: Int, block: Int)
  /// Row i, depth k at `k * step + i`.
  case depths(step: Int)
  /// Row i, depth k at `offsets[k] + i`: the pixels of a window, read from the image itself.
  case depthOffsets(UnsafePointer<Int>)
  /// Row i, depth k at `offsets[i] + k`; there must be offsets for all rows.
  case rowOffsets(UnsafePointer<Int>)
}

/// The block sizes of blocked matrices.
public enum Blocked {
  /// The number of rows that the kernel computes at once. Eight rows by two blocks of columns are
  /// sixteen accumulators, which fit into vector registers.
  public static let rows = 8
  /// The number of columns of a block.
  public static let width = 16
  /// Whether the accumulators fit into vector registers: they do with thirty-two registers of
  /// sixteen elements. Otherwise four rows of one block are computed at once, which fit into
  /// sixteen registers of eight elements.
  static var isWide: Bool { LIMBECK_WIDE_REGISTERS != 0 }
  /// The depth after which sums are written to memory: a panel of B of this depth stays in the L2
  /// cache while all rows use it.
  static let depth = 512

  /// `count` rounded up to whole groups of rows.
  public static func paddedRows(_ count: Int) -> Int { (count + rows - 1) / rows * rows }
  /// The number of blocks that hold `count` columns.
  public static func blocks(_ count: Int) -> Int { (count + width - 1) / width }
}

/// The operands of a blocked product C = A B or C += A B.
public struct BlockedProduct<T: BLASElement> {
  /// The number of rows of A and C, a multiple of `Blocked.rows`.
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
    case .depths(let step): run(ByDepths(a: a, step: step))
    case .depthOffsets(let offsets): run(ByDepthOffsets(a: a, offsets: offsets))
    case .rowOffsets(let offsets): run(ByRowOffsets(a, offsets))
    }
  }

  @inline(__always)
  private func run<L: LeftSide>(_ left: L) where L.T == T {
    var done = 0
    repeat {
      let part = min(Blocked.depth, depth - done)
      let adds = self.adds || done > 0
      var j = 0
      while j < blocks {
        let panel = b + j * bBlock + done * Blocked.width
        let isPair = Blocked.isWide && j + 1 < blocks
        var row = 0
        while row < rows {
          let here = left.moved(row, done)
          let target = c + j * cBlock + row * cRow
          if isPair {
            pair(here, part, panel, target, adds)
          } else if Blocked.isWide {
            single(here, part, panel, target, adds)
          } else {
            half(here, 0, part, panel, target, adds)
            half(here, 4, part, panel, target + 4 * cRow, adds)
          }
          row += Blocked.rows
        }
        j += isPair ? 2 : 1
      }
      done += part
    } while done < depth
  }

  /// Eight rows of two blocks.
  @inline(__always)
  private func pair<L: LeftSide>(
    _ a: L, _ depth: Int, _ b: UnsafePointer<T>, _ c: UnsafeMutablePointer<T>, _ adds: Bool
  ) where L.T == T {
    var first = adds ? EightRows(c, cRow) : EightRows()
    var second = adds ? EightRows(c + cBlock, cRow) : EightRows()
    var (b0, b1) = (b, b + bBlock)
    var k = 0
    while k &+ 16 <= depth {
      for i in 0..<16 {
        first.add(row16(b0 + i &* 16), a, k, i)
        second.add(row16(b1 + i &* 16), a, k, i)
      }
      b0 += 256
      b1 += 256
      k &+= 16
    }
    for i in 0..<depth &- k {
      first.add(row16(b0 + i &* 16), a, k, i)
      second.add(row16(b1 + i &* 16), a, k, i)
    }
    first.store(c, cRow)
    second.store(c + cBlock, cRow)
  }

  /// Eight rows of one block.
  @inline(__always)
  private func single<L: LeftSide>(
    _ a: L, _ depth: Int, _ b: UnsafePointer<T>, _ c: UnsafeMutablePointer<T>, _ adds: Bool
  ) where L.T == T {
    var sums = adds ? EightRows(c, cRow) : EightRows()
    var b = b
    var k = 0
    while k &+ 16 <= depth {
      for i in 0..<16 { sums.add(row16(b + i &* 16), a, k, i) }
      b += 256
      k &+= 16
    }
    for i in 0..<depth &- k { sums.add(row16(b + i &* 16), a, k, i) }
    sums.store(c, cRow)
  }

  /// Four rows of one block, starting at row `first` of eight.
  @inline(__always)
  private func half<L: LeftSide>(
    _ a: L, _ first: Int, _ depth: Int, _ b: UnsafePointer<T>, _ c: UnsafeMutablePointer<T>,
    _ adds: Bool
  ) where L.T == T {
    var sums = adds ? FourRows(c, cRow) : FourRows()
    var b = b
    var k = 0
    while k &+ 16 <= depth {
      for i in 0..<16 { sums.add(row16(b + i &* 16), a, first, k, i) }
      b += 256
      k &+= 16
    }
    for i in 0..<depth &- k { sums.add(row16(b + i &* 16), a, first, k, i) }
    sums.store(c, cRow)
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
