import Gradients
import Host
import Language
import Syntax
import Tensors

/// A tensor as a value of the language. It may be recorded on a tape.
public final class TensorObject: HostObject {
  /// The tensor.
  public var variable: Variable

  /// Creates an object for a variable.
  public init(_ variable: Variable) { self.variable = variable }
  /// Creates an object for a constant.
  public convenience init(_ tensor: Tensor) { self.init(Variable(tensor)) }

  /// The tensor without its gradient information.
  public var tensor: Tensor { variable.value }
  override public var typeName: String { "tensor" }
  override public var isValue: Bool { true }

  override public var brief: String { "tensor \(Tensor.describe(tensor.shape))" }
  override public var summary: String { TensorText.summary(tensor) }
  override public var printed: String { TensorText.printed(tensor) }
  /// The value of a one-element tensor with an integer type; nil for any other tensor.
  override public var wholeNumber: Double? {
    guard tensor.count == 1, !tensor.dtype.isFloating, tensor.dtype != .bool else { return nil }
    return tensor.element(0)
  }
  override public func display(columns: Int) -> String {
    TensorText.display(tensor, columns: columns)
  }
  override public func formatted(_ spec: String) throws -> String? {
    guard tensor.count == 1, !spec.isEmpty || tensor.rank > 0 else { return nil }
    if tensor.dtype == .bool {
      return try Value.bool(tensor.element(0) != 0).formatted(spec)
    }
    return spec.isEmpty
      ? TensorText.number(tensor, 0) : try Value.number(tensor.element(0)).formatted(spec)
  }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<TensorObject>] = [
    Member("shape", "list", "The lengths of its axes.") {
      .list(List($0.tensor.shape.map { .number(Double($0)) }))
    },
    Member("dtype", "string", "The type of its elements: \"float32\", \"int32\", \"bool\" ...") {
      Value($0.tensor.dtype.name)
    },
    Member("T", "tensor", "The tensor with its axes in reverse order.") {
      Value(try $0.variable.transposed())
    },
  ]

  override public func length() throws -> Int? {
    guard let length = tensor.shape.first else {
      throw Failure(
        "shape", "len: a tensor of shape [] is one number and has no length",
        hint: "x.item() gives the number")
    }
    return length
  }

  /// Iterates over the items along the first axis.
  override public func iterator() throws -> (() throws -> Value?)? {
    let (variable, length) = (variable, try length() ?? 0)
    var positions = (0..<length).makeIterator()
    return { try positions.next().map { Value(try variable.at([.item($0)])) } }
  }

  override public func contains(_ needle: Value) throws -> Bool? {
    switch needle {
    case .number, .bool, .object(is TensorObject):
      guard let equal = try TensorObject.binary(.equal, .object(self), needle),
        case .object(let mask as TensorObject) = equal
      else { return nil }
      return try mask.tensor.any().element(0) != 0
    default: return false
    }
  }

  override public func subscripted(_ index: [Subscript]) throws -> Value {
    Value(try variable.at(try TensorObject.index(index)))
  }
  override public func settingSubscript(
    _ index: [Subscript], to value: Value, isUnique: Bool, on machine: any Caller
  ) throws -> HostObject {
    try assigning(index, value, isUnique: isUnique)
  }

  override public class func binary(_ op: BinaryOperator, _ left: Value, _ right: Value) throws
    -> Value?
  {
    try operation(op, left, right)
  }
  override public func negated() throws -> Value? { Value(try variable.mapped(.negate)) }

  override public func truth() throws -> Bool? {
    tensor.dtype == .bool && tensor.count == 1 ? tensor.element(0) != 0 : nil
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    digest.add(tensor)
    return []
  }

  override public func isEqual(_ other: HostObject) -> Bool {
    guard let other = other as? TensorObject, tensor.shape == other.tensor.shape,
      let same = try? Tensor.apply(.equal, tensor, other.tensor).all()
    else { return false }
    return same.element(0) != 0
  }
}

extension Value {
  /// Creates a value from a tensor.
  init(_ tensor: Tensor) { self = .object(TensorObject(tensor)) }
  /// Creates a value from a variable.
  init(_ variable: Variable) { self = .object(TensorObject(variable)) }
}
