import Host

/// NumPy's broadcasting of two contiguous operands with different shapes. The result is divided
/// into rows in which each operand either advances element by element or stays at one element.
struct Broadcast {
  /// The result's shape.
  let shape: [Int]
  /// The number of result elements per row, and the number of rows.
  let inner: Int
  let rows: Int
  /// Whether each operand advances within a row.
  let stepA: Bool
  let stepB: Bool
  /// The outer axes, merged where both operands allow it, outermost first.
  private let sizes: [Int]
  private let stridesA: [Int]
  private let stridesB: [Int]

  init(_ a: [Int], _ b: [Int], in operation: @autoclosure () -> String) throws {
    let shape = try Tensor.broadcastShape(a, b, in: operation())
    self.shape = shape
    let rank = shape.count
    var sizes: [Int] = []
    var stridesA: [Int] = []
    var stridesB: [Int] = []
    var spanA = 1
    var spanB = 1
    // From the innermost axis outwards; an axis is merged with the next inner one if both operands
    // allow it.
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      let size = shape[axis]
      let sizeA = axis - rank + a.count >= 0 ? a[axis - rank + a.count] : 1
      let sizeB = axis - rank + b.count >= 0 ? b[axis - rank + b.count] : 1
      if size == 1 { continue }
      let strideA = sizeA == 1 ? 0 : spanA
      let strideB = sizeB == 1 ? 0 : spanB
      spanA *= sizeA
      spanB *= sizeB
      if let last = sizes.indices.last, strideA == stridesA[last] * sizes[last],
        strideB == stridesB[last] * sizes[last]
      {
        sizes[last] *= size
      } else {
        sizes.append(size)
        stridesA.append(strideA)
        stridesB.append(strideB)
      }
    }
    inner = sizes.first ?? 1
    // A single element may be treated as a row of one.
    stepA = (stridesA.first ?? 1) != 0
    stepB = (stridesB.first ?? 1) != 0
    self.sizes = sizes.dropFirst().reversed()
    self.stridesA = stridesA.dropFirst().reversed()
    self.stridesB = stridesB.dropFirst().reversed()
    rows = self.sizes.reduce(1, *)
  }

  /// The positions of the operands at the start of a row.
  @inline(__always)
  func start(_ row: Int) -> (Int, Int) {
    var rest = row
    var a = 0
    var b = 0
    var axis = sizes.count - 1
    while axis >= 0 {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: sizes[axis])
      a += remainder * stridesA[axis]
      b += remainder * stridesB[axis]
      rest = quotient
      axis -= 1
    }
    return (a, b)
  }
}

extension Tensor {
  /// The shape of an element-wise operation on two operands. Throws `shape` if they cannot be
  /// broadcast.
  public static func broadcastShape(
    _ a: [Int], _ b: [Int], in operation: @autoclosure () -> String
  ) throws -> [Int] {
    if a == b { return a }
    let rank = max(a.count, b.count)
    var shape = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
      let sizeA = axis - rank + a.count >= 0 ? a[axis - rank + a.count] : 1
      let sizeB = axis - rank + b.count >= 0 ? b[axis - rank + b.count] : 1
      guard sizeA == sizeB || sizeA == 1 || sizeB == 1 else {
        throw Failure(
          "shape",
          "\(operation()): shapes \(describe(a)) and \(describe(b)) do not fit: "
            + "from the last axis back, sizes must be equal or 1")
      }
      shape[axis] = sizeA == 1 ? sizeB : sizeA
    }
    return shape
  }
}

/// The number of elements that justifies a separate part in a pass over memory.
let grainElements = 1 << 15

/// Applies `f` to the elements of a tensor, in parallel if there are many.
@inline(__always)
func map<F: Function1>(_ x: Tensor, _ f: F) throws -> Tensor {
  let result = try Tensor(uninitialized: x.shape, F.Output.dtype)
  try x.read(F.Input.self) { x in
    try result.fill(F.Output.self) { out in
      try longParallel(result.count, grain: grainElements) { range in
        for i in range { out[i] = f(x[i]) }
      }
    }
  }
  return result
}

/// Applies `f` to pairs of elements of two tensors, with broadcasting.
@inline(__always)
func zip<F: Function2>(_ a: Tensor, _ b: Tensor, _ f: F, in operation: String) throws -> Tensor {
  let plan = try Broadcast(a.shape, b.shape, in: operation)
  let result = try Tensor(uninitialized: plan.shape, F.Output.dtype)
  if result.count == 0 { return result }
  a.read(F.Input.self) { a in
    b.read(F.Input.self) { b in
      result.fill(F.Output.self) { out in
        // Long rows are divided into pieces.
        let piece = min(plan.inner, grainElements)
        let pieces = (plan.inner - 1) / piece + 1
        parallel(plan.rows * pieces, grain: max(1, grainElements / piece)) { parts in
          for part in parts {
            let row = part / pieces
            let low = part % pieces * piece
            let count = min(piece, plan.inner - low)
            let start = plan.start(row)
            let out = out + row * plan.inner + low
            if plan.stepA && plan.stepB {
              let a = a + start.0 + low
              let b = b + start.1 + low
              for i in 0..<count { out[i] = f(a[i], b[i]) }
            } else if plan.stepA {
              let a = a + start.0 + low
              let b = b[start.1]
              for i in 0..<count { out[i] = f(a[i], b) }
            } else {
              let a = a[start.0]
              let b = b + start.1 + low
              for i in 0..<count { out[i] = f(a, b[i]) }
            }
          }
        }
      }
    }
  }
  return result
}

extension Tensor {
  /// Writes the elements of a tensor that was just created and is not shared.
  @inline(__always)
  func fill<T: Element, R>(_: T.Type, _ body: (UnsafeMutablePointer<T>) throws -> R) rethrows -> R {
    precondition(T.dtype == dtype)
    return try withExtendedLifetime(storage) {
      try body((storage.pointer + offset * dtype.size).assumingMemoryBound(to: T.self))
    }
  }
}
