import Host
import Syntax

/// One parameter of a builtin, without the Swift type that its body reads it as: what binding,
/// help, the checker and completion need.
public class AnyArgument: @unchecked Sendable {
  /// The name, for named arguments.
  public let name: String
  /// The values it accepts.
  public let type: ParameterType
  /// One line on its meaning and shape.
  public let about: String
  /// The unit of a number: `pixels`, `seconds`.
  public let unit: String?
  /// The value if no argument is given; nil if the argument is required.
  public let fallback: Value?
  /// Whether it takes all further positional arguments, as a list.
  public let isRest: Bool
  /// Whether the argument is left unevaluated: the builtin receives a function without parameters.
  public let isDeferred: Bool
  /// Whether it can be given only by name.
  public let isNamedOnly: Bool
  /// A suggestion for an argument that is not of the type.
  public let hint: String?

  init(
    name: String, type: ParameterType, about: String, unit: String? = nil, fallback: Value?,
    isRest: Bool = false, isDeferred: Bool = false, isNamedOnly: Bool = false, hint: String? = nil
  ) {
    self.name = name
    self.type = type
    self.about = about
    self.unit = unit
    self.fallback = fallback
    self.isRest = isRest
    self.isDeferred = isDeferred
    self.isNamedOnly = isNamedOnly
    self.hint = hint
  }

  /// The accepted values as help and errors describe them, with the unit: `number of seconds, 0 or
  /// more`.
  public var takes: String { type.noun + (unit.map { " of \($0)" } ?? "") + type.limits }

  /// The only wording for a wrong argument: `resize: size must be a whole number, got "big"`.
  @usableFromInline
  func mismatch(
    _ value: Value, in builtin: Builtin, wanted: String? = nil, hint: String? = nil,
    at position: Int?
  ) -> Failure {
    var wanted = wanted ?? ArgumentError.article(takes)
    var nearest: String?
    if case .string(let text) = value, !type.choices.isEmpty {
      nearest = NearestMatch.of(text.text, among: type.choices).map { "did you mean \"\($0)\"?" }
    }
    // A whole number that is too large.
    if case .number(let x) = value, x == x.rounded(), x.magnitude > NumberText.exactLimit,
      type.accepts(.number(1)), !type.accepts(.number(0.5))
    {
      wanted += (type.limits.isEmpty ? " " : ", ") + ArgumentError.exact
    }
    return Failure(
      "argument", "\(builtin.name): \(name) must be \(wanted), got \(value.brief)",
      hint: hint ?? nearest ?? self.hint, argument: position)
  }
}

/// One parameter of a builtin, declared once. The body reads its argument with it: `call[size]`.
public final class Argument<T>: AnyArgument, @unchecked Sendable {
  @usableFromInline let read: @Sendable (Value) throws -> T?

  private init(
    _ name: String, _ type: ParameterType, _ about: String, unit: String?, fallback: Value?,
    isRest: Bool = false, isDeferred: Bool = false, isNamedOnly: Bool, hint: String?,
    read: @escaping @Sendable (Value) throws -> T?
  ) {
    self.read = read
    super.init(
      name: name, type: type, about: about, unit: unit, fallback: fallback, isRest: isRest,
      isDeferred: isDeferred, isNamedOnly: isNamedOnly, hint: hint)
  }

  /// A required argument, or, if its type is optional, one that is nil by default.
  public convenience init(
    _ name: String, _ type: ArgumentType<T>, _ about: String, unit: String? = nil,
    named isNamedOnly: Bool = false, deferred isDeferred: Bool = false, hint: String? = nil
  ) {
    self.init(
      name, type.accepted, about, unit: unit, fallback: type.isOptional ? .nil : nil,
      isDeferred: isDeferred,
      isNamedOnly: isNamedOnly, hint: hint, read: type.read)
  }

  /// An argument with a default, as a script would write it.
  public convenience init(
    _ name: String, _ type: ArgumentType<T>, default fallback: some ValueConvertible,
    _ about: String, unit: String? = nil, named isNamedOnly: Bool = false, hint: String? = nil
  ) {
    self.init(
      name, type.accepted, about, unit: unit, fallback: fallback.value, isNamedOnly: isNamedOnly,
      hint: hint, read: type.read)
  }

  /// The last positional parameter, which takes any number of arguments.
  public convenience init<Element>(
    rest name: String, _ type: ArgumentType<Element>, _ about: String, hint: String? = nil
  ) where T == [Element] {
    self.init(
      name, type.accepted, about, unit: nil, fallback: nil, isRest: true, isNamedOnly: false,
      hint: hint, read: ArgumentType<T>.list(of: type).read)
  }
}

/// A type that can be converted to a value of the script, for defaults.
public protocol ValueConvertible {
  /// The value.
  var value: Value { get }
}

extension Value: ValueConvertible {
  /// The value itself.
  public var value: Value { self }
}
extension Bool: ValueConvertible {
  /// A bool.
  public var value: Value { .bool(self) }
}
extension Int: ValueConvertible {
  /// A number.
  public var value: Value { .number(Double(self)) }
}
extension Double: ValueConvertible {
  /// A number.
  public var value: Value { .number(self) }
}
extension String: ValueConvertible {
  /// A string.
  public var value: Value { Value(self) }
}
extension Array: ValueConvertible where Element: ValueConvertible {
  /// A list.
  public var value: Value { .list(List(map(\.value))) }
}
extension ClosedRange: ValueConvertible where Bound: ValueConvertible {
  /// The list [low, high].
  public var value: Value { [lowerBound, upperBound].value }
}
