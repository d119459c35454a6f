import Tensors

/// A tensor as differentiable code sees it: its value and, while a gradient is being taken, its place
/// on the tape. Outside of that it is just the tensor.
public struct Variable {
  /// The numbers.
  public let value: Tensor
  /// The tape it is recorded on; nil for a constant.
  let tape: Tape?
  /// Its place on the tape.
  let node: Int

  /// A constant.
  public init(_ value: Tensor) {
    self.value = value
    tape = nil
    node = -1
  }

  init(_ value: Tensor, on tape: Tape, node: Int) {
    self.value = value
    self.tape = tape
    self.node = node
  }

  /// The sizes of the axes.
  public var shape: [Int] { value.shape }
  /// The element type.
  public var dtype: DType { value.dtype }
  /// Whether a gradient flows to it.
  public var isTracked: Bool { tape.map { $0.isOpen } ?? false }
}

/// A tensor that training changes: a weight or a bias. A reference, shared by the layer that uses it
/// and the optimizer that steps it.
public final class Parameter {
  /// The numbers.
  public var value: Tensor
  /// Counts assignments and steps, so that what was computed from old values is known to be stale.
  public private(set) var version = 0

  /// Makes a parameter.
  public init(_ value: Tensor) { self.value = value }

  /// Changes the value and counts it.
  public func set(_ value: Tensor) {
    self.value = value
    version += 1
  }

  /// As differentiable code sees it: on the tape if one that watches it is open.
  public var variable: Variable { Tape.current?.variable(of: self) ?? Variable(value) }
}
