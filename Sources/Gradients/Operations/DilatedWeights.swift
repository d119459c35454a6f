import Host
import Tensors

extension Variable {
  /// The weights `[out, in, kh, kw]` of a convolution as those of a larger window, with zeros
  /// between them: windows whose neighbouring elements are `dilation` pixels apart. Throws `shape`.
  public func dilated(by dilation: (y: Int, x: Int)) throws -> Variable {
    if dilation == (1, 1) { return self }
    guard shape.count == 4, shape[2] >= 1, shape[3] >= 1 else {
      throw Failure(
        "shape", "dilation: weights must be [out, in, h, w], got \(Tensor.describe(shape))")
    }
    let (outer, height, width) = (Array(shape[..<2]), shape[2], shape[3])
    let span = Variable.span((height, width), dilation)
    return try reshape(outer + [height, 1, width, 1])
      .padded(before: [0, 0, 0, 0, 0, 0], after: [0, 0, 0, dilation.y - 1, 0, dilation.x - 1])
      .reshape(outer + [height * dilation.y, width * dilation.x])
      .at([
        .slice(low: nil, high: nil), .slice(low: nil, high: nil),
        .slice(low: 0, high: span.height), .slice(low: 0, high: span.width),
      ])
  }

  /// Height and width of the part of an image that a dilated window of a size reaches.
  public static func span(_ size: (height: Int, width: Int), _ dilation: (y: Int, x: Int)) -> (
    height: Int, width: Int
  ) {
    ((size.height - 1) * dilation.y + 1, (size.width - 1) * dilation.x + 1)
  }
}
