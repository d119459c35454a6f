import Tensors

/// A network as an ONNX file (onnx.ai) describes it: nodes in an order in which they can run, which
/// take and give values by name.
public struct ONNXModel {
  /// An operation.
  public struct Node {
    /// Its name; empty if it has none.
    public var name: String
    /// The operator, with the domain in front of it if that is not ONNX's own.
    public var op: String
    /// The names of the values that it takes; an empty one is left out.
    public var inputs: [String]
    /// The names of the values that it gives.
    public var outputs: [String]
    /// The options of the operator.
    public var attributes: [(name: String, value: Attribute)]

    /// Creates a node.
    public init(
      _ name: String, _ op: String, inputs: [String], outputs: [String],
      attributes: [(name: String, value: Attribute)] = []
    ) {
      (self.name, self.op, self.inputs, self.outputs) = (name, op, inputs, outputs)
      self.attributes = attributes
    }
  }

  /// The value of an attribute.
  public enum Attribute {
    /// A whole number.
    case int(Int)
    /// A number.
    case float(Float)
    /// A text.
    case string(String)
    /// Whole numbers.
    case ints([Int])
    /// Numbers.
    case floats([Float])
    /// A constant.
    case constant(Constant)
    /// A graph, a list of texts or another value that no operator has that is read.
    case other
  }

  /// A value that the file contains.
  public enum Constant {
    /// Numbers.
    case tensor(Tensor)
    /// Numbers of the type int64, such as shapes, which no tensor holds exactly.
    case integers([Int], shape: [Int])

    /// The sizes of the axes.
    public var shape: [Int] {
      switch self {
      case .tensor(let tensor): tensor.shape
      case .integers(_, let shape): shape
      }
    }
  }

  /// An input or output of the network.
  public struct Value {
    /// Its name.
    public var name: String
    /// The sizes of its axes, with nil for those that are not fixed; nil if the file does not say.
    public var shape: [Int?]?

    /// Creates an input or output.
    public init(_ name: String, shape: [Int?]?) { (self.name, self.shape) = (name, shape) }
  }

  /// The operations.
  public var nodes: [Node] = []
  /// The constants by name, such as weights, in the file's order.
  public var initializers: [(name: String, value: Constant)] = []
  /// What the network is given; older files list the initializers among them.
  public var inputs: [Value] = []
  /// What it gives.
  public var outputs: [Value] = []
  /// The version of the operators.
  public var opset: Int
  /// The program that wrote the file.
  public var producer = ""
  /// Texts by name.
  public var metadata: [(name: String, text: String)] = []

  /// What the network is given when it runs.
  public var given: [Value] {
    let constants = Set(initializers.map(\.name))
    return inputs.filter { !constants.contains($0.name) }
  }

  /// Creates a network without nodes.
  public init(opset: Int) { self.opset = opset }
}
