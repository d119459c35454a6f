import Host
import Syntax

/// The values that an argument accepts, and the Swift type as which its builtin reads them.
public struct ArgumentType<T>: Sendable {
  /// The accepted values, for binding, help and the checker.
  public let accepted: ParameterType
  /// Converts a value to the Swift type; nil if it does not fit. A `Failure` that it throws is
  /// prefixed with the builtin's name and given the argument's place.
  public let read: @Sendable (Value) throws -> T?
  /// Whether nil fits. It is then also the value if no argument is given.
  let isOptional: Bool

  /// Makes a type. Without `accepts`, every value that can be read fits.
  public init(
    _ noun: String, limits: String = "", choices: [String] = [],
    accepts: (@Sendable (Value) -> Bool)? = nil, read: @escaping @Sendable (Value) throws -> T?
  ) {
    self.init(
      ParameterType(noun, limits: limits, choices: choices) { value in
        accepts?(value) ?? ((try? read(value)) != nil)
      }, read: read)
  }

  /// Makes a type from the accepted values and the way to read them.
  public init(
    _ accepted: ParameterType, isOptional: Bool = false,
    read: @escaping @Sendable (Value) throws -> T?
  ) {
    self.accepted = accepted
    self.isOptional = isOptional
    self.read = read
  }

  /// A value of a type, or nil, which is also the value if no argument is given.
  public static func optional<Wrapped>(_ type: ArgumentType<Wrapped>) -> Self
  where T == Wrapped? {
    let accepted = (type.accepted | .none).named(type.accepted.noun, limits: type.accepted.limits)
    return Self(accepted, isOptional: true) { value in
      if case .nil = value { return .some(nil) }
      return try type.read(value).map { .some($0) }
    }
  }

  /// A value of one type or, failing that, of another.
  public static func either(_ a: Self, _ b: Self) -> Self {
    Self(a.accepted | b.accepted) { try (a.accepted.accepts($0) ? a : b).read($0) }
  }

  /// The same values described by another noun: `[low, high]`.
  public func named(_ noun: String, limits: String = "") -> Self {
    Self(accepted.named(noun, limits: limits), isOptional: isOptional, read: read)
  }

  /// The values for which a condition holds. `limits` describes it after the noun: `, not 0`.
  public func limited(_ limits: String, to holds: @escaping @Sendable (T) -> Bool) -> Self {
    Self(accepted.noun, limits: limits, choices: accepted.choices) { [read] value in
      try read(value).flatMap { holds($0) ? $0 : nil }
    }
  }

  /// The values after a conversion; those that it converts to nil do not fit.
  public func map<U>(_ change: @escaping @Sendable (T) throws -> U?) -> ArgumentType<U> {
    ArgumentType<U>(accepted) { [read] value in try read(value).flatMap(change) }
  }
}

extension ArgumentType where T == Value {
  /// Any value.
  public static var any: Self { Self(.any) { $0 } }
  /// A function of the script or the library, or a host object that can be called.
  public static var callable: Self { Self(.callable) { $0 } }
  /// Values that the body distinguishes itself.
  public static func value(_ accepted: ParameterType) -> Self { Self(accepted) { $0 } }
}

extension ArgumentType where T == Bool {
  /// A bool.
  public static var bool: Self {
    Self(.bool) { if case .bool(let x) = $0 { x } else { nil } }
  }
}

extension ArgumentType where T == String {
  /// A string.
  public static var string: Self {
    Self(.string) { if case .string(let x) = $0 { x.text } else { nil } }
  }

  /// One of several strings.
  public static func choice(_ choices: [String]) -> Self {
    Self(ParameterType.quoted(choices), choices: choices) {
      if case .string(let x) = $0, choices.contains(x.text) { x.text } else { nil }
    }
  }
}

