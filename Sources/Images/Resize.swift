import Glibc
import Host
import Tensors

/// Bicubic resizing of the last two axes of tensors, as PyTorch's antialiased bicubic does it. Holds
/// the weights for the pairs of sizes it has met, so that a data set's images share them.
public final class Resizer: @unchecked Sendable {
  // SAFETY: `plans` is guarded by `lock`; plans themselves never change.
  private var plans: [Int: Resample] = [:]
  private var lock = pthread_mutex_t()

  /// Makes a resizer.
  public init() { pthread_mutex_init(&lock, nil) }
  deinit { pthread_mutex_destroy(&lock) }

  private func plan(_ from: Int, _ to: Int) -> Resample {
    pthread_mutex_lock(&lock)
    defer { pthread_mutex_unlock(&lock) }
    let key = from << 32 | to
    if let plan = plans[key] { return plan }
    let plan = Resample(from: from, to: to)
    plans[key] = plan
    return plan
  }

  /// `image` [..., h, w] at another height and width, as float32 (uint8 counts as 0..1). Overshoot is
  /// kept unless `clamped`, which limits the result to 0..1. Planes are resized in parallel. Throws
  /// `image-shape` and `image-too-large`.
  public func resize(_ image: Tensor, height: Int, width: Int, clamped: Bool = false) throws
    -> Tensor
  {
    let shape = image.shape
    guard shape.count >= 2, image.count > 0, height > 0, width > 0 else {
      throw Failure(
        "image-shape",
        "resize: images are [..., height, width] and not empty, this is \(Tensor.describe(shape))")
    }
    guard height <= 1 << 16, width <= 1 << 16, shape[shape.count - 1] < 1 << 31,
      shape[shape.count - 2] < 1 << 31
    else {
      throw Failure("image-too-large", "resize: \(height) x \(width) is more than 65536 x 65536")
    }
    let source = try Pixels.floats(image)
    var result = try Tensor(uninitialized: shape.dropLast(2) + [height, width], .float32)
    let pass = Pass(
      across: plan(shape[shape.count - 1], width), down: plan(shape[shape.count - 2], height))
    let planes = source.count / (pass.across.from * pass.down.from)
    let cost = max(1, pass.across.from * pass.down.from + height * width)
    // SAFETY: plane i reads and writes its own stretch of both tensors.
    try result.write(Float.self) { output in
      source.read(Float.self) { input in
        parallel(planes, grain: max(1, 65536 / cost)) { range in
          pass.run(input, output, planes: range)
          guard clamped else { return }
          for i in range.lowerBound * height * width..<range.upperBound * height * width {
            output[i] = max(0, min(1, output[i]))
          }
        }
      }
    }
    return result
  }

  /// `image` [..., h, w] down to `height` x `width` and back up to its own size, limited to 0..1.
  public func lowres(_ image: Tensor, height: Int, width: Int) throws -> Tensor {
    let shape = image.shape
    let small = try resize(image, height: height, width: width)
    return try resize(
      small, height: shape[shape.count - 2], width: shape[shape.count - 1], clamped: true)
  }
}

/// Both axes of a resize.
private struct Pass {
  let across: Resample
  let down: Resample

  /// Resizes some planes, with one scratch block for all of them.
  func run(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, planes: Range<Int>
  ) {
    let (h, w, height, width) = (down.from, across.from, down.to, across.to)
    // The axis that shrinks more goes first, so that the other has less to do.
    let downFirst = height * w <= h * width
    let middle = downFirst ? height * w : h * width
    withUnsafeTemporaryAllocation(of: Float.self, capacity: middle + 8 * w) { block in
      guard let between = block.baseAddress else { return }
      let scratch = between + middle
      for plane in planes {
        let source = input + plane * h * w
        let target = output + plane * height * width
        if downFirst {
          down.rows(source, between, width: w)
          across.columns(between, target, height: height, scratch: scratch)
        } else {
          across.columns(source, between, height: h, scratch: scratch)
          down.rows(between, target, width: width)
        }
      }
    }
  }
}
