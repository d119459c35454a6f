import Images

/// The namespace of the transforms: each adds itself, in its own file. Each may be used for any
/// number of views, on any thread.
public enum Transforms {
  /// The option of `resize` and `lowres` for the interpolation.
  public static let method = TransformOption("method", ResizeMethod.bicubic)
  /// The option of `grey` and `edges` for the number of channels: 1, or 3 to repeat it.
  public static let channels = TransformOption("channels", 1)
  /// The option of `crop_to_box` and `clutter` for how much to add to the box on each side, as a
  /// fraction of its width and height.
  public static let margin = TransformOption("margin", 0.0)
}

/// An option of a transform: its name and its default. It is declared once, and used by the
/// transform itself, by its text and by the builtin's declaration.
public struct TransformOption<Value: OptionValue>: Sendable {
  /// The name.
  public let name: String
  /// The default.
  public let standard: Value

  init(_ name: String, _ standard: Value) {
    self.name = name
    self.standard = standard
  }

  /// The option as scripts write it, `channels: 3`; nil at its default, which is left out.
  func text(_ value: Value) -> String? { value == standard ? nil : named(name, value) }
}

/// A value that an option of a transform can have.
public protocol OptionValue: Equatable, Sendable {
  /// The value as scripts write it.
  var scriptText: String { get }
}

extension Int: OptionValue {
  /// `3`.
  public var scriptText: String { String(self) }
}
extension Double: OptionValue {
  /// `0.5`, and `3` for a whole one.
  public var scriptText: String {
    self == rounded() && abs(self) < 1e15 ? String(Int(self)) : String(self)
  }
}
extension ClosedRange<Double>: OptionValue {
  /// `[0.75, 1.5]`.
  public var scriptText: String { "[\(lowerBound.scriptText), \(upperBound.scriptText)]" }
}
extension UInt64: OptionValue {
  /// A seed as it was given: negative ones are stored as their bits.
  public var scriptText: String { String(Int64(bitPattern: self)) }
}
extension ResizeMethod: OptionValue {
  /// `"area"`.
  public var scriptText: String { "\"\(rawValue)\"" }
}

/// `sigma: 1.5`; nil if `value` is nil, as for options without a default.
func named(_ name: String, _ value: (some OptionValue)?) -> String? {
  value.map { "\(name): \($0.scriptText)" }
}

/// `name(a, b: c)`: the text of a transform.
func callText(_ name: String, _ arguments: [String?]) -> String {
  "\(name)(\(arguments.compactMap { $0 }.joined(separator: ", ")))"
}

/// `224` or `[224, 112]`.
func sizeText(_ height: Int, _ width: Int) -> String {
  height == width ? "\(height)" : "[\(height), \(width)]"
}
