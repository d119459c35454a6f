import Host
import Syntax

/// What values and builtins can ask of the machine that runs them.
public protocol Caller: AnyObject {
  /// Calls a function of the script, a builtin or a callable object.
  func call(_ function: Value, _ arguments: CallArguments) throws -> Value
  /// Calls with one argument.
  func call(_ function: Value, _ argument: Value) throws -> Value
  /// Calls with two arguments.
  func call(_ function: Value, _ first: Value, _ second: Value) throws -> Value
  /// The variables of the running program: those of the prompt, or of a script that calls a builtin
  /// which looks at them.
  var variables: (any Variables)? { get }
  /// The digest of a value: of its content and of everything reachable from it, except for what is
  /// in the map `left`. Throws `no-digest` if it contains something without a digest.
  func digest(of value: Value, without left: Map?) throws -> Digest
  /// What a function refers to outside of itself, with the current values: what it captured, and the
  /// variables, functions and modules that its text names, apart from builtins.
  func captures(of function: Closure) throws -> [(name: String, value: Value)]
  /// Notes that a builtin which touches something hidden was called. What stdlib does for itself, such
  /// as measuring an epoch, does not count.
  func touchesHidden(_ builtin: String)
  /// The active functions, innermost first, each with the place that execution has reached. A
  /// file's top level has no name. `most` limits their number, since recursion may be deep.
  func reached(most: Int) -> [(function: String?, place: Place)]
}

extension Caller {
  /// The digest of a value with everything reachable from it.
  public func digest(of value: Value) throws -> Digest { try digest(of: value, without: nil) }
}

/// Variables by name: those of a file, of a module or of the prompt.
public protocol Variables: AnyObject {
  /// The value of a variable; nil if it does not exist or its `let` has not run.
  subscript(_ name: String) -> Value? { get }
  /// The variables that have a value, in the order in which they were first mentioned.
  var variables: [(name: String, value: Value)] { get }
}

/// The arguments of a call as they are written.
public struct CallArguments {
  /// The positional arguments, in order.
  public var positional: [Value]
  /// The named arguments, in order.
  public var named: [(name: String, value: Value)]
  /// Makes arguments.
  public init(_ positional: [Value] = [], named: [(name: String, value: Value)] = []) {
    self.positional = positional
    self.named = named
  }
}
