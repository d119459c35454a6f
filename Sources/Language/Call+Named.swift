import Host

extension Call {
  /// The position of a parameter.
  public func index(of name: String) -> Int {
    guard let index = builtin.parameters.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("\(builtin.name) declares no parameter \(name)")
    }
    return index
  }

  /// The value of a parameter.
  public subscript(_ name: String) -> Value { values[index(of: name)] }
  /// Whether a parameter is nil.
  public func isNil(_ name: String) -> Bool {
    if case .nil = self[name] { true } else { false }
  }

  // The accessors below expect the declared type, which binding has checked.

  /// A number.
  public func number(_ name: String) throws -> Double {
    if case .number(let x) = self[name] { return x }
    throw wrong(name, "a number")
  }
  /// A whole number, `minimum` at least.
  public func int(_ name: String, minimum: Int = .min) throws -> Int {
    guard case .number(let x) = self[name], x == x.rounded() else {
      throw wrong(name, "a whole number")
    }
    guard abs(x) <= 9_007_199_254_740_992 else {
      throw wrong(name, "a whole number \(ArgumentError.exact)")
    }
    guard Int(x) >= minimum else {
      throw wrong(name, "a whole number, \(minimum) or more")
    }
    return Int(x)
  }
  /// A bool.
  public func bool(_ name: String) throws -> Bool {
    if case .bool(let x) = self[name] { return x }
    throw wrong(name, "a bool")
  }
  /// A string.
  public func string(_ name: String) throws -> String {
    if case .string(let x) = self[name] { return x.text }
    throw wrong(name, "a string")
  }
  /// The items of a list, or of a rest parameter.
  public func list(_ name: String) throws -> [Value] {
    if case .list(let x) = self[name] { return x.items }
    throw wrong(name, "a list")
  }
  /// A host object of a class.
  public func object<T: HostObject>(_ name: String, as type: T.Type = T.self) throws -> T {
    if case .object(let x) = self[name], let object = x as? T { return object }
    throw wrong(name, builtin.parameters[index(of: name)].type.name)
  }

  /// The one wording of a wrong argument: `resize: size must be a whole number, got "big"`.
  public func wrong(_ name: String, _ wanted: String, hint: String? = nil) -> Failure {
    wrong(builtin.parameters[index(of: name)], wanted, hint: hint)
  }
}

extension Parameter {
  /// A parameter that must be given.
  public static func required(
    _ name: String, _ type: ParameterType, _ about: String, deferred: Bool = false,
    hint: String? = nil
  ) -> Parameter {
    Parameter(
      name: name, type: type, about: about, fallback: nil, isDeferred: deferred, hint: hint)
  }
  /// A parameter with a default; nil is taken too where it is that.
  public static func optional(
    _ name: String, _ type: ParameterType, _ fallback: Value, _ about: String,
    namedOnly: Bool = false
  ) -> Parameter {
    var accepted = type
    if case .nil = fallback { accepted = (type | .none).named(type.noun, limits: type.limits) }
    return Parameter(
      name: name, type: accepted, about: about, fallback: fallback, isNamedOnly: namedOnly)
  }
  /// The last positional parameter, which takes any number of arguments as a list.
  public static func rest(_ name: String, _ type: ParameterType, _ about: String) -> Parameter {
    Parameter(name: name, type: type, about: about, fallback: nil, isRest: true)
  }
}
