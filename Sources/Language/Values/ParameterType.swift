import Host
import Syntax

/// The values that an argument accepts, as far as binding, help and the checker need to know.
public struct ParameterType: Sendable {
  /// The type of value without its limits: `number`, `tensor`, `whole number or [h, w]`.
  public let noun: String
  /// The limits of the value, as written after the noun: `, 1 or more`, ` from 0 to 1`.
  public let limits: String
  /// The accepted strings, if it is one of several.
  public let choices: [String]
  /// Whether a value fits.
  public let accepts: @Sendable (Value) -> Bool
  /// The kinds all of whose values fit (`Value.kindMask`), for a fast check.
  let mask: UInt16

  /// Makes a type.
  public init(
    _ noun: String, limits: String = "", choices: [String] = [],
    accepts: @escaping @Sendable (Value) -> Bool
  ) {
    self.init(noun, limits: limits, choices: choices, kinds: 0, accepts: accepts)
  }

  init(
    _ noun: String, limits: String = "", choices: [String] = [], kinds: UInt16,
    accepts: @escaping @Sendable (Value) -> Bool = { _ in false }
  ) {
    self.noun = noun
    self.limits = limits
    self.choices = choices
    self.accepts = { kinds & $0.kindMask != 0 || accepts($0) }
    mask = kinds
  }

  /// The type as help and errors show it: `number from 0 to 1`.
  public var name: String { noun + limits }

  /// The same type under another name.
  public func named(_ noun: String, limits: String = "") -> Self {
    Self(noun, limits: limits, choices: choices, kinds: mask, accepts: accepts)
  }

  /// Either of two types.
  public static func | (a: Self, b: Self) -> Self {
    Self("\(a.name) or \(b.name)", choices: a.choices + b.choices, kinds: a.mask | b.mask) {
      a.accepts($0) || b.accepts($0)
    }
  }

  /// Strings as a type's noun lists them: `"area", "bicubic" or "nearest"`.
  static func quoted(_ choices: [String]) -> String {
    let texts = choices.map { "\"\($0)\"" }
    guard texts.count > 1 else { return texts.joined() }
    return texts.dropLast().joined(separator: ", ") + " or " + texts[texts.count - 1]
  }

  /// Any value.
  public static let any = Self("value", kinds: .max)
  /// A number.
  public static let number = Self("number", kinds: Value.number(0).kindMask)
  /// A number without a fraction, 2^53 at most.
  public static let whole = Self("whole number") {
    if case .number(let x) = $0 { NumberText.wholeNumber(x) != nil } else { false }
  }
  /// A bool.
  public static let bool = Self("bool", kinds: Value.bool(true).kindMask)
  /// A string.
  public static let string = Self("string", kinds: Value("").kindMask)
  /// A list.
  public static let list = Self("list", kinds: Value.list(List([])).kindMask)
  /// A map.
  public static let map = Self("map", kinds: Value.map(Map()).kindMask)
  /// A range.
  public static let range = Self("range", kinds: Value.range(RangeBox(0, 0)).kindMask)
  /// Any host object.
  public static let anyObject = Self("object", kinds: Value.object(HostObject()).kindMask)
  /// nil.
  public static let none = Self("nil", kinds: Value.nil.kindMask)
  /// A function of the script or the library, or a host object that can be called.
  public static let callable = Self("function") {
    switch $0 {
    case .function: true
    case .object(let object): object.isCallable
    default: false
    }
  }
  /// A host object of one class.
  public static func object<T: HostObject>(_ name: String, _ type: T.Type) -> Self {
    Self(name) { if case .object(let object) = $0 { object is T } else { false } }
  }
}
