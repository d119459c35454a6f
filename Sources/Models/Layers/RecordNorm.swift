import Formats
import Gradients
import Host
import Tensors

/// A normalisation of each record by its own mean and variance, in training and in evaluation mode alike,
/// with a scale and a shift: over the last axes, over groups of channels, or over each channel.
public final class RecordNorm: Layer {
  /// What a mean and a variance are taken over.
  public enum Extent: Equatable, Sendable {
    /// So many axes from the last on.
    case lastAxes(Int)
    /// So many groups of neighbouring channels, with all their pixels.
    case groups(Int)
    /// Each channel's pixels.
    case channel

    fileprivate var isPositive: Bool {
      if case .groups(let count) = self { count > 0 } else { true }
    }
  }

  /// What a mean and a variance are taken over.
  public let extent: Extent
  /// Added to variances.
  public let epsilon: Double
  /// The scale, initially 1: a number for each element of the last axes, or for each channel. nil leaves
  /// the normalised numbers as they are.
  public let weight: Parameter?
  /// The shift, initially 0.
  public let bias: Parameter?

  /// Creates a layer. Throws `argument`.
  public init(_ extent: Extent, epsilon: Double = 1e-5, isAffine: Bool) throws {
    let count = if case .lastAxes(let count) = extent { count } else { 1 }
    guard epsilon > 0, (1...8).contains(count), extent.isPositive else {
      throw Failure(
        "argument",
        "normalisation: wants epsilon above 0, 1 to 8 axes and 1 group or more, got \(epsilon)")
    }
    (self.extent, self.epsilon) = (extent, epsilon)
    let declared = [Int?](repeating: nil, count: count)
    weight = isAffine ? Parameter(declared: declared) : nil
    bias = isAffine ? Parameter(declared: declared) : nil
  }

  private init(copying other: RecordNorm, _ copies: Copies) {
    (extent, epsilon) = (other.extent, other.epsilon)
    weight = other.weight.map(copies.parameter)
    bias = other.bias.map(copies.parameter)
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    RecordNorm(copying: self, copies)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    let shape = x.shape
    if case .lastAxes(let count) = extent {
      guard shape.count > count else { throw wrong(shape, "[n, ...] with more than \(count) axes") }
      let axes = Array(shape.indices.suffix(count))
      return try scaled(normalized(x, axes), Array(shape.suffix(count)), Array(shape.suffix(count)))
    }
    guard shape.count >= 3 || shape.count == 2 && extent != .channel else {
      throw wrong(shape, "[n, c, ...]")
    }
    let groups = try groups(of: shape[1], in: shape)
    let rows = try x.reshape([shape[0], groups, shape.dropFirst().reduce(1, *) / groups])
    let ones = [Int](repeating: 1, count: shape.count - 2)
    return try scaled(
      normalized(rows, [2]).reshape(shape), [shape[1]], [shape[1]] + ones)
  }

  /// The number of groups of so many channels.
  private func groups(of channels: Int, in shape: [Int]) throws -> Int {
    guard case .groups(let count) = extent else { return Swift.max(channels, 1) }
    guard channels % count == 0, channels > 0 else {
      throw wrong(shape, "a number of channels that \(count) groups divide")
    }
    return count
  }

  private func wrong(_ shape: [Int], _ wanted: String) -> Failure {
    Failure("shape", "\(name): expected \(wanted), got \(Tensor.describe(shape))")
  }

  /// The distances from the mean, divided by the standard deviation.
  private func normalized(_ x: Variable, _ axes: [Int]) throws -> Variable {
    let distance = try x - x.mean(axes: axes, keepDims: true)
    let variance = try distance.mapped(.square).mean(axes: axes, keepDims: true)
    return try distance / Variable.apply(.add, variance, epsilon).mapped(.sqrt)
  }

  private func scaled(_ x: Variable, _ own: [Int], _ wide: [Int]) throws -> Variable {
    guard let weight, let bias else { return x }
    if weight.value == nil {
      weight.value = try Tensor.ones(own)
      bias.value = try Tensor(zeros: own)
    }
    return try x * weight.variable().reshape(wide).cast(to: x.dtype)
      + bias.variable().reshape(wide).cast(to: x.dtype)
  }

