import Host
import Tensors

/// A tensor that is trained: a weight or a bias. A reference type, shared by the layer that uses it
/// and the optimizer that updates it. It exists before its size is known, since a layer learns that
/// from its first input.
public final class Parameter {
  /// The values; nil until the size is known.
  public var value: Tensor?
  /// The known sizes before the value is allocated, with nil for those that the first input determines.
  public let declared: [Int?]?
  /// Whether it is excluded from gradients and training steps.
  public var isFrozen = false
  /// The multiplier of the learning rate for this parameter.
  public var rateMultiplier = 1.0
  /// The multiplier of the weight decay for this parameter.
  public var decayMultiplier = 1.0

  /// Creates a parameter, whether its size is known or not.
  public init(_ value: Tensor? = nil, declared: [Int?]? = nil) {
    self.value = value
    self.declared = declared
  }

  /// A new parameter with the same value and settings.
  public func copy() -> Parameter {
    let copy = Parameter(value, declared: declared)
    copy.isFrozen = isFrozen
    copy.rateMultiplier = rateMultiplier
    copy.decayMultiplier = decayMultiplier
    return copy
  }

  /// Changes the value in place. `body` gets the parameter's only reference, so nothing is copied
  /// unless the storage is shared.
  public func update(_ body: (inout Tensor) throws -> Void) throws {
    guard var tensor = value else { throw Parameter.unsized }
    value = nil
    defer { value = tensor }
    try body(&tensor)
  }

  /// The parameter as a variable, recorded on the open tape if the tape watches it.
  public func variable() throws -> Variable {
    guard let value else { throw Parameter.unsized }
    return Tape.current?.variable(of: self, value) ?? Variable(value)
  }

  static let unsized = Failure(
    "unsized", "the layer has no weights yet: it takes its input size from its first call",
    hint: "call the model once, or give input: when it is made")
}
