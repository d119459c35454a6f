import Formats
import Gradients
import Host
import Tensors

/// Images at another size, which is fixed or a multiple of their own: PyTorch's `Upsample`.
public final class Upsample: Layer {
  /// The new size.
  public enum Target: Equatable, Sendable {
    /// Whole multiples of the rows and columns.
    case factor(rows: Int, columns: Int)
    /// Rows and columns.
    case size(rows: Int, columns: Int)

    fileprivate var sides: [Int] {
      switch self {
      case .factor(let rows, let columns), .size(let rows, let columns): [rows, columns]
      }
    }
  }

  /// The new size.
  public let target: Target
  /// How new pixels are made.
  public let method: UpsampleMethod

  /// Creates a layer.
  public init(_ target: Target, method: UpsampleMethod = .nearest) {
    self.target = target
    self.method = method
  }

  override public func duplicate(_ copies: Copies) -> Layer { Upsample(target, method: method) }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    switch target {
    case .size(let rows, let columns):
      return try x.upsampled(to: (rows, columns), by: method)
    case .factor(let rows, let columns):
      guard x.shape.count == 4 else {
        throw Failure(
          "shape", "upsample: images must be [n, c, h, w], got \(Tensor.describe(x.shape))")
      }
      let height = x.shape[2].multipliedReportingOverflow(by: rows)
      let width = x.shape[3].multipliedReportingOverflow(by: columns)
      guard !height.overflow, !width.overflow else {
        throw Failure("shape", "upsample: \(Tensor.describe(x.shape)) would be too large")
      }
      return try x.upsampled(to: (height.partialValue, width.partialValue), by: method)
    }
  }

  static let kind = LayerKind("upsample") { try Upsample($0) }
  override public var kind: LayerKind? { Upsample.kind }
  override public var label: String {
    let sides = target.sides
    let text = sides[0] == sides[1] ? "\(sides[0])" : "\(sides)"
    var isSize = false
    if case .size = target { isSize = true }
    return "upsample(" + (isSize ? "size: " : "") + text
      + (method == .nearest ? "" : ", method: \"\(method.rawValue)\"") + ")"
  }
  override public func operations(input: [Int], output: [Int]) -> Int {
    method == .nearest || input == output ? 0 : 9 * output.reduce(1, *)
  }
  override public var configuration: [(name: String, value: JSON)]? {
    var name = "factor"
    if case .size = target { name = "size" }
    return [(name, JSON(target.sides)), ("method", .string(method.rawValue))]
  }

  /// ONNX's `Resize` is given a scale, which it rounds in ways of its own unless it is whole.
  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    let image = inputs[0].shape.suffix(2)
    var factors = target.sides
    if case .size(let rows, let columns) = target {
      guard let height = image.first, let width = image.last, rows % height == 0,
        columns % width == 0
      else {
        throw ONNXExport.failure(
          label, at: path, "which is only written if the size is a whole multiple of the images'")
      }
      factors = [rows / height, columns / width]
    }
    guard factors != [1, 1] else { return inputs[0] }
    let scales = try file.constant(
      .tensor(Tensor([1, 1] + factors.map { Float($0) }, shape: [4])), named: "\(path).scales")
    let isNearest = method == .nearest
    return file.node(
      "Resize", [inputs[0].name, "", scales],
      [
        ("mode", .string(isNearest ? "nearest" : "linear")),
        ("coordinate_transformation_mode", .string(isNearest ? "asymmetric" : "half_pixel")),
      ] + (isNearest ? [("nearest_mode", .string("floor"))] : []),
      at: path,
      shape: inputs[0].shape.prefix(2) + zip(image, factors).map { $0 * $1 })
  }

  convenience init(_ reader: ArchitectureReader) throws {
    let name = reader.optional("size") == nil ? "factor" : "size"
    let sides = try reader.integers(name, count: 2)
    guard sides.allSatisfy({ (1..<1 << 20).contains($0) }) else { throw reader.wrong(name) }
    guard let method = UpsampleMethod(rawValue: try reader.text("method")) else {
      throw reader.wrong("method")
    }
    self.init(
      name == "size"
        ? .size(rows: sides[0], columns: sides[1]) : .factor(rows: sides[0], columns: sides[1]),
      method: method)
  }
}
