import Tensors

/// A tensor in differentiable code: its value and, while a gradient is being computed, its node on
/// the tape. Otherwise it is just the tensor.
public struct Variable {
  /// The values.
  public let value: Tensor
  /// The tape that records it; nil for a constant.
  let tape: Tape?
  /// Its node on the tape.
  let node: Int

  /// Creates a constant.
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

  /// The values, for an operation without a gradient. The tape notes that `operation` cut the path,
  /// so that an error about a missing gradient can give the reason.
  public func cut(by operation: String) -> Tensor {
    if isTracked { tape?.note(cut: operation, at: node) }
    return value
  }
}
