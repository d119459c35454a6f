import Glibc
import Host

extension Tensor {
  /// `x[index]`. If only leading axes are indexed by items and slices, the result shares storage.
  /// Throws `index`, `shape`.
  public func at(_ index: [TensorIndex]) throws -> Tensor {
    let plan = try IndexPlan(index, of: shape)
    if plan.isBasic {
      let own = Tensor.strides(plan.shape)
      let isContiguous =
        zip(plan.shape.indices, plan.strides).allSatisfy {
          plan.shape[$0] == 1 || own[$0] == $1
        } || plan.shape.contains(0)
      if isContiguous {
        let size = plan.shape.reduce(1, *)
        return Tensor(
          dtype: dtype, shape: plan.shape, count: size, storage: storage,
          offset: size == 0 ? 0 : offset + plan.start)
      }
      return try strided(plan.shape, plan.strides, start: plan.start)
    }
    let result = try Tensor(uninitialized: plan.shape, dtype)
    let size = dtype.size
    readBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      plan.forEachRun { from, to, length in
        let (source, target) = (base + from * size, result.storage.pointer + to * size)
        // Single elements of the usual size, as selected by a mask, do not justify a call.
        if length * size == 4 {
          target.storeBytes(of: source.loadUnaligned(as: UInt32.self), as: UInt32.self)
        } else {
          memcpy(target, source, length * size)
        }
      }
    }
    return result
  }

  /// `x[index] = value`; the value is broadcast to the selection and converted to this tensor's
  /// type. If an index selects an element twice, the last value is stored. Throws `index`, `shape`,
  /// `dtype`.
  public mutating func assign(_ index: [TensorIndex], _ value: Tensor) throws {
    guard value.dtype <= dtype || dtype.isFloating else {
      throw Failure(
        "dtype", "tensors of \(dtype.name) can't hold \(value.dtype.name) values",
        hint: "convert one of them: x.astype(\"\(value.dtype.name)\")")
    }
    let plan = try IndexPlan(index, of: shape)
    // Leading axes of size 1 are ignored, as in NumPy.
    var source = try value.cast(to: dtype)
    while source.rank > plan.shape.count, source.shape.first == 1 { source = source.item(0) }
    guard (try? Tensor.broadcastShape(source.shape, plan.shape, in: "")) == plan.shape else {
      throw Failure(
        "shape",
        "a value of shape \(Tensor.describe(value.shape)) does not fit the "
          + "\(Tensor.describe(plan.shape)) elements that are assigned to")
    }
    source = try source.broadcast(to: plan.shape)
    let size = dtype.size
    try writeBytes { target in
      source.readBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        plan.forEachRun { to, from, length in
          memcpy(target + to * size, base + from * size, length * size)
        }
      }
    }
  }

  /// Zeros of `shape` with `values` added at `index`: the backward pass of `at`. Floating-point
  /// only.
  public static func scattered(_ values: Tensor, at index: [TensorIndex], shape: [Int]) throws
    -> Tensor
  {
    let plan = try IndexPlan(index, of: shape)
    precondition(values.shape == plan.shape && values.dtype.isFloating)
    let result = try Tensor(zeros: shape, values.dtype)
    if values.dtype == .float32 {
      scatter(values, result, plan, Float.self)
    } else {
      scatter(values, result, plan, Double.self)
    }
    return result
  }

  private static func scatter<T: FloatElement>(
    _ values: Tensor, _ result: Tensor, _ plan: IndexPlan, _: T.Type
  ) {
    values.read(T.self) { values in
      result.fill(T.self) { out in
        plan.forEachRun { to, from, length in
          for i in 0..<length { out[to + i] += values[from + i] }
        }
      }
    }
  }

  /// Gives write access to the raw bytes, copying them first if another tensor shares them.
  public mutating func writeBytes<R>(_ body: (UnsafeMutableRawPointer) throws -> R) throws -> R {
    try own()
    return try withExtendedLifetime(storage) { try body(storage.pointer + offset * dtype.size) }
  }
}
