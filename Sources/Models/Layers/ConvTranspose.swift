import Formats
import Gradients
import Host
import Tensors

/// A transposed convolution with weights `[c, filters / groups, kh, kw]` and a bias `[filters]`:
/// PyTorch's `ConvTranspose2d`. The number of input channels is taken from the first input.
public final class ConvTranspose: WeightedLayer {
  /// The number of output channels.
  public let filters: Int
  /// Height and width of the window.
  public let size: (height: Int, width: Int)
  /// Strides and padding of the window in the result.
  public let window: Window
  /// The rows and columns that are added to the result.
  public let extra: (y: Int, x: Int)
  /// The number of groups that the channels are divided into.
  public let groups: Int
  /// The distance between adjacent elements of the window in the result, in rows and columns.
  public let dilation: (y: Int, x: Int)

  /// Creates a layer. Its weights are drawn with `key` as soon as the size is known: immediately if
  /// `channels` is given.
  public init(
    filters: Int, size: (Int, Int), window: Window, extra: (Int, Int) = (0, 0), groups: Int = 1,
    dilation: (Int, Int) = (1, 1), options: WeightOptions = WeightOptions(), key: RandomKey,
    channels: Int? = nil
  ) throws {
    guard filters >= 1, size.0 >= 1, size.1 >= 1, groups >= 1, filters % groups == 0,
      (1...1 << 16).contains(dilation.0), (1...1 << 16).contains(dilation.1)
    else {
      throw Failure(
        "argument",
        "conv_transpose: wants 1 filter or more, a window and a dilation of 1 or more and groups that "
          + "divide the filters, got \(filters), [\(size.0), \(size.1)], "
          + "[\(dilation.0), \(dilation.1)], \(groups)")
    }
    guard (0..<window.stride.y).contains(extra.0), (0..<window.stride.x).contains(extra.1) else {
      throw Failure(
        "argument",
        "conv_transpose: extra rows and columns must be fewer than the stride, got "
          + "[\(extra.0), \(extra.1)]")
    }
    self.filters = filters
    self.size = size
    self.window = window
    self.extra = extra
    self.groups = groups
    self.dilation = dilation
    super.init(
      options, key, outputs: filters, declared: [nil, filters / groups, size.0, size.1])
    if let channels { try materialise(channels: channels) }
  }

  private init(copying other: ConvTranspose, _ copies: Copies) {
    filters = other.filters
    size = other.size
    window = other.window
    extra = other.extra
    groups = other.groups
    dilation = other.dilation
    super.init(copying: other, copies)
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    ConvTranspose(copying: self, copies)
  }

  override func remade(outputs: Int) throws -> WeightedLayer {
    try ConvTranspose(
      filters: outputs, size: size, window: window, extra: extra, groups: groups,
      dilation: dilation, options: options, key: key)
  }

  override func outputs(ofWeight shape: [Int]) -> Int? {
    shape.count == 4 ? shape[1].multipliedReportingOverflow(by: groups).partialValue : nil
  }

  private func materialise(channels: Int) throws {
    guard channels >= 1, channels % groups == 0 else {
      throw Failure(
        "shape", "\(label): \(groups) groups do not divide the \(channels) input channels")
    }
    let shape = [channels, filters / groups, size.height, size.width]
    // The numbers of inputs and outputs are below that of the weights.
    try Tensor.count(of: shape)
    // What PyTorch takes for the number of inputs is that of the convolution of which this is the
    // gradient.
    try draw(
      shape, inputs: filters / groups * size.height * size.width,
      feeds: channels / groups * size.height * size.width)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    guard x.shape.count == 4 else {
      throw Failure(
        "shape", "\(label): wants images [n, c, h, w], got \(Tensor.describe(x.shape))")
    }
    if weight.value == nil { try materialise(channels: x.shape[1]) }
    return try x.convTranspose2d(
      weight.variable().dilated(by: dilation), bias: bias?.variable(), window: window,
      extra: extra, groups: groups)
  }

  static let kind = LayerKind("conv_transpose") { try ConvTranspose($0) }
  override public var kind: LayerKind? { ConvTranspose.kind }
  override public var label: String {
    var text = "conv_transpose(\(filters), "
    text += size.height == size.width ? "\(size.height)" : "[\(size.height), \(size.width)]"
    text += window.describe(stride: [1])
    if groups != 1 { text += ", groups: \(groups)" }
    text += Window.describe(dilation: dilation)
    if extra != (0, 0) {
      text += ", extra: " + (extra.y == extra.x ? "\(extra.y)" : "[\(extra.y), \(extra.x)]")
    }
    return text + ")"
  }
  override public func operations(input: [Int], output: [Int]) -> Int {
    2 * input.reduce(1, *) * (filters / groups) * size.height * size.width
  }
  override public var configuration: [(name: String, value: JSON)]? {
    [
      ("filters", .number(Double(filters))), ("size", JSON([size.height, size.width])),
      ("stride", window.strideJSON), ("padding", window.paddingJSON),
      ("groups", .number(Double(groups))), ("key", JSON(key)),
    ] + (dilation == (1, 1) ? [] : [("dilation", JSON([dilation.y, dilation.x]))])
      + (extra == (0, 0) ? [] : [("extra", JSON([extra.y, extra.x]))]) + options.json
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    // The padding is that of the convolution whose images have the size of the result.
    let zeros = Variable(try Tensor(zeros: inputs[0].shape))
    let result = try forward(zeros, Pass(training: false)).shape
    return try node(
      "ConvTranspose", inputs, [weight, bias],
      window.onnx(
        size, dilation: dilation, ONNXExport.Value(name: inputs[0].name, shape: result))
        + [("output_padding", .ints([extra.y, extra.x])), ("group", .int(groups))],
      to: file, at: path)
  }

  convenience init(_ reader: ArchitectureReader) throws {
    let size = try reader.integers("size", count: 2)
    try self.init(
      filters: reader.integer("filters"), size: (size[0], size[1]), window: reader.window(),
      extra: reader.pair("extra", default: 0), groups: reader.integer("groups"),
      dilation: reader.pair("dilation", default: 1), options: WeightOptions(reader),
      key: reader.key())
  }
}
