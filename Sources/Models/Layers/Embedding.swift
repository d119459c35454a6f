import Formats
import Gradients
import Host
import Tensors

/// A table of `count` trained rows: whole numbers become the rows of their places. PyTorch's
/// `Embedding`.
public final class Embedding: Layer {
  /// The number of rows.
  public let count: Int
  /// The numbers in a row.
  public let width: Int
  /// The rows, `[count, width]`.
  public let weight: Parameter

  /// Creates a layer, whose rows are drawn from N(0, `deviation`) with `key`.
  public init(count: Int, width: Int, deviation: Double = 1, key: RandomKey) throws {
    guard count >= 1, width >= 1 else {
      throw Failure(
        "argument", "embedding: wants 1 row and 1 number or more, got \(count) and \(width)")
    }
    (self.count, self.width) = (count, width)
    weight = Parameter(
      try Initializer.normal(deviation).weights(
        [count, width], inputs: 1, outputs: width, key: key["weight"]))
    super.init()
  }

  private init(copying other: Embedding, _ copies: Copies) {
    (count, width) = (other.count, other.width)
    weight = copies.parameter(other.weight)
    super.init()
  }

  override public func duplicate(_ copies: Copies) -> Layer { Embedding(copying: self, copies) }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    let numbers = x.cut(by: "embedding")
    let flat = try places(numbers.reshaped([numbers.count]))
    return try weight.variable().at([.tensor(flat)]).reshape(x.shape + [width])
  }

  /// The places of the rows. Numbers of any type are taken, if they are whole.
  private func places(_ numbers: Tensor) throws -> Tensor {
    let values = try numbers.cast(to: .float64).array(Double.self)
    for (i, value) in values.enumerated() {
      guard value == value.rounded(), (0..<Double(count)).contains(value) else {
        throw Failure(
          "value",
          "\(label): takes whole numbers from 0 to \(count - 1), and number \(i) is \(value)")
      }
    }
    return try Tensor(values.map { Int32($0) }, shape: [values.count])
  }

  override public var ownParameters: [(name: String, parameter: Parameter)] {
    [("weight", weight)]
  }

  static let kind = LayerKind("embedding") { try Embedding($0) }
  override public var kind: LayerKind? { Embedding.kind }
  override public var label: String { "embedding(\(count), \(width))" }
  override public var configuration: [(name: String, value: JSON)]? {
    [("count", .number(Double(count))), ("width", .number(Double(width)))]
  }

  /// What a file's network is given are numbers of float32, also where it takes whole ones.
  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    let places = file.node(
      "Cast", [inputs[0].name], [("to", .int(7))], at: "\(path)_places", shape: inputs[0].shape)
    return file.node(
      "Gather", [try file.constant(weight), places.name], [("axis", .int(0))], at: path,
      shape: inputs[0].shape + [width])
  }

  /// The rows of a file's network are those that the file has.
  init(_ reader: ArchitectureReader) throws {
    (count, width) = (try reader.integer("count"), try reader.integer("width"))
    guard count >= 1, width >= 1 else { throw reader.wrong("count") }
    weight = Parameter(declared: [count, width])
    super.init()
  }
}
