import Host
import Synchronization
import Tensors

/// Resizes the last two axes of tensors. It caches the weights by size, so that the images of a
/// data set share them.
public final class Resizer: Sendable {
  private struct Key: Hashable {
    let from: Int
    let to: Int
  }

  /// The interpolation.
  public let method: ResizeMethod
  private let plans = Mutex<[Key: Resample]>([:])

  /// Makes a resizer.
  public init(_ method: ResizeMethod = .bicubic) { self.method = method }

  private func plan(_ from: Int, _ to: Int) -> Resample {
    plans.withLock { plans in
      let key = Key(from: from, to: to)
      if let plan = plans[key] { return plan }
      let plan = Resample(from: from, to: to, method: method)
      // The weights of thousands of different sizes need not all be cached.
      if plans.count >= 512 { plans = [:] }
      plans[key] = plan
      return plan
    }
  }

  /// Resizes `image` [..., h, w] and returns float32 (uint8 is scaled to 0..1; pixels that are only
  /// selected, not mixed, keep their type). Overshoot is kept unless `clamped`, which clamps the
  /// result to 0..1. Planes are resized in parallel. Throws `image-shape` and `image-too-large`.
  public func resize(_ image: Tensor, height: Int, width: Int, clamped: Bool = false) throws
    -> Tensor
  {
    let shape = image.shape
    guard shape.count >= 2, image.count > 0, height > 0, width > 0 else {
      throw Failure(
        "image-shape",
        "resize: images must be [..., height, width] and not empty, got \(Tensor.describe(shape))")
    }
    guard height <= 1 << 16, width <= 1 << 16, shape[shape.count - 1] < 1 << 31,
      shape[shape.count - 2] < 1 << 31
    else {
      throw Failure("image-too-large", "resize: \(height) x \(width) exceeds 65536 x 65536")
    }
    let across = plan(shape[shape.count - 1], width)
    let down = plan(shape[shape.count - 2], height)
    if method == .nearest || (across.from == width && down.from == height) {
      let chosen = try ImageGeometry.choose(
        image.dtype == .uint8 ? image : Pixels.floats(image), rows: down.chosen,
        columns: across.chosen)
      return clamped && chosen.dtype != .uint8 ? try Pixels.clamped(chosen) : chosen
    }
    return try SeparablePass(across: across, down: down).apply(to: image, clamped: clamped)
  }

  /// Reduces `image` [..., h, w] to `height` x `width` and scales it back to its own size, clamped
  /// to 0..1 if `clamped`.
  public func lowres(_ image: Tensor, height: Int, width: Int, clamped: Bool = true) throws
    -> Tensor
  {
    let shape = image.shape
    let small = try resize(image, height: height, width: width)
    return try resize(
      small, height: shape[shape.count - 2], width: shape[shape.count - 1], clamped: clamped)
  }

  /// The gradient of images [..., `height`, `width`] that `resize` gave the size of `gradient`, which
  /// is that of the result.
  public func resizeBackward(_ gradient: Tensor, height: Int, width: Int) throws -> Tensor {
    let size = gradient.shape.suffix(2).map { $0 }
    let (across, down) = (plan(width, size[1]), plan(height, size[0]))
    if method == .nearest || size == [height, width] {
      return try ImageGeometry.chooseBackward(
        gradient, rows: down.chosen, columns: across.chosen, height: height, width: width)
    }
    return try SeparablePass(across: across, down: down).transposed.apply(to: gradient)
  }

  /// The gradient of `image` from that of what `lowres` made of it. Pixels that were clamped have
  /// none.
  public func lowresBackward(
    _ image: Tensor, _ gradient: Tensor, height: Int, width: Int, clamped: Bool
  ) throws -> Tensor {
    let (h, w) = (image.shape[image.rank - 2], image.shape[image.rank - 1])
    var own = gradient
    if clamped {
      own = try Pixels.insideUnit(
        lowres(image, height: height, width: width, clamped: false), gradient)
    }
    let small = try resizeBackward(own, height: height, width: width)
    return try resizeBackward(small, height: h, width: w)
  }
}

extension Resample {
  /// The input position with the largest weight for each output position.
  fileprivate var chosen: [Int] {
    (0..<to).map { i in
      let row = weights[i * taps..<(i + 1) * taps]
      return starts[i] + (row.indices.max { row[$0] < row[$1] } ?? row.startIndex) - row.startIndex
    }
  }
}

/// A weighted sum along both axes.
struct SeparablePass {
  let across: Resample
  let down: Resample

  /// Filters [..., h, w] and returns float32 [..., height, width].
  func apply(to image: Tensor, clamped: Bool = false) throws -> Tensor {
    let (height, width) = (down.to, across.to)
    let source = try Pixels.floats(image)
    var result = try Tensor(
      uninitialized: image.shape.dropLast(2) + [height, width], .float32)
    let planes = source.count / (across.from * down.from)
    let cost = max(1, across.from * down.from + height * width)
    // SAFETY: plane i reads and writes its own range of both tensors.
    try result.write(Float.self) { output in
      try source.read(Float.self) { input in
        try stoppableParallel(planes, grain: max(1, 65536 / cost)) { range in
          try run(input, output, planes: range)
          guard clamped else { return }
          for i in range.lowerBound * height * width..<range.upperBound * height * width {
            output[i] = Pixels.limited(output[i])
          }
        }
      }
    }
    return result
  }

  /// Processes some planes, with one scratch block for all of them.
  private func run(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, planes: Range<Int>
  ) throws {
    let (h, w, height, width) = (down.from, across.from, down.to, across.to)
    // The axis that shrinks more comes first, so that the other has less to do.
    let downFirst = height * w <= h * width
    let middle = downFirst ? height * w : h * width
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: middle + across.scratchCount) {
      block in
      guard let between = block.baseAddress else { return }
      let scratch = between + middle
      for plane in planes {
        let source = input + plane * h * w
        let target = output + plane * height * width
        if downFirst {
          try down.rows(source, between, width: w)
          try across.columns(between, target, height: height, scratch: scratch)
        } else {
          try across.columns(source, between, height: h, scratch: scratch)
          try down.rows(between, target, width: width)
        }
      }
    }
  }
}
