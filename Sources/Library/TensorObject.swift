import Gradients
import Host
import Language
import Tensors

/// A tensor as the language sees it: a value that may be on a tape.
public final class TensorObject: HostObject {
  /// The tensor.
  public var variable: Variable

  /// Makes an object.
  public init(_ variable: Variable) { self.variable = variable }
  /// Makes a constant's object.
  public convenience init(_ tensor: Tensor) { self.init(Variable(tensor)) }

  /// The numbers.
  public var tensor: Tensor { variable.value }
  override public var typeName: String { "tensor" }
  override public var isValue: Bool { true }
}

extension Value {
  /// A tensor as a value.
  init(_ tensor: Tensor) { self = .object(TensorObject(tensor)) }
  /// A variable as a value.
  init(_ variable: Variable) { self = .object(TensorObject(variable)) }
}

extension ParameterType {
  /// A tensor.
  static let tensor = ParameterType.object("tensor", TensorObject.self)
}

extension Call {
  /// The tensor given for a parameter.
  func tensor(_ name: String) throws -> Tensor { try object(name, as: TensorObject.self).tensor }
  /// The variable given for a parameter.
  func variable(_ name: String) throws -> Variable {
    try object(name, as: TensorObject.self).variable
  }
}
