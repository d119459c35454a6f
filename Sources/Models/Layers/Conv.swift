import Formats
import Gradients
import Host
import Tensors

/// A convolution with weights `[filters, c / groups, kh, kw]` and a bias `[filters]`. The number of
/// input channels is taken from the first input.
public final class Conv: WeightedLayer {
  /// The number of output channels.
  public let filters: Int
  /// Height and width of the window.
  public let size: (height: Int, width: Int)
  /// Strides and padding of the window.
  public let window: Window
  /// The number of groups that the channels are divided into.
  public let groups: Int
  /// The distance between adjacent elements of the window in the image, in rows and columns.
  public let dilation: (y: Int, x: Int)
  /// The algorithm; nil chooses one by the sizes.
  public let algorithm: ConvolutionAlgorithm?

  /// Creates a layer. Its weights are drawn with `key` as soon as the size is known: immediately if
  /// `channels` is given.
  public init(
    filters: Int, size: (Int, Int), window: Window, groups: Int = 1, dilation: (Int, Int) = (1, 1),
    algorithm: ConvolutionAlgorithm? = nil, options: WeightOptions = WeightOptions(),
    key: RandomKey, channels: Int? = nil
  ) throws {
    guard filters >= 1, size.0 >= 1, size.1 >= 1, groups >= 1, filters % groups == 0,
      (1...1 << 16).contains(dilation.0), (1...1 << 16).contains(dilation.1)
    else {
      throw Failure(
        "argument",
        "conv: wants 1 filter or more, a window and a dilation of 1 or more and groups that divide "
          + "the filters, got \(filters), [\(size.0), \(size.1)], [\(dilation.0), \(dilation.1)], \(groups)"
      )
    }
    self.filters = filters
    self.size = size
    self.window = window
    self.groups = groups
    self.dilation = (dilation.0, dilation.1)
    self.algorithm = algorithm
    super.init(options, key, outputs: filters, declared: [filters, nil, size.0, size.1])
    if let channels { try materialise(channels: channels) }
  }

  private init(copying other: Conv, _ copies: Copies) {
    filters = other.filters
    size = other.size
    window = other.window
    groups = other.groups
    dilation = other.dilation
    algorithm = other.algorithm
    super.init(copying: other, copies)
  }

  override public func duplicate(_ copies: Copies) -> Layer { Conv(copying: self, copies) }

  override func remade(outputs: Int) throws -> WeightedLayer {
    try Conv(
      filters: outputs, size: size, window: window, groups: groups, dilation: dilation,
      algorithm: algorithm, options: options, key: key)
  }

  private func materialise(channels: Int) throws {
    guard channels >= 1, channels % groups == 0 else {
      throw Failure(
        "shape", "\(label): \(groups) groups do not divide the \(channels) input channels")
    }
    let shape = [filters, channels / groups, size.height, size.width]
    // The numbers of inputs and outputs are below that of the weights.
    try Tensor.count(of: shape)
    try draw(
      shape, inputs: channels / groups * size.height * size.width,
      feeds: filters / groups * size.height * size.width)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try forward(Deferred(x), fusing: .none)
  }

  override public func fused(with fusion: Fusion, _ pass: Pass) -> (
    (Deferred) throws -> Deferred
  )? {
    { Deferred(try self.forward($0, fusing: fusion)) }
  }

  private func forward(_ x: Deferred, fusing fusion: Fusion) throws -> Variable {
    guard x.shape.count == 4 else {
      throw Failure(
        "shape", "\(label): wants images [n, c, h, w], got \(Tensor.describe(x.shape))")
    }
    if weight.value == nil { try materialise(channels: x.shape[1]) }
    return try x.conv2d(
      weight.variable().dilated(by: dilation), bias: bias?.variable(), window: window,
      groups: groups, fusing: fusion, algorithm: algorithm)
  }

  /// Height and width of the part of an image that a window reaches.
  private var span: (height: Int, width: Int) { Variable.span(size, dilation) }

  static let kind = LayerKind("conv") { try Conv($0) }
  override public var kind: LayerKind? { Conv.kind }
  override public var label: String {
    var text = "conv(\(filters), "
    text += size.height == size.width ? "\(size.height)" : "[\(size.height), \(size.width)]"
    text += window.describe(stride: [1])
    if groups != 1 { text += ", groups: \(groups)" }
    text += Window.describe(dilation: dilation)
    if let algorithm { text += ", algorithm: \"\(algorithm.rawValue)\"" }
    return text + ")"
  }
  override public func operations(input: [Int], output: [Int]) -> Int {
    guard input.count == 4 else { return 0 }
    return 2 * output.reduce(1, *) * input[1] / groups * size.height * size.width
  }
  override public func plan(input: [Int]) -> ConvolutionPlan? {
    guard let shape = weight.value?.shape else { return nil }
    return try? ConvolutionPlan(
      input, weights: [shape[0], shape[1], span.height, span.width], window: window, groups: groups,
      wanted: algorithm)
  }
  override public var configuration: [(name: String, value: JSON)]? {
    [
      ("filters", .number(Double(filters))), ("size", JSON([size.height, size.width])),
      ("stride", window.strideJSON), ("padding", window.paddingJSON),
      ("groups", .number(Double(groups))), ("key", JSON(key)),
    ] + (dilation == (1, 1) ? [] : [("dilation", JSON([dilation.y, dilation.x]))])
      + (algorithm.map { [("algorithm", .string($0.rawValue))] } ?? []) + options.json
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    try node(
      "Conv", inputs, [weight, bias],
      window.onnx(size, dilation: dilation, inputs[0]) + [("group", .int(groups))], to: file,
      at: path)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    let size = try reader.integers("size", count: 2)
    try self.init(
      filters: reader.integer("filters"), size: (size[0], size[1]), window: reader.window(),
      groups: reader.integer("groups"), dilation: reader.pair("dilation", default: 1),
      algorithm: reader.algorithm(), options: WeightOptions(reader), key: reader.key())
  }
}
