import Glibc
import Host

extension Tensor {
  /// The same elements in another shape; one size may be -1, which is inferred. Shares storage.
  /// Throws `shape`.
  public func reshape(_ wanted: [Int]) throws -> Tensor {
    guard wanted.contains(-1) else { return try reshaped(wanted) }
    let rest = wanted.filter { $0 != -1 }.reduce(1) { $0.multipliedReportingOverflow(by: $1).0 }
    guard wanted.filter({ $0 == -1 }).count == 1, rest > 0, count % rest == 0 else {
      throw Failure(
        "shape",
        "reshape: \(Tensor.describe(shape)) has \(count) elements, which do not fit "
          + Tensor.describe(wanted))
    }
    return try reshaped(wanted.map { $0 == -1 ? count / rest : $0 })
  }

  /// Merges the axes from `start` on into one; shares storage.
  public func flattened(from start: Int = 0) throws -> Tensor {
    if rank == 0 { return try reshaped([1]) }
    let start = try resolve(axis: start, in: "flatten")
    return try reshaped(Array(shape[..<start]) + [shape[start...].reduce(1, *)])
  }

  /// Removes the axes of size 1, or only `axes`, which must be of size 1.
  public func squeezed(axes: [Int]? = nil) throws -> Tensor {
    guard let axes else { return try reshaped(shape.filter { $0 != 1 }) }
    let gone = try resolve(axes, in: "squeeze")
    for axis in gone where shape[axis] != 1 {
      throw Failure(
        "shape", "squeeze: axis \(axis) of \(Tensor.describe(shape)) has size \(shape[axis]), not 1"
      )
    }
    return try reshaped(shape.indices.filter { !gone.contains($0) }.map { shape[$0] })
  }

  /// Adds an axis of size 1 at position `axis` of the result.
  public func expanded(axis: Int) throws -> Tensor {
    guard axis >= -rank - 1, axis <= rank else {
      throw Failure(
        "axis",
        "expand_dims: axis must be in \(-rank - 1)..\(rank) for \(Tensor.describe(shape)), "
          + "got \(axis)")
    }
    var new = shape
    new.insert(1, at: axis < 0 ? axis + rank + 1 : axis)
    return try reshaped(new)
  }

  /// The tensor with permuted axes; nil reverses them. Throws `axis`.
  public func transposed(_ order: [Int]? = nil) throws -> Tensor {
    let order = order ?? (0..<rank).reversed()
    let axes = try order.map { try resolve(axis: $0, in: "transpose") }
    guard axes.sorted() == Array(0..<rank) else {
      throw Failure(
        "axis",
        "transpose: axes \(Tensor.describe(order)) are not an order of the \(rank) axes of "
          + Tensor.describe(shape))
    }
    if axes == Array(0..<rank) { return self }
    let strides = Tensor.strides(shape)
    return try strided(axes.map { shape[$0] }, axes.map { strides[$0] })
  }

  /// The tensor repeated along new axes and axes of size 1 to fill `target`. Throws `shape`.
  public func broadcast(to target: [Int]) throws -> Tensor {
    if target == shape { return self }
    let extra = target.count - rank
    let own = Tensor.strides(shape)
    guard extra >= 0,
      shape.indices.allSatisfy({ shape[$0] == 1 || shape[$0] == target[$0 + extra] })
    else {
      throw Failure(
        "shape",
        "broadcast_to: \(Tensor.describe(shape)) can't fill \(Tensor.describe(target)): "
          + "from the last axis back, sizes must be equal or 1")
    }
    return try strided(
      target,
      target.indices.map { $0 < extra || shape[$0 - extra] == 1 ? 0 : own[$0 - extra] })
  }

  /// The sum over the axes along which `target` was broadcast to this shape: the backward pass of
  /// broadcasting.
  public func sum(to target: [Int]) throws -> Tensor {
    if target == shape { return self }
    let extra = rank - target.count
    precondition(extra >= 0)
    let axes = shape.indices.filter {
      $0 < extra || (target[$0 - extra] == 1 && shape[$0] != 1)
    }
    return try sum(axes: axes, keepDims: true).reshaped(target)
  }

