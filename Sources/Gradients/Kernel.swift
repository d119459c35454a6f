import Tensors

/// The element types that gradients are taken in.
typealias Real = FloatElement

// Kernels are types and not closures, because a closure can't be generic: one declaration serves
// float32 and, for the checks, float64, and the compiler specialises the loops for both.

/// A function of one element.
protocol UnaryKernel { static func apply<T: Real>(_ x: T) -> T }
/// A function of two elements.
protocol BinaryKernel { static func apply<T: Real>(_ x: T, _ y: T) -> T }
/// A function of three elements.
protocol TernaryKernel { static func apply<T: Real>(_ x: T, _ y: T, _ z: T) -> T }

/// Elements a pool part of an element-wise loop takes.
let elementGrain = 1 << 14

/// `kernel` of every element.
func map<K: UnaryKernel>(_ kernel: K.Type, _ x: Tensor) throws -> Tensor {
  func run<T: Real>(_: T.Type) throws -> Tensor {
    let count = x.count
    var result = try Tensor(uninitialized: x.shape, T.dtype)
    try x.read(T.self) { x in
      try result.write(T.self) { r in
        parallel(count, grain: elementGrain) { for i in $0 { r[i] = K.apply(x[i]) } }
      }
    }
    return result
  }
  return try x.dtype == .float64 ? run(Double.self) : run(Float.self)
}

/// `kernel` of the elements of two tensors of one shape.
func zip<K: BinaryKernel>(_ kernel: K.Type, _ x: Tensor, _ y: Tensor) throws -> Tensor {
  precondition(x.count == y.count && x.dtype == y.dtype)
  func run<T: Real>(_: T.Type) throws -> Tensor {
    let count = x.count
    var result = try Tensor(uninitialized: x.shape, T.dtype)
    try x.read(T.self) { x in
      try y.read(T.self) { y in
        try result.write(T.self) { r in
          parallel(count, grain: elementGrain) { for i in $0 { r[i] = K.apply(x[i], y[i]) } }
        }
      }
    }
    return result
  }
  return try x.dtype == .float64 ? run(Double.self) : run(Float.self)
}

/// `x = kernel(x, y)`, in place where nobody else holds x.
func update<K: BinaryKernel>(_ kernel: K.Type, _ x: inout Tensor, _ y: Tensor) throws {
  precondition(x.count == y.count && x.dtype == y.dtype)
  func run<T: Real>(_: T.Type, _ x: inout Tensor) throws {
    let count = x.count
    try y.read(T.self) { y in
      try x.write(T.self) { x in
        parallel(count, grain: elementGrain) { for i in $0 { x[i] = K.apply(x[i], y[i]) } }
      }
    }
  }
  if x.dtype == .float64 { try run(Double.self, &x) } else { try run(Float.self, &x) }
}

/// `x = kernel(x)`, in place where nobody else holds x.
func update<K: UnaryKernel>(_ kernel: K.Type, _ x: inout Tensor) throws {
  func run<T: Real>(_: T.Type, _ x: inout Tensor) throws {
    let count = x.count
    try x.write(T.self) { x in
      parallel(count, grain: elementGrain) { for i in $0 { x[i] = K.apply(x[i]) } }
    }
  }
  if x.dtype == .float64 { try run(Double.self, &x) } else { try run(Float.self, &x) }
}

/// `x = kernel(x, y, z)`, in place where nobody else holds x.
func update<K: TernaryKernel>(_ kernel: K.Type, _ x: inout Tensor, _ y: Tensor, _ z: Tensor) throws
{
  precondition(x.count == y.count && x.count == z.count && x.dtype == y.dtype && x.dtype == z.dtype)
  func run<T: Real>(_: T.Type, _ x: inout Tensor) throws {
    let count = x.count
    try y.read(T.self) { y in
      try z.read(T.self) { z in
        try x.write(T.self) { x in
          parallel(count, grain: elementGrain) { for i in $0 { x[i] = K.apply(x[i], y[i], z[i]) } }
        }
      }
    }
  }
  if x.dtype == .float64 { try run(Double.self, &x) } else { try run(Float.self, &x) }
}

/// The sum of a run, in sixteen lanes, so that it is vectorised and always in one order.
@inline(__always)
func sum<T: Real>(_ run: UnsafePointer<T>, _ count: Int) -> T {
  var lanes = SIMD16<T>(repeating: 0)
  let bytes = UnsafeRawPointer(run)
  var i = 0
  while i + 16 <= count {
    lanes += bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.size, as: SIMD16<T>.self)
    i += 16
  }
  var total: T = 0
  for lane in 0..<16 { total += lanes[lane] }
  while i < count {
    total += run[i]
    i += 1
  }
  return total
}
