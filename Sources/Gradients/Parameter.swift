import Host
import Tensors

/// A tensor that training changes: a weight or a bias. A reference, shared by the layer that uses it
/// and the optimizer that steps it. It exists before its size is known: a layer learns that from its
/// first input.
public final class Parameter {
  /// The numbers; nil until the size is known.
  public var value: Tensor?
  /// The sizes that are known before there is a value, nil for those that the first input decides.
  public let declared: [Int?]?
  /// No gradient is taken and no step changes it.
  public var isFrozen = false
  /// What the learning rate is multiplied by for it.
  public var rateMultiplier = 1.0
  /// What the weight decay is multiplied by for it.
  public var decayMultiplier = 1.0

  /// Makes a parameter, sized or not yet.
  public init(_ value: Tensor? = nil, declared: [Int?]? = nil) {
    self.value = value
    self.declared = declared
  }

  /// Another parameter of the same value and settings.
  public func copy() -> Parameter {
    let copy = Parameter(value, declared: declared)
    copy.isFrozen = isFrozen
    copy.rateMultiplier = rateMultiplier
    copy.decayMultiplier = decayMultiplier
    return copy
  }

  /// Changes the value in place. `body` gets the only reference that the parameter holds, so nothing is
  /// copied unless somebody else shares the numbers.
  public func update(_ body: (inout Tensor) throws -> Void) throws {
    guard var tensor = value else { throw Parameter.unsized }
    value = nil
    defer { value = tensor }
    try body(&tensor)
  }

  /// As differentiable code sees it: on the tape if one that watches it is open.
  public func variable() throws -> Variable {
    guard let value else { throw Parameter.unsized }
    return Tape.current?.variable(of: self, value) ?? Variable(value)
  }

  static let unsized = Failure(
    "unsized", "the layer has no weights yet: it takes its input size from its first call",
    hint: "call the model once, or give input: when it is made")
}
