import Gradients
import Tensors

/// Values that belong to a layer but are not trained, such as running means. They are saved and
/// copied.
public final class Buffer {
  /// The values; nil until the size is known.
  public var value: Tensor?
  /// The known sizes before the value is allocated, with nil for those that the first input determines.
  public let declared: [Int?]?

  /// Creates a buffer, whether its size is known or not.
  public init(_ value: Tensor? = nil, declared: [Int?]? = nil) {
    self.value = value
    self.declared = declared
  }

  /// A new buffer with the same value.
  public func copy() -> Buffer { Buffer(value, declared: declared) }
}

/// A number that belongs to a layer and is not a weight: the number of passes started, dropout's
/// count. If a file does not mention it, it is 0. It is copied and restored with the weights. Files
/// keep it in the metadata, so that their tensors are the same as those of PyTorch's modules for
/// the same layers.
public final class Setting {
  /// The number.
  public var value: Double

  /// Creates a setting.
  public init(_ value: Double) { self.value = value }

  /// Sets the value to that of another setting.
  func take(_ other: Setting) { value = other.value }
}
