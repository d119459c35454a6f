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

  /// The numbers, for an operation without a gradient. The tape notes that `operation` cut the way,
  /// so that a gradient that does not arrive can say why.
  public func cut(by operation: String) -> Tensor {
    if isTracked { tape?.note(cut: operation, at: node) }
    return value
  }
}
