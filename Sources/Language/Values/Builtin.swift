import Host
import Syntax

/// What a parameter takes: a name for errors and help, and a test.
public struct ParameterType: Sendable {
  /// As help and errors say it: `number`, `tensor`, `whole number or [h, w]`.
  public let name: String
  /// Whether a value fits.
  public let accepts: @Sendable (Value) -> Bool
  /// The kinds of which every value fits (`Value.kindMask`), for a quick yes.
  let mask: UInt16

  /// Makes a type.
  public init(_ name: String, accepts: @escaping @Sendable (Value) -> Bool) {
    self.name = name
    self.accepts = accepts
    mask = 0
  }

  private init(
    _ name: String, kinds: UInt16, accepts: @escaping @Sendable (Value) -> Bool = { _ in false }
  ) {
    self.name = name
    self.accepts = { kinds & $0.kindMask != 0 || accepts($0) }
    mask = kinds
  }

  /// Either of two types.
  public static func | (a: Self, b: Self) -> Self {
    Self("\(a.name) or \(b.name)", kinds: a.mask | b.mask) { a.accepts($0) || b.accepts($0) }
  }

  /// Anything.
  public static let any = Self("value", kinds: .max)
  /// A number.
  public static let number = Self("number", kinds: Value.number(0).kindMask)
  /// A number without a fraction, 2^53 at most.
  public static let whole = Self("whole number") {
    if case .number(let x) = $0 { NumberText.whole(x) != nil } else { false }
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

/// One parameter of a builtin.
public struct Parameter: @unchecked Sendable {
  /// The name, for named arguments.
  public let name: String
  /// What it takes. A parameter whose default is nil takes nil too.
  public let type: ParameterType
  /// One line: meaning, unit, shape.
  public let about: String
  /// The value when no argument is given; nil means that one must be.
  public let fallback: Value?
  /// Takes all further positional arguments, as a list.
  public let isRest: Bool
  /// The argument is not evaluated: the builtin gets a function of no parameters.
  public let isDeferred: Bool
  /// Can be given by name only.
  public let isNamedOnly: Bool
  /// What to write instead where an argument is not of the type.
  public let hint: String?

  /// A parameter that must be given.
  public static func required(
    _ name: String, _ type: ParameterType, _ about: String, deferred: Bool = false,
    hint: String? = nil
  ) -> Parameter {
    Parameter(
      name: name, type: type, about: about, fallback: nil, isRest: false, isDeferred: deferred,
      isNamedOnly: false, hint: hint)
  }
  /// A parameter with a default.
  public static func optional(
    _ name: String, _ type: ParameterType, _ fallback: Value, _ about: String,
    namedOnly: Bool = false
  ) -> Parameter {
    Parameter(
      name: name, type: type, about: about, fallback: fallback, isRest: false, isDeferred: false,
      isNamedOnly: namedOnly, hint: nil)
  }
  /// The last positional parameter, which takes any number of arguments as a list.
  public static func rest(_ name: String, _ type: ParameterType, _ about: String) -> Parameter {
    Parameter(
      name: name, type: type, about: about, fallback: nil, isRest: true, isDeferred: false,
      isNamedOnly: false, hint: nil)
  }
}

/// An example in a builtin's help. It runs as a test.
public struct Example: Sendable {
  /// The code; its last expression's display is the result.
  public let code: String
  /// What the prompt shows for it; nil where the code only has to run.
  public let result: String?
  /// Makes an example.
  public init(_ code: String, _ result: String? = nil) {
    self.code = code
    self.result = result
  }
}

/// A function of the library, declared once: help, completion, the checker, argument errors and the
/// documentation all read this.
public final class Builtin: HostObject, @unchecked Sendable {
  /// What a builtin gives when it is called without its input.
  public enum Staging: Sendable {
    /// It has no such form.
    case none
    /// A layer or a transform: a callable that waits for the first argument. The type tells a first
    /// argument that is the input from one that is an option. Where it `chains`, its result may be
    /// another's input, and `a |> b` without one is both in a row.
    case staged(input: ParameterType, chains: Bool = false)
  }

  /// What the language itself must know of a builtin beside its parameters.
  public struct Traits: OptionSet, Sendable {
    /// See `OptionSet`.
    public let rawValue: Int
    /// See `OptionSet`.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// It looks at the variables of the script that calls it: all of its top level are then globals, which
    /// are kept by name.
    public static let seesVariables = Self(rawValue: 1)
    /// It asks about what its argument names, which need not be a value: `help dataset`.
    public static let asksAboutNames = Self(rawValue: 2)
    /// It declares an option of the script, which the checker reads before the script runs.
    public static let declaresOption = Self(rawValue: 4)
    /// Called on a list as a method, it adds its argument at the end; the machine does that itself.
    public static let appends = Self(rawValue: 8)
  }

  /// The name.
  public let name: String
  /// The heading it stands under in the documentation, e.g. `tensors`.
  public let area: String
  /// One sentence with a capital and a full stop.
  public let about: String
  /// Further paragraphs: formula, source, errors, cost.
  public let details: String
  /// The parameters, in order.
  public let parameters: [Parameter]
  /// The result, for help: `tensor`, `list of numbers`.
  public let result: String
  /// Examples, at least one.
  public let examples: [Example]
  /// The type names it can be called on with a dot: `x.sum()`.
  public let methodOf: [String]
  /// Whether it waits for its input when called without it.
  public let staging: Staging
  /// What a function of one number gives for a plain number: the machine takes this way past
  /// binding where it can. It must agree with `body`.
  public let numeric: (@Sendable (Double) -> Double)?
  /// What the language itself must know of it.
  public let traits: Traits
  /// The code.
  public let body: (Call) throws -> Value

  // What binding reads at each call.
  let masks: [UInt16]
  let fallbacks: [Value?]
  /// Whether positional arguments map to the parameters one to one.
  let isSimple: Bool

  /// Declares a builtin.
  public init(
    _ name: String, area: String, _ about: String, details: String = "",
    _ parameters: [Parameter], result: String, examples: [Example], methodOf: [String] = [],
    staging: Staging = .none, numeric: (@Sendable (Double) -> Double)? = nil,
    traits: Traits = [],
    body: @escaping (Call) throws -> Value
  ) {
    self.name = name
    self.area = area
    self.about = about
    self.details = details
    self.parameters = parameters
    self.result = result
    self.examples = examples
    self.methodOf = methodOf
    self.staging = staging
    self.numeric = numeric
    self.traits = traits
    self.body = body
    masks = parameters.map { parameter in
      guard case .nil = parameter.fallback else { return parameter.type.mask }
      return parameter.type.mask | Value.nil.kindMask
    }
    fallbacks = parameters.map(\.fallback)
    let isStaged = if case .staged = staging { true } else { false }
    isSimple = !isStaged && !parameters.contains { $0.isRest || $0.isNamedOnly || $0.isDeferred }
  }

  override public var typeName: String { "function" }
  override public var summary: String { "<builtin \(name)>" }
  override public var brief: String { summary }
  override public var isCallable: Bool { true }
  override public func call(_ arguments: CallArguments, on machine: any Caller) throws -> Value? {
    try invoke(arguments, on: machine)
  }

  /// Whether it can follow and be followed by others of its kind in a chain that waits for its input.
  var chains: Bool { if case .staged(_, chains: true) = staging { true } else { false } }

  /// Whether an argument of it is not evaluated; such a builtin is no value.
  public var hasDeferred: Bool { parameters.contains { $0.isDeferred } }
}

/// A call of a builtin: one value for each parameter, bound and checked.
public struct Call {
  /// The builtin.
  public let builtin: Builtin
  /// A value for each parameter, in the declaration's order.
  public var values: [Value]
  /// The machine, for calling functions back.
  public let machine: any Caller

  /// Makes a call from bound values.
  public init(_ builtin: Builtin, _ values: [Value], on machine: any Caller) {
    self.builtin = builtin
    self.values = values
    self.machine = machine
  }

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
    Failure(
      "argument", "\(builtin.name): \(name) must be \(wanted), got \(self[name].brief)",
      hint: hint, argument: index(of: name))
  }
}
