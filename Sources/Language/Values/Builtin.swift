import Host
import Syntax

/// An example in a builtin's help. It runs as a test.
public struct Example: Sendable {
  /// The code. The displayed value of its last expression is the result.
  public let code: String
  /// The output that the prompt shows for it; nil if the code only has to run.
  public let result: String?
  /// Makes an example.
  public init(_ code: String, _ result: String? = nil) {
    self.code = code
    self.result = result
  }
}

/// A function of the library, declared once: help, completion, the checker, argument errors and the
/// documentation are all based on this declaration.
public final class Builtin: HostObject, @unchecked Sendable {
  /// The result of calling a builtin without its input, the first argument.
  public enum Staging {
    /// It can't be called without its input.
    case none
    /// A layer or a transform: a callable that waits for its input. The type of the first parameter
    /// distinguishes a first argument that is the input from one that is an option. If it `chains`,
    /// its result may be the input of another, and `a |> b` without an input applies both in order.
    /// `part` makes what represents it in a list of layers.
    case staged(chains: Bool = false, part: ((Call) throws -> Value)? = nil)
  }

  /// The properties of a builtin that the language itself must know, in addition to the parameters.
  public struct Traits: OptionSet, Sendable {
    /// See `OptionSet`.
    public let rawValue: Int
    /// See `OptionSet`.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// It looks at the variables of the script that calls it: all top-level names of the script are
    /// then globals, which are kept by name.
    public static let seesVariables = Self(rawValue: 1)
    /// It asks about a name given as its argument, which need not be a value: `help dataset`.
    public static let asksAboutNames = Self(rawValue: 2)
    /// It declares an option of the script, which the checker reads before the script runs.
    public static let declaresOption = Self(rawValue: 4)
    /// Called as a method of a list, it appends its argument; the machine does that itself.
    public static let appends = Self(rawValue: 8)
    /// It changes its first argument, a list or map; if that is a copy which an object gave of one of
    /// its fields, the field is set to it.
    public static let changesFirst = Self(rawValue: 16)
    /// It reads or changes hidden state, apart from variables, files and random numbers: the time, the
    /// memory in use, the run's folder. A part of a script that calls it can't be replaced by what
    /// it gave before.
    public static let touchesHidden = Self(rawValue: 32)
  }

  /// The name.
  public let name: String
  /// One sentence, with a capital and a full stop.
  public let about: String
  /// Further paragraphs: formula, source, errors, cost.
  public let details: String
  /// Terms of the field by which search finds it, in addition to its own words: `fully connected`.
  public let searchTerms: [String]
  /// The result, for help: `tensor`, `list of numbers`.
  public let result: String
  /// The names of the types on which it can be called with a dot: `x.sum()`.
  public let methodOf: [String]
  /// Whether it waits for its input if called without it.
  public let staging: Staging
  /// The result of a function of one number for a plain number: the machine takes this shortcut
  /// around binding if it can. It must agree with `body`.
  public let numeric: (@Sendable (Double) -> Double)?
  /// The result for arguments of the usual kinds, given by position; nil for any others. The machine
  /// asks it before it binds them. It must agree with `body`.
  public let direct: (@Sendable (UnsafeBufferPointer<Value>) -> Value?)?
  /// The properties that the language itself must know.
  public let traits: Traits
  /// What is wrong with a call whose arguments fit each by itself, as far as they are known before
  /// the script runs.
  public let foresight: (@Sendable (ForeseenCall) -> Failure?)?
  /// The code.
  public let body: (Call) throws -> Value

  private let makeParameters: () -> [AnyArgument]
  private let makeExamples: () -> [Example]
  private var madeParameters: [AnyArgument]?

