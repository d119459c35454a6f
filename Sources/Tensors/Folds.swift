import Glibc

/// The sum of floating-point numbers, times `scale`. It is accumulated in float32 lanes within
/// short blocks and in double beyond, so that a sum of millions of elements keeps its precision.
struct FloatSum<T: FloatElement>: Fold {
  var scale = 1.0
  var initial: Double { 0 }
  func row(_ x: UnsafePointer<T>, _ n: Int, _ state: inout Double, output: Int) {
    state += T.sum(x, n)
  }
  func columns(
    _ x: UnsafePointer<T>, _ n: Int, _ states: UnsafeMutablePointer<Double>, output: Int
  ) {
    for j in 0..<n { states[j] += Double(x[j]) }
  }
  func merge(_ a: Double, _ b: Double) -> Double { a + b }
  func finish(_ state: Double, count: Int) -> T { T(state * scale) }
}

/// The sum of squared differences from each result's centre, divided by `divisor`; optionally its
/// square root.
struct SquareSum<T: FloatElement>: Fold {
  /// One centre per result; nil means 0.
  var centers: UnsafePointer<T>?
  var divisor = 1.0
  var root = false
  var initial: Double { 0 }
  func row(_ x: UnsafePointer<T>, _ n: Int, _ state: inout Double, output: Int) {
    let center = centers?[output] ?? 0
    let sum = T.sumOfSquares(x, n, center: center)
    // Squares exceed the range of float32 for numbers above 1e19 or below 1e-19.
    if T.self == Double.self || sum < 1e37 && sum > 1e-28 * Double(n) {
      state += sum
    } else {
      for i in 0..<n {
        let distance = Double(x[i]) - Double(center)
        state += distance * distance
      }
    }
  }
  func columns(
    _ x: UnsafePointer<T>, _ n: Int, _ states: UnsafeMutablePointer<Double>, output: Int
  ) {
    if let centers {
      let centers = centers + output
      for j in 0..<n {
        let distance = Double(x[j]) - Double(centers[j])
        states[j] += distance * distance
      }
    } else {
      for j in 0..<n { states[j] += Double(x[j]) * Double(x[j]) }
    }
  }
  func merge(_ a: Double, _ b: Double) -> Double { a + b }
  func finish(_ state: Double, count: Int) -> T {
    T(root ? (state / divisor).squareRoot() : state / divisor)
  }
}

/// The sum of integers as int32.
struct IntegerSum<T: FixedWidthInteger & Element>: Fold {
  let flag: OverflowFlag
  var initial: Int64 { 0 }
  func row(_ x: UnsafePointer<T>, _ n: Int, _ state: inout Int64, output: Int) {
    var sum: Int64 = 0
    for i in 0..<n { sum &+= Int64(truncatingIfNeeded: x[i]) }
    state &+= sum
  }
  func columns(
    _ x: UnsafePointer<T>, _ n: Int, _ states: UnsafeMutablePointer<Int64>, output: Int
  ) {
    for j in 0..<n { states[j] &+= Int64(truncatingIfNeeded: x[j]) }
  }
  func merge(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }
  func finish(_ state: Int64, count: Int) -> Int32 { flag.narrow(state) }
}

/// The product of floating-point numbers.
struct FloatProduct<T: FloatElement>: Fold {
  var initial: Double { 1 }
  func row(_ x: UnsafePointer<T>, _ n: Int, _ state: inout Double, output: Int) {
    for i in 0..<n { state *= Double(x[i]) }
  }
  func columns(
    _ x: UnsafePointer<T>, _ n: Int, _ states: UnsafeMutablePointer<Double>, output: Int
  ) {
    for j in 0..<n { states[j] *= Double(x[j]) }
  }
  func merge(_ a: Double, _ b: Double) -> Double { a * b }
  func finish(_ state: Double, count: Int) -> T { T(state) }
}

/// The product of int32. A factor of zero makes it zero regardless of earlier factors, so overflow
/// is recorded in the state.
struct IntegerProduct: Fold {
  let flag: OverflowFlag
  struct Product {
    var value: Int64 = 1
    var overflowed = false
    mutating func multiply(_ x: Int64) {
      if x == 0 {
        self = Product(value: 0)
      } else if !overflowed && value != 0 {
        let (product, overflow) = value.multipliedReportingOverflow(by: x)
        value = product
        overflowed = overflow || product > 1 << 31 || product < -1 << 31
      }
    }
  }
  var initial: Product { Product() }
  func row(_ x: UnsafePointer<Int32>, _ n: Int, _ state: inout Product, output: Int) {
    for i in 0..<n { state.multiply(Int64(x[i])) }
  }
  func columns(
    _ x: UnsafePointer<Int32>, _ n: Int, _ states: UnsafeMutablePointer<Product>, output: Int
  ) {
    for j in 0..<n { states[j].multiply(Int64(x[j])) }
  }
  func merge(_ a: Product, _ b: Product) -> Product {
    if a.value == 0 && !a.overflowed || b.value == 0 && !b.overflowed { return Product(value: 0) }
    if a.overflowed || b.overflowed { return Product(value: 1, overflowed: true) }
    var product = a
    product.multiply(b.value)
    return product
  }
  func finish(_ state: Product, count: Int) -> Int32 {
    if state.overflowed { flag.set() }
    return flag.narrow(state.value)
  }
}

/// The minimum or maximum of floating-point numbers; NaN if any element is NaN.
struct FloatExtreme<T: FloatElement>: Fold {
  let greatest: Bool
  var initial: T { greatest ? -.infinity : .infinity }
  func row(_ x: UnsafePointer<T>, _ n: Int, _ state: inout T, output: Int) {
    state = merge(state, greatest ? T.greatest(x, n) : T.least(x, n))
  }
  func columns(_ x: UnsafePointer<T>, _ n: Int, _ states: UnsafeMutablePointer<T>, output: Int) {
    if greatest {
      for j in 0..<n { states[j] = Maximum<T>()(x[j], states[j]) }
    } else {
      for j in 0..<n { states[j] = Minimum<T>()(x[j], states[j]) }
    }
  }
  func merge(_ a: T, _ b: T) -> T { greatest ? Maximum<T>()(a, b) : Minimum<T>()(a, b) }
  func finish(_ state: T, count: Int) -> T { state }
}

/// The minimum or maximum of integers.
struct IntegerExtreme<T: FixedWidthInteger & Element>: Fold {
  let greatest: Bool
  var initial: T { greatest ? .min : .max }
  func row(_ x: UnsafePointer<T>, _ n: Int, _ state: inout T, output: Int) {
    var best = state
    if greatest {
      for i in 0..<n { best = max(best, x[i]) }
    } else {
      for i in 0..<n { best = min(best, x[i]) }
    }
    state = best
  }
  func columns(_ x: UnsafePointer<T>, _ n: Int, _ states: UnsafeMutablePointer<T>, output: Int) {
    for j in 0..<n { states[j] = merge(states[j], x[j]) }
  }
  func merge(_ a: T, _ b: T) -> T { greatest ? max(a, b) : min(a, b) }
  func finish(_ state: T, count: Int) -> T { state }
}
