import Formats
import Gradients
import Host
import Tensors

/// What a pretrained network does to its input first: `x · scale - mean`, the mean one number a
/// channel. Not trained.
public final class InputScale: Layer {
  private let scale: Double
  private let mean: Buffer

  /// Makes a layer for images of `mean.count` channels.
  public convenience init(scale: Double, mean: [Float]) throws {
    self.init(scale: scale, mean: Buffer(try Tensor(mean, shape: [1, mean.count, 1, 1])))
  }

  private init(scale: Double, mean: Buffer) {
    self.scale = scale
    self.mean = mean
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    InputScale(scale: scale, mean: mean.copy())
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    guard let mean = mean.value, x.shape.count == 4, x.shape[1] == mean.count else {
      throw Failure(
        "shape",
        "input_scale: wants images [n, \(mean.value?.count ?? 0), h, w], got "
          + Tensor.describe(x.shape))
    }
    let scaled = scale == 1 ? x : try Variable.apply(.multiply, x, scale)
    return try scaled - Variable(mean)
  }

  override public var kind: String { "input_scale" }
  override public var ownBuffers: [(name: String, buffer: Buffer)] { [("mean", mean)] }
  override public func operations(input: [Int], output: [Int]) -> Int { 2 * input.reduce(1, *) }
  override public var architecture: JSON? {
    .object([
      ("kind", .string(kind)), ("scale", .number(scale)),
      ("channels", .number(Double(mean.value?.count ?? 0))),
    ])
  }

  convenience init(_ reader: ArchitectureReader) throws {
    let channels = try reader.integer("channels")
    guard (1...1024).contains(channels) else { throw reader.wrong("channels") }
    try self.init(
      scale: reader.number("scale"), mean: [Float](repeating: 0, count: channels))
  }
}