  /// What a call reads of a parameter: trivial values, whose references are not counted.
  @usableFromInline
  struct ParameterPlace {
    /// The identity of the argument.
    @usableFromInline let argument: UnsafeRawPointer
    /// The kinds of values that need no further check.
    let mask: UInt16
  }
  /// The places of the parameters; empty until these have been created.
  @usableFromInline private(set) final var places = UnsafeMutableBufferPointer<ParameterPlace>(
    start: nil, count: 0)
  /// Whether positional arguments map to the parameters one to one; false until these have been
  /// created.
  private(set) final var isSimple = false

  /// Declares a builtin.
  public init(
    _ name: String, _ about: String, details: String = "", searchTerms: [String] = [],
    _ parameters: @escaping @autoclosure () -> [AnyArgument], result: String,
    examples: @escaping @autoclosure () -> [Example], methodOf: [String] = [],
    staging: Staging = .none, numeric: (@Sendable (Double) -> Double)? = nil,
    direct: (@Sendable (UnsafeBufferPointer<Value>) -> Value?)? = nil, traits: Traits = [],
    foresight: (@Sendable (ForeseenCall) -> Failure?)? = nil,
    body: @escaping (Call) throws -> Value
  ) {
    self.name = name
    self.about = about
    self.details = details
    self.searchTerms = searchTerms
    makeParameters = parameters
    self.result = result
    makeExamples = examples
    self.methodOf = methodOf
    self.staging = staging
    self.numeric = numeric
    self.direct = direct
    self.traits = traits
    self.foresight = foresight
    self.body =
      traits.isDisjoint(with: [.touchesHidden, .seesVariables])
      ? body
      : { call in
        call.machine.touchesHidden(name)
        return try body(call)
      }
  }

  /// Declares a function that only acts: it gives nil.
  public convenience init(
    _ name: String, _ about: String, details: String = "", searchTerms: [String] = [],
    _ parameters: @escaping @autoclosure () -> [AnyArgument],
    examples: @escaping @autoclosure () -> [Example], methodOf: [String] = [], traits: Traits = [],
    action: @escaping (Call) throws -> Void
  ) {
    self.init(
      name, about, details: details, searchTerms: searchTerms, parameters(), result: "nil",
      examples: examples(), methodOf: methodOf, traits: traits
    ) { call in
      try action(call)
      return .nil
    }
  }

  deinit { places.deallocate() }

  /// The parameters, in order. They are created when they are first used, since a script uses few of
  /// the builtins: those of all builtins would take a fifth of the start of a program.
  public var parameters: [AnyArgument] {
    if let madeParameters { return madeParameters }
    let parameters = makeParameters()
    // SAFETY: all places are initialised here and deallocated with the builtin, which holds the
    // arguments that they identify.
    places = .allocate(capacity: parameters.count)
    for (i, parameter) in parameters.enumerated() {
      let argument = UnsafeRawPointer(Unmanaged.passUnretained(parameter).toOpaque())
      places.initializeElement(
        at: i, to: ParameterPlace(argument: argument, mask: parameter.type.mask))
    }
    isSimple = !isStaged && !parameters.contains { $0.isRest || $0.isNamedOnly || $0.isDeferred }
    madeParameters = parameters
    return parameters
  }

  /// Examples; at least one.
  public var examples: [Example] { makeExamples() }

  override public var typeName: String { "function" }
  override public var summary: String { "<builtin \(name)>" }
  override public var brief: String { summary }
  override public var isCallable: Bool { true }
  override public func call(_ arguments: CallArguments, on machine: any Caller) throws -> Value? {
    try invoke(arguments, on: machine)
  }

  /// Whether it can be called without its input.
  var isStaged: Bool { if case .staged = staging { true } else { false } }

  /// The type of the input that it can be called without; nil if it can't.
  public var awaited: ParameterType? { isStaged ? parameters.first?.type : nil }

  /// Whether it can be part of a chain that waits for its input.
  public var chains: Bool { if case .staged(true, _) = staging { true } else { false } }

  /// Whether any of its arguments is left unevaluated; such a builtin can't be used as a value.
  public var hasDeferred: Bool { parameters.contains { $0.isDeferred } }
}
