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

/// The left side as the kernel reads it.
private protocol LeftSide {
  associatedtype T: BLASElement
  /// The same from `row` and `depth` on, multiples of 8 and 16.
  func moved(_ row: Int, _ depth: Int) -> Self
  /// The number of one of eight rows at depth `k + i`, `k` a multiple of 16, `i` below 16.
  func number(_ row: Int, _ k: Int, _ i: Int) -> T
}

private struct ByRows<T: BLASElement>: LeftSide {
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

private struct ByDepths<T: BLASElement>: LeftSide {
  let a: UnsafePointer<T>
  let step: Int

  @inline(__always)
  func moved(_ row: Int, _ depth: Int) -> Self {
    ByDepths(a: a + row + depth &* step, step: step)
  }
  @inline(__always)
  func number(_ row: Int, _ k: Int, _ i: Int) -> T { a[(k &+ i) &* step &+ row] }
}

private struct ByDepthOffsets<T: BLASElement>: LeftSide {
  let a: UnsafePointer<T>
  let offsets: UnsafePointer<Int>

  @inline(__always)
  func moved(_ row: Int, _ depth: Int) -> Self {
    ByDepthOffsets(a: a + row, offsets: offsets + depth)
  }
  @inline(__always)
  func number(_ row: Int, _ k: Int, _ i: Int) -> T { a[offsets[k &+ i] &+ row] }
}

private struct ByRowOffsets<T: BLASElement>: LeftSide {
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

/// Eight rows of sixteen sums, in registers.
private struct EightRows<T: BLASElement> {
  private var low: FourRows<T>
  private var high: FourRows<T>

  @inline(__always)
  init() { (low, high) = (FourRows(), FourRows()) }

  @inline(__always)
  init(_ c: UnsafePointer<T>, _ step: Int) {
    (low, high) = (FourRows(c, step), FourRows(c + 4 &* step, step))
  }

  /// Adds to each row the product of `b` and the row's number at depth `k + i`.
  @inline(__always)
  mutating func add<L: LeftSide>(_ b: SIMD16<T>, _ a: L, _ k: Int, _ i: Int) where L.T == T {
    low.add(b, a, 0, k, i)
    high.add(b, a, 4, k, i)
  }

  @inline(__always)
  func store(_ c: UnsafeMutablePointer<T>, _ step: Int) {
    low.store(c, step)
    high.store(c + 4 &* step, step)
  }
}

/// Four rows of sixteen sums, in registers.
private struct FourRows<T: BLASElement> {
  private var (r0, r1, r2, r3) = (SIMD16<T>(), SIMD16<T>(), SIMD16<T>(), SIMD16<T>())

  @inline(__always)
  init() {}

  @inline(__always)
  init(_ c: UnsafePointer<T>, _ step: Int) {
    r0 = row16(c)
    r1 = row16(c + step)
    r2 = row16(c + 2 &* step)
    r3 = row16(c + 3 &* step)
  }

  /// Adds to each row the product of `b` and the number at depth `k + i` of the left side's row, from
  /// `first` on.
  @inline(__always)
  mutating func add<L: LeftSide>(_ b: SIMD16<T>, _ a: L, _ first: Int, _ k: Int, _ i: Int)
  where L.T == T {
    r0.addProduct(b, SIMD16(repeating: a.number(first, k, i)))
    r1.addProduct(b, SIMD16(repeating: a.number(first &+ 1, k, i)))
    r2.addProduct(b, SIMD16(repeating: a.number(first &+ 2, k, i)))
    r3.addProduct(b, SIMD16(repeating: a.number(first &+ 3, k, i)))
  }

  @inline(__always)
  func store(_ c: UnsafeMutablePointer<T>, _ step: Int) {
    store16(r0, c)
    store16(r1, c + step)
    store16(r2, c + 2 &* step)
    store16(r3, c + 3 &* step)
  }
}

/// Sixteen numbers from anywhere.
@inlinable @inline(__always)
public func row16<T: BLASElement>(_ pointer: UnsafePointer<T>) -> SIMD16<T> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<T>.self)
}

/// Sixteen numbers to anywhere.
@inlinable @inline(__always)
public func store16<T: BLASElement>(_ row: SIMD16<T>, _ pointer: UnsafeMutablePointer<T>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: row, as: SIMD16<T>.self)
}
