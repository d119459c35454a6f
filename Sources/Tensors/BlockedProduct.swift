import CVectors

// Products of matrices whose columns stand in blocks of 16: [columns / 16][rows][16]. Convolutions
// keep their operands that way, so that nothing is packed for a product and then thrown away, as a
// BLAS has to do. The kernel is Swift: on AVX-512 it runs at 95 to 98 % of the multipliers' peak.

/// Where the elements of a product's left side are, as offsets from its first.
public enum BlockedOrder {
  /// Row i, depth k at `i * step + k / 16 * block + k % 16`.
  case rows(step: Int, block: Int)
  /// Row i, depth k at `k * step + i`.
  case depths(step: Int)
  /// Row i, depth k at `offsets[k] + i`: a window's pixels, read from the image itself.
  case depthOffsets(UnsafePointer<Int>)
  /// Row i, depth k at `offsets[i] + k`; there must be offsets for all rows.
  case rowOffsets(UnsafePointer<Int>)
}

/// How matrices are blocked.
public enum Blocked {
  /// Rows that the kernel computes at once: eight by two blocks of columns are sixteen sums, which
  /// vector registers hold.
  public static let rows = 8
  /// Columns of a block.
  public static let width = 16
  /// Whether vector registers hold those sums: thirty-two of sixteen numbers do. Elsewhere four rows of
  /// one block are computed at once, which sixteen registers of eight numbers hold.
  static var isWide: Bool { LIMBECK_WIDE_REGISTERS != 0 }
  /// Depth after which sums go to memory: a panel of B this deep stays in the second-level cache
  /// while all rows pass over it.
  static let depth = 512

  /// `count` rounded up to whole groups of rows.
  public static func paddedRows(_ count: Int) -> Int { (count + rows - 1) / rows * rows }
  /// Blocks that hold `count` columns.
  public static func blocks(_ count: Int) -> Int { (count + width - 1) / width }
}

/// The operands of a blocked product C = A B or C += A B.
public struct BlockedProduct<T: BLASElement> {
  /// Rows of A and C, a multiple of `Blocked.rows`.
  public var rows: Int
  /// Blocks of columns of B and C.
  public var blocks: Int
  /// Columns of A, rows of B.
  public var depth: Int
  /// The left side.
  public var a: UnsafePointer<T>
  /// Where its elements are.
  public var order: BlockedOrder
  /// The right side: its rows of 16 follow each other, block j begins at `j * bBlock`.
  public var b: UnsafePointer<T>
  /// See `b`.
  public var bBlock: Int
  /// The result, laid out as B.
  public var c: UnsafeMutablePointer<T>
  /// See `c`.
  public var cBlock: Int
  /// Numbers from one row of C to the next: 16, or a whole matrix's row, of which C is some columns.
  public var cRow: Int
  /// Whether the product is added to what C holds.
  public var adds: Bool

  /// Member by member.
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

  /// Four rows of one block, from the row `first` of eight.
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

// Concrete, so that other modules call code that was compiled for the type.
extension Float {
  /// See `BLASElement`.
  public static func multiply(_ product: BlockedProduct<Float>) { product.run() }
}
extension Double {
  /// See `BLASElement`.
  public static func multiply(_ product: BlockedProduct<Double>) { product.run() }
}
