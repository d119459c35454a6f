import Formats
import Gradients
import Host
import Tensors

/// `(x - mean) / deviation`, like the transform of the same name, but differentiable. Not trained.
/// One value for each channel is part of the layer's description, so a file has no tensors for it;
/// an average image is a buffer.
public final class Normalize: Layer {
  private let mean: Buffer
  private let deviation: Buffer
  /// Whether the values are tensors of a file. Earlier versions wrote all values like that.
  private let isStored: Bool

  /// Creates a layer with one value each, one per channel, or as the mean an average image of
  /// `imageShape`.
  public convenience init(mean: [Float], deviation: [Float], imageShape: [Int]? = nil) throws {
    self.init(
      mean: Buffer(try Tensor(mean, shape: [1] + (imageShape ?? [mean.count, 1, 1]))),
      deviation: Buffer(try Tensor(deviation, shape: [1, deviation.count, 1, 1])),
      isStored: imageShape != nil)
  }

  private init(mean: Buffer, deviation: Buffer, isStored: Bool) {
    (self.mean, self.deviation, self.isStored) = (mean, deviation, isStored)
  }

  /// The values, with the shape of the average image if the mean is one.
  public var values: (mean: [Float], deviation: [Float], imageShape: [Int]?)? {
    guard let mean = mean.value, let deviation = deviation.value else { return nil }
    let isImage = mean.shape[2] * mean.shape[3] > 1
    return (
      mean.array(Float.self), deviation.array(Float.self),
      isImage ? Array(mean.shape.dropFirst()) : nil
    )
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    Normalize(mean: mean.copy(), deviation: deviation.copy(), isStored: isStored)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    guard let mean = mean.value, let deviation = deviation.value, x.shape.count == 4,
      fits(mean.shape, x.shape), fits(deviation.shape, x.shape)
    else {
      throw Failure(
        "shape",
        "normalize: wants images [n, c, h, w] that fit the mean "
          + "\(Tensor.describe(Array((mean.value?.shape ?? []).dropFirst()))), got \(Tensor.describe(x.shape))"
      )
    }
    return try (x - Variable(mean)) / Variable(deviation)
  }

  /// Whether values of a shape can be broadcast to images of another shape without enlarging them.
  private func fits(_ shape: [Int], _ images: [Int]) -> Bool {
    zip(shape, images).allSatisfy { $0 == 1 || $0 == $1 }
  }

  static let kind = LayerKind("normalize") { try Normalize($0) }
  override public var kind: LayerKind? { Normalize.kind }
  override public var ownBuffers: [(name: String, buffer: Buffer)] {
    isStored ? [("mean", mean), ("std", deviation)] : []
  }
  override public func operations(input: [Int], output: [Int]) -> Int { 2 * input.reduce(1, *) }
  override public var configuration: [(name: String, value: JSON)]? {
    func sizes(_ buffer: Buffer) -> JSON { JSON(Array((buffer.value?.shape ?? []).dropFirst())) }
    func numbers(_ buffer: Buffer) -> JSON {
      .array((buffer.value?.array(Float.self) ?? []).map { .number(Double($0)) })
    }
    return isStored
      ? [("mean", sizes(mean)), ("std", sizes(deviation))]
      : [("means", numbers(mean)), ("stds", numbers(deviation))]
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    func constant(_ buffer: Buffer, _ name: String) throws -> String {
      guard let value = buffer.value else {
        throw ONNXExport.failure(label, at: path, "which has no values")
      }
      return file.constant(.tensor(value), named: "\(path).\(name)")
    }
    let x = inputs[0]
    let names = (try constant(mean, "mean"), try constant(deviation, "std"))
    let centred = file.node("Sub", [x.name, names.0], at: "\(path)_centred", shape: x.shape)
    return file.node("Div", [centred.name, names.1], at: path, shape: x.shape)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    if case .array(let means)? = reader.optional("means"),
      case .array(let deviations)? = reader.optional("stds"),
      !means.isEmpty, !deviations.isEmpty
    {
      try self.init(
        mean: reader.numbers("means", count: means.count).map { Float($0) },
        deviation: reader.numbers("stds", count: deviations.count).map { Float($0) })
      return
    }
    func buffer(_ name: String, _ standard: Float) throws -> Buffer {
      let sizes = try reader.numbers(name, count: 3).map { Int(exactly: $0) ?? 0 }
      guard sizes.allSatisfy({ (1...65536).contains($0) }), sizes.reduce(1, *) <= 1 << 24 else {
        throw reader.wrong(name)
      }
      return Buffer(
        try Tensor([Float](repeating: standard, count: sizes.reduce(1, *)), shape: [1] + sizes))
    }
    self.init(mean: try buffer("mean", 0), deviation: try buffer("std", 1), isStored: true)
  }
}
