import Gradients
import Tensors

/// Numbers that belong to a layer but are not trained: running means. Saved and copied.
public final class Buffer {
  /// The numbers; nil until the size is known.
  public var value: Tensor?
  /// The sizes that are known before there is a value, nil for those that the first input decides.
  public let declared: [Int?]?

  /// Makes a buffer, sized or not yet.
  public init(_ value: Tensor? = nil, declared: [Int?]? = nil) {
    self.value = value
    self.declared = declared
  }

  /// Another buffer of the same value.
  public func copy() -> Buffer { Buffer(value, declared: declared) }
}

/// A number that belongs to a layer and is not a weight: the passes begun, dropout's count. A file that
/// does not mention it means 0. It is copied and restored with the weights, and a file keeps it in its metadata, so that the
/// tensors of a file are those that PyTorch's modules of the same layers have.
public final class Setting {
  /// The number.
  public var value: Double

  /// Makes a setting.
  public init(_ value: Double) { self.value = value }

  /// The same value as another's.
  func take(_ other: Setting) { value = other.value }
}
