import Formats
import Gradients
import Host

/// Pooling: the maximum or mean of each window that moves over the image.
public final class Pooling: Layer {
  /// The function applied to each window.
  public enum Kind: Sendable, Equatable {
    /// The maximum.
    case max
    /// The mean, with padding counted as zeros.
    case average
    /// The mean of what is inside the image.
    case insideAverage
  }

  /// The kind of pooling.
  public let taken: Kind
  /// Height and width of the window.
  public let size: (height: Int, width: Int)
  /// Strides and padding of the window.
  public let window: Window

  /// Creates a layer.
  public init(_ taken: Kind, size: (Int, Int), window: Window) {
    self.taken = taken
    self.size = size
    self.window = window
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    Pooling(taken, size: size, window: window)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    switch taken {
    case .max: try x.maxPool(size: size, window: window)
    case .average: try x.avgPool(size: size, window: window)
    case .insideAverage:
      try window.padding == .none ? x.avgPool(size: size, window: window) : insideAverage(x)
    }
  }

  /// Maxima are taken of what is normalised on the way.
  override public func fused(with fusion: Fusion, _ pass: Pass) -> (
    (Deferred) throws -> Deferred
  )? {
    guard fusion == .none, taken == .max else { return nil }
    return {
      pass.noteReading($0)
      return Deferred(try $0.maxPool(size: self.size, window: self.window))
    }
  }

  /// The means divided by the share of each window that is inside the image.
  private func insideAverage(_ x: Variable) throws -> Variable {
    let y = try x.avgPool(size: size, window: window)
    let inside = try Variable(.ones([1, 1] + x.shape.suffix(2)).cast(to: x.value.dtype))
    return try y / inside.avgPool(size: size, window: window)
  }

  /// The maxima of adjacent squares can be computed while a convolution writes its output.
  override public func fusion(after fusion: Fusion, _ pass: Pass) -> Fusion? {
    fusion == .relu && taken == .max && size.height == size.width
      && window.stride == (size.height, size.width) && window.padding == .none
      && (2...15).contains(size.height) ? .reluPool(size.height) : nil
  }

  static let max = LayerKind("max_pool") { try Pooling(.max, $0) }
  static let average = LayerKind("avg_pool") { reader in
    try Pooling(
      reader.bool("count_padding", default: true) ? .average : .insideAverage, reader)
  }
  override public var kind: LayerKind? { taken == .max ? Pooling.max : Pooling.average }
  override public var label: String {
    let text = size.height == size.width ? "\(size.height)" : "[\(size.height), \(size.width)]"
    let inside = taken == .insideAverage ? ", count_padding: false" : ""
    return super.label + "(\(text)\(window.describe(stride: [size.height, size.width]))\(inside))"
  }
  override public func operations(input: [Int], output: [Int]) -> Int {
    output.reduce(1, *) * size.height * size.width
  }
  override public var configuration: [(name: String, value: JSON)]? {
    [
      ("size", JSON([size.height, size.width])), ("stride", window.strideJSON),
      ("padding", window.paddingJSON),
    ] + (taken == .insideAverage ? [("count_padding", .bool(false))] : [])
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    try node(
      taken == .max ? "MaxPool" : "AveragePool", inputs, [],
      window.onnx(size, inputs[0])
        + (taken == .max ? [] : [("count_include_pad", .int(taken == .average ? 1 : 0))]),
      to: file, at: path)
  }

  convenience init(_ taken: Kind, _ reader: ArchitectureReader) throws {
    let size = try reader.integers("size", count: 2)
    self.init(taken, size: (size[0], size[1]), window: try reader.window())
  }
}
