/// What values an argument takes, and the Swift type its builtin reads them as.
public struct ArgumentType<T>: Sendable {
  /// What fits, for binding, help and the checker.
  public let accepted: ParameterType
  /// A value as the Swift type; nil where it does not fit. A `Failure` that it throws gets the names of
  /// the builtin in front and the argument's place.
  public let read: @Sendable (Value) throws -> T?
  /// Whether nil fits, which is then also the value when no argument is given.
  let isOptional: Bool

  /// Makes a type. Without `accepts`, what can be read fits.
  public init(
    _ noun: String, limits: String = "", choices: [String] = [],
    accepts: (@Sendable (Value) -> Bool)? = nil, read: @escaping @Sendable (Value) throws -> T?
  ) {
    self.init(
      ParameterType(noun, limits: limits, choices: choices) { value in
        accepts?(value) ?? ((try? read(value)) != nil)
      }, read: read)
  }

  /// Makes a type of what is accepted and how it is read.
  public init(
    _ accepted: ParameterType, isOptional: Bool = false,
    read: @escaping @Sendable (Value) throws -> T?
  ) {
    self.accepted = accepted
    self.isOptional = isOptional
    self.read = read
  }

  /// A value of a type or nil, which is also what it is if it is not given.
  public static func optional<Wrapped>(_ type: ArgumentType<Wrapped>) -> Self
  where T == Wrapped? {
    let accepted = (type.accepted | .none).named(type.accepted.noun, limits: type.accepted.limits)
    return Self(accepted, isOptional: true) { value in
      if case .nil = value { return .some(nil) }
      return try type.read(value).map { .some($0) }
    }
  }

  /// A value of one type, else of another.
  public static func either(_ a: Self, _ b: Self) -> Self {
    Self(a.accepted | b.accepted) { try (a.accepted.accepts($0) ? a : b).read($0) }
  }

  /// The same values under another name: `[low, high]`.
  public func named(_ noun: String, limits: String = "") -> Self {
    Self(accepted.named(noun, limits: limits), isOptional: isOptional, read: read)
  }

  /// The values for which a condition holds; `limits` says which behind the noun: `, not 0`.
  public func limited(_ limits: String, to holds: @escaping @Sendable (T) -> Bool) -> Self {
    Self(accepted.noun, limits: limits, choices: accepted.choices) { [read] value in
      try read(value).flatMap { holds($0) ? $0 : nil }
    }
  }

  /// The values made into something else; those that give nil do not fit.
  public func map<U>(_ change: @escaping @Sendable (T) throws -> U?) -> ArgumentType<U> {
    ArgumentType<U>(accepted) { [read] value in try read(value).flatMap(change) }
  }
}

extension ArgumentType where T == Value {
  /// Anything.
  public static var any: Self { Self(.any) { $0 } }
  /// A function of the script or the library, or a host object that can be called.
  public static var callable: Self { Self(.callable) { $0 } }
  /// Values that the body tells apart itself.
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

  /// One of a few strings.
  public static func choice(_ choices: [String]) -> Self {
    Self(ParameterType.quoted(choices), choices: choices) {
      if case .string(let x) = $0, choices.contains(x.text) { x.text } else { nil }
    }
  }
}

extension ArgumentType where T: RawRepresentable & CaseIterable, T.RawValue == String {
  /// One of the strings that stand for an enumeration's cases.
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

  /// A finite number above another.
  public static func number(above low: Double) -> Self {
    number.limited(" above \(Value.number(low).brief)") { $0 > low && $0.isFinite }
  }
}

extension ArgumentType where T == Int {
  /// A whole number, within ±2^53.
  public static var whole: Self {
    Self(.whole) { if case .number(let x) = $0 { NumberText.whole(x) } else { nil } }
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
    Self("list of \(type.accepted.noun)s", limits: type.accepted.limits) { value in
      guard case .list(let list) = value else { return nil }
      var elements: [Element] = []
      elements.reserveCapacity(list.items.count)
      for item in list.items {
        guard let element = try type.read(item) else { return nil }
        elements.append(element)
      }
      return elements
    }
  }

  /// A host object of one class.
  public static func object(_ name: String) -> Self where T: HostObject {
    Self(name) { if case .object(let object) = $0 { object as? T } else { nil } }
  }
}

extension ArgumentType where T == List {
  /// A list, itself.
  public static var list: Self {
    Self(.list) { if case .list(let list) = $0 { list } else { nil } }
  }
}

extension ArgumentType where T == Map {
  /// A map, itself.
  public static var map: Self {
    Self(.map) { if case .map(let map) = $0 { map } else { nil } }
  }
}

/// How ranges are said.
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