  /// The tensor reversed along axes; nil means all.
  public func flipped(axes: [Int]? = nil) throws -> Tensor {
    let axes = try resolve(axes, in: "flip")
    if count == 0 { return self }
    var strides = Tensor.strides(shape)
    var start = 0
    for axis in axes {
      start += (shape[axis] - 1) * strides[axis]
      strides[axis] = -strides[axis]
    }
    return try strided(shape, strides, start: start)
  }

  /// The concatenation of tensors along an axis. Types are widened. Throws `shape`, and `value` for
  /// an empty list.
  public static func concat(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let first = tensors.first else {
      throw Failure("value", "concat: expected one or more tensors, got none")
    }
    let axis = try first.resolve(axis: axis, in: "concat")
    let dtype = tensors.reduce(first.dtype) { max($0, $1.dtype) }
    var shape = first.shape
    shape[axis] = 0
    for tensor in tensors {
      guard tensor.rank == first.rank,
        shape.indices.allSatisfy({ $0 == axis || tensor.shape[$0] == first.shape[$0] })
      else {
        throw Failure(
          "shape",
          "concat: \(describe(first.shape)) and \(describe(tensor.shape)) differ in more than axis "
            + "\(axis)")
      }
      shape[axis] += tensor.shape[axis]
    }
    let result = try Tensor(uninitialized: shape, dtype)
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(dtype.size, *)
    let width = shape[axis] * inner
    var position = 0
    for tensor in tensors {
      let part = tensor.shape[axis] * inner
      try tensor.cast(to: dtype).readBytes { bytes in
        guard let base = bytes.baseAddress, part > 0 else { return }
        for i in 0..<outer {
          memcpy(result.storage.pointer + i * width + position, base + i * part, part)
        }
      }
      position += part
    }
    return result
  }

  /// Tensors of the same shape stacked along a new axis.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let first = tensors.first else {
      throw Failure("value", "stack: expected one or more tensors, got none")
    }
    for tensor in tensors where tensor.shape != first.shape {
      throw Failure(
        "shape", "stack: shapes differ, \(describe(first.shape)) and \(describe(tensor.shape))")
    }
    guard axis >= -first.rank - 1, axis <= first.rank else {
      throw Failure(
        "axis",
        "stack: axis must be in \(-first.rank - 1)..\(first.rank) for \(describe(first.shape)), "
          + "got \(axis)")
    }
    return try concat(try tensors.map { try $0.expanded(axis: axis) }, axis: axis)
  }

  /// The parts between split positions along an axis: `split(at: [2, 5])` returns 0..2, 2..5 and 5
  /// to the end.
  public func split(at positions: [Int], axis: Int = 0) throws -> [Tensor] {
    let axis = try resolve(axis: axis, in: "split_at")
    let size = shape[axis]
    var parts: [Tensor] = []
    var low = 0
    for position in positions + [size] {
      guard position >= low, position <= size else {
        throw Failure(
          "value",
          "split_at: positions must rise within 0..\(size), got \(Tensor.describe(positions))")
      }
      parts.append(try sliced(axis: axis, low..<position))
      low = position
    }
    return parts
  }

  /// The items in `range` along an axis; shares storage along the first axis.
  public func sliced(axis: Int, _ range: Range<Int>) throws -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= shape[axis])
    if axis == 0 { return slice(range) }
    var new = shape
    new[axis] = range.count
    let strides = Tensor.strides(shape)
    return try strided(new, strides, start: range.lowerBound * strides[axis])
  }

  /// The tensor with `before` and `after` elements of `value` added along each axis.
  public func padded(before: [Int], after: [Int], value: Double = 0) throws -> Tensor {
    guard before.count == rank, after.count == rank, (before + after).allSatisfy({ $0 >= 0 }) else {
      throw Failure(
        "shape",
        "pad: expected two whole numbers, 0 or more, for each of the \(rank) axes of "
          + Tensor.describe(shape))
    }
    var result = try Tensor.full(
      shape.indices.map { before[$0] + shape[$0] + after[$0] }, value, dtype)
    try result.assign(
      shape.indices.map { .slice(low: before[$0], high: before[$0] + shape[$0]) }, self)
    return result
  }
}