  private var name: String {
    switch extent {
    case .lastAxes: "layer_norm"
    case .groups: "group_norm"
    case .channel: "instance_norm"
    }
  }
  static let layerNorm = LayerKind("layer_norm") {
    try RecordNorm(.lastAxes($0.integer("axes")), $0)
  }
  static let groupNorm = LayerKind("group_norm") {
    try RecordNorm(.groups($0.integer("groups")), $0)
  }
  static let instanceNorm = LayerKind("instance_norm") { try RecordNorm(.channel, $0) }

  private convenience init(_ extent: Extent, _ reader: ArchitectureReader) throws {
    try self.init(
      extent, epsilon: reader.number("epsilon"), isAffine: reader.bool("affine", default: true))
  }

  override public var kind: LayerKind? {
    switch extent {
    case .lastAxes: RecordNorm.layerNorm
    case .groups: RecordNorm.groupNorm
    case .channel: RecordNorm.instanceNorm
    }
  }
  override public var label: String {
    var options: [String] = []
    switch extent {
    case .lastAxes(let count): if count != 1 { options.append("axes: \(count)") }
    case .groups(let count): options.append("\(count)")
    case .channel: break
    }
    if epsilon != 1e-5 { options.append("epsilon: \(epsilon)") }
    if (weight != nil) != (extent != .channel) { options.append("affine: \(weight != nil)") }
    return "\(name)(\(options.joined(separator: ", ")))"
  }
  override public var ownParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight), ("bias", bias)].compactMap { name, parameter in
      parameter.map { (name, $0) }
    }
  }
  override public func operations(input: [Int], output: [Int]) -> Int { 8 * output.reduce(1, *) }
  override public var configuration: [(name: String, value: JSON)]? {
    let own: [(name: String, value: JSON)] =
      switch extent {
      case .lastAxes(let count): [("axes", .number(Double(count)))]
      case .groups(let count): [("groups", .number(Double(count)))]
      case .channel: []
      }
    return own + [("epsilon", .number(epsilon)), ("affine", .bool(weight != nil))]
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    let (x, epsilon) = (inputs[0], ("epsilon", ONNXModel.Attribute.float(Float(epsilon))))
    /// The names of the scale and the shift, or of ones and zeros.
    func factors(_ shape: [Int]) throws -> [String] {
      if let weight, let bias { return [try file.constant(weight), try file.constant(bias)] }
      return [
        file.constant(.tensor(try .ones(shape)), named: "\(path).ones"),
        file.constant(.tensor(try Tensor(zeros: shape)), named: "\(path).zeros"),
      ]
    }
    switch extent {
    case .lastAxes(let count):
      return file.node(
        "LayerNormalization", try [x.name] + factors(x.shape.suffix(count)),
        [("axis", .int(-count)), epsilon], at: path, shape: x.shape)
    case .channel:
      return file.node(
        "InstanceNormalization", try [x.name] + factors([x.shape[1]]), [epsilon], at: path,
        shape: x.shape)
    case .groups(let count):
      // Groups are the channels of another shape, whose first size is that of the batch.
      func reshaped(_ x: ONNXExport.Value, _ shape: [Int], at path: String) -> ONNXExport.Value {
        let sizes = [0] + shape.dropFirst()
        let name = file.constant(
          .integers(sizes, shape: [sizes.count]), named: "\(path)_shape")
        return file.node("Reshape", [x.name, name], at: path, shape: shape)
      }
      func constant(_ tensor: Tensor, _ name: String) -> String {
        file.constant(.tensor(tensor), named: "\(path).\(name)")
      }
      let rows = [1, count, x.shape.dropFirst().reduce(1, *) / count]
      let normal = file.node(
        "InstanceNormalization",
        [
          reshaped(x, rows, at: "\(path)_groups").name, constant(try .ones([count]), "ones"),
          constant(try Tensor(zeros: [count]), "zeros"),
        ], [epsilon], at: "\(path)_normal", shape: rows)
      guard let scale = weight?.value, let shift = bias?.value else {
        return reshaped(normal, x.shape, at: path)
      }
      let wide = [scale.count] + x.shape.dropFirst(2).map { _ in 1 }
      let back = reshaped(normal, x.shape, at: "\(path)_channels")
      let scaled = file.node(
        "Mul", [back.name, constant(try scale.reshaped(wide), "scale")], at: "\(path)_scaled",
        shape: x.shape)
      return file.node(
        "Add", [scaled.name, constant(try shift.reshaped(wide), "shift")], at: path,
        shape: x.shape)
    }
  }
}
