/// Eight rows of sixteen accumulators, in registers.
struct EightRows<T: BLASElement> {
  private var low: FourRows<T>
  private var high: FourRows<T>

  @inline(__always)
  init() { (low, high) = (FourRows(), FourRows()) }

  @inline(__always)
  init(_ c: UnsafePointer<T>, _ step: Int) {
    (low, high) = (FourRows(c, step), FourRows(c + 4 &* step, step))
  }

  /// Adds to each row the product of `b` and the row's element at depth `k + i`.
  @inline(__always)
  mutating func add<L: LeftSide>(_ b: SIMD16<T>, _ a: L, _ k: Int, _ i: Int) where L.T == T {
    low.add(b, a, 0, k, i)
    high.add(b, a, 4, k, i)
  }

  /// Stores the rows from `row` on.
  @inline(__always)
  func store(_ c: UnsafeMutablePointer<T>, _ step: Int, from row: Int) {
    if row < 4 { low.store(c, step, from: row) }
    high.store(c + 4 &* step, step, from: row &- 4)
  }
}

/// Four rows of sixteen accumulators, in registers.
struct FourRows<T: BLASElement> {
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

  /// Adds to each row the product of `b` and the element at depth `k + i` of the corresponding row
  /// of the left operand, starting at `first`.
  @inline(__always)
  mutating func add<L: LeftSide>(_ b: SIMD16<T>, _ a: L, _ first: Int, _ k: Int, _ i: Int)
  where L.T == T {
    r0.addProduct(b, SIMD16(repeating: a.number(first, k, i)))
    r1.addProduct(b, SIMD16(repeating: a.number(first &+ 1, k, i)))
    r2.addProduct(b, SIMD16(repeating: a.number(first &+ 2, k, i)))
    r3.addProduct(b, SIMD16(repeating: a.number(first &+ 3, k, i)))
  }

  /// Stores the rows from `row` on.
  @inline(__always)
  func store(_ c: UnsafeMutablePointer<T>, _ step: Int, from row: Int) {
    if row <= 0 { store16(r0, c) }
    if row <= 1 { store16(r1, c + step) }
    if row <= 2 { store16(r2, c + 2 &* step) }
    store16(r3, c + 3 &* step)
  }
}

/// Loads sixteen elements from an unaligned address.
@inlinable @inline(__always)
public func row16<T: BLASElement>(_ pointer: UnsafePointer<T>) -> SIMD16<T> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<T>.self)
}

/// Stores sixteen elements to an unaligned address.
@inlinable @inline(__always)
public func store16<T: BLASElement>(_ row: SIMD16<T>, _ pointer: UnsafeMutablePointer<T>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: row, as: SIMD16<T>.self)
}
