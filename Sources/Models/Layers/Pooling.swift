import Formats
import Gradients
import Host

/// The maximum or mean of windows that move over the image.
public final class Pool: Layer {
  /// What is taken of a window.
  public enum Kind: String, Sendable {
    /// The greatest element.
    case max = "max_pool"
    /// The mean, padding counted as zeros.
    case average = "avg_pool"
  }

  /// What is taken.
  public let taken: Kind
  /// Rows and columns of the window.
  public let size: (height: Int, width: Int)
  /// Its strides and padding.
  public let window: Window

  /// Makes a layer.
  public init(_ taken: Kind, size: (Int, Int), window: Window) {
    self.taken = taken
    self.size = size
    self.window = window
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    Pool(taken, size: size, window: window)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    switch taken {
    case .max: try x.maxPool(size: size, window: window)
    case .average: try x.avgPool(size: size, window: window)
    }
  }

  /// The size, if windows are squares beside each other, which a convolution can take along.
  var square: Int? {
    taken == .max && size.height == size.width && window.stride == (size.height, size.width)
      && window.padding == (0, 0, 0, 0) && (2...15).contains(size.height) ? size.height : nil
  }

  override public var kind: String { taken.rawValue }
  override public var label: String {
    let text = size.height == size.width ? "\(size.height)" : "[\(size.height), \(size.width)]"
    return "\(kind)(\(text)\(window.describe(stride: [size.height, size.width])))"
  }
  override public func operations(input: [Int], output: [Int]) -> Int {
    output.reduce(1, *) * size.height * size.width
  }
  override public var architecture: JSON? {
    .object([
      ("kind", .string(kind)), ("size", JSON([size.height, size.width])),
      ("stride", window.strideJSON), ("padding", window.paddingJSON),
    ])
  }

  convenience init(_ taken: Kind, _ reader: ArchitectureReader) throws {
    let size = try reader.integers("size", count: 2)
    self.init(taken, size: (size[0], size[1]), window: try reader.window())
  }
}
