import Host

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
public final class Builtin: @unchecked Sendable {
  /// What a builtin gives when it is called without its input.
  public enum Staging: Sendable {
    /// It has no such form.
    case none
    /// A layer or a transform: a callable that waits for the first argument. The type tells a first
    /// argument that is the input from one that is an option. Where it `chains`, its result may be
    /// another's input, and `a |> b` without one is both in a row.
    case staged(input: ParameterType, chains: Bool = false)
  }

  /// The name.
  public let name: String
  /// One sentence with a capital and a full stop.
  public let summary: String
  /// Further paragraphs: formula, source, errors, cost.
  public let details: String
  /// Words of the field that find it beside its own, e.g. `fully connected`.
  public let searchTerms: [String]
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
  /// Whether it looks at the variables of the script that calls it: all of its top level are then
  /// globals, which are kept by name.
  public let seesVariables: Bool
  /// The code.
  public let body: (Call) throws -> Value

  // What binding reads at each call.
  let masks: [UInt16]
  let fallbacks: [Value?]
  /// Whether positional arguments map to the parameters one to one.
  let isSimple: Bool

  /// Declares a builtin.
  public init(
    _ name: String, _ summary: String, details: String = "", searchTerms: [String] = [],
    _ parameters: [Parameter], result: String, examples: [Example], methodOf: [String] = [],
    staging: Staging = .none, numeric: (@Sendable (Double) -> Double)? = nil,
    seesVariables: Bool = false,
    body: @escaping (Call) throws -> Value
  ) {
    self.name = name
    self.summary = summary
    self.details = details
    self.searchTerms = searchTerms
    self.parameters = parameters
    self.result = result
    self.examples = examples
    self.methodOf = methodOf
    self.staging = staging
    self.numeric = numeric
    self.seesVariables = seesVariables
    self.body = body
    masks = parameters.map(\.type.mask)
    fallbacks = parameters.map(\.fallback)
    let isStaged = if case .staged = staging { true } else { false }
    isSimple = !isStaged && !parameters.contains { $0.isRest || $0.isNamedOnly || $0.isDeferred }
  }

  /// Whether it can follow and be followed by others of its kind in a chain that waits for its input.
  var chains: Bool { if case .staged(_, chains: true) = staging { true } else { false } }

  /// Whether an argument of it is not evaluated; such a builtin is no value.
  public var hasDeferred: Bool { parameters.contains { $0.isDeferred } }
}