extension ArgumentType where T: RawRepresentable & CaseIterable, T.RawValue == String {
  /// One of the strings that represent an enumeration's cases.
  public static var choice: Self {
    let names = T.allCases.map(\.rawValue)
    return Self(ParameterType.quoted(names), choices: names) {
      if case .string(let x) = $0 { T(rawValue: x.text) } else { nil }
    }
  }
}

extension ArgumentType where T == Double {
  /// A number.
  public static var number: Self {
    Self(.number) { if case .number(let x) = $0 { x } else { nil } }
  }

  /// A finite number in a range.
  public static func number<R: RangeExpression & Sendable>(_ range: R) -> Self
  where R.Bound == Double {
    number.limited(Limits.text(range) { Value.number($0).brief }) {
      $0.isFinite && range.contains($0)
    }
  }

  /// A finite number above `low` and at most `high`.
  public static func number(above low: Double, through high: Double = .infinity) -> Self {
    let most = high.isFinite ? ", at most \(Value.number(high).brief)" : ""
    return number.limited(" above \(Value.number(low).brief)\(most)") {
      $0 > low && $0 <= high && $0.isFinite
    }
  }
}

extension ArgumentType where T == Int {
  /// A whole number, within ±2^53.
  public static var whole: Self {
    Self(.whole) { if case .number(let x) = $0 { NumberText.wholeNumber(x) } else { nil } }
  }

  /// A whole number in a range.
  public static func whole<R: RangeExpression & Sendable>(_ range: R) -> Self
  where R.Bound == Int {
    whole.limited(Limits.text(range) { String($0) }) { range.contains($0) }
  }
}

extension ArgumentType {
  /// A list of values of a type.
  public static func list<Element>(of type: ArgumentType<Element>) -> Self where T == [Element] {
    let plural = type.accepted.choices.isEmpty ? "s" : ""
    return Self("list of \(type.accepted.noun)\(plural)", limits: type.accepted.limits) { value in
      guard case .list(let list) = value else { return nil }
      return try list.items.mapAll(type.read)
    }
  }

  /// A value of a type, or a list of such values.
  public static func oneOrMore<Element>(_ type: ArgumentType<Element>) -> Self
  where T == [Element] {
    .either(type.map { [$0] }, .list(of: type))
  }

  /// A list of two values of a type, each with its meaning: `[low, high]`.
  public static func pair<Element>(
    _ first: String, _ second: String, of type: ArgumentType<Element>
  )
    -> Self where T == (Element, Element)
  {
    Self("[\(first), \(second)]", limits: type.accepted.limits) { value in
      guard case .list(let list) = value, list.items.count == 2,
        let first = try type.read(list.items[0]), let second = try type.read(list.items[1])
      else { return nil }
      return (first, second)
    }
  }

  /// A host object of one class.
  public static func object(_ name: String) -> Self where T: HostObject {
    Self(name) { if case .object(let object) = $0 { object as? T } else { nil } }
  }
}

extension ArgumentType where T == List {
  /// A list, unconverted.
  public static var list: Self {
    Self(.list) { if case .list(let list) = $0 { list } else { nil } }
  }
}

extension ArgumentType where T == Map {
  /// A map, unconverted.
  public static var map: Self {
    Self(.map) { if case .map(let map) = $0 { map } else { nil } }
  }
}

/// The wording of ranges.
private enum Limits {
  static func text<R: RangeExpression>(_ range: R, _ written: (R.Bound) -> String) -> String {
    switch range {
    case let range as ClosedRange<R.Bound>:
      " from \(written(range.lowerBound)) to \(written(range.upperBound))"
    case let range as Range<R.Bound>:
      ", \(written(range.lowerBound)) or more and below \(written(range.upperBound))"
    case let range as PartialRangeFrom<R.Bound>: ", \(written(range.lowerBound)) or more"
    case let range as PartialRangeThrough<R.Bound>: ", \(written(range.upperBound)) or less"
    case let range as PartialRangeUpTo<R.Bound>: " below \(written(range.upperBound))"
    default: ""
    }
  }
}
