import Host
import Syntax

/// What values and builtins may ask of the machine that runs them.
public protocol Caller: AnyObject {
  /// Calls a function of the script, a builtin or a callable object.
  func call(_ function: Value, _ arguments: CallArguments) throws -> Value
  /// Calls with one argument.
  func call(_ function: Value, _ argument: Value) throws -> Value
  /// Calls with two arguments.
  func call(_ function: Value, _ first: Value, _ second: Value) throws -> Value
  /// The variables of what runs: of the prompt, or of a script that calls a builtin which looks at them.
  var variables: (any Variables)? { get }
  /// The digest of a value: of what it holds, and of all that this leads to. Throws `no-digest` where it
  /// holds something that has none.
  func digest(of value: Value) throws -> Digest
  /// The functions under way, innermost first, each with the place it has reached; a file's top level
  /// has no name. `most` bounds their number: recursion may be deep.
  func reached(most: Int) -> [(function: String?, place: Place)]
}

/// Variables by name: those of a file, of a module or of the prompt.
public protocol Variables: AnyObject {
  /// The value of a variable; nil where there is none or its `let` has not run.
  subscript(_ name: String) -> Value? { get }
  /// The variables that have a value, in the order in which they were first mentioned.
  var variables: [(name: String, value: Value)] { get }
}

/// The arguments of a call as they stand at the call.
public struct CallArguments {
  /// Those without a name, in order.
  public var positional: [Value]
  /// Those with one, in order.
  public var named: [(name: String, value: Value)]
  /// Makes arguments.
  public init(_ positional: [Value] = [], named: [(name: String, value: Value)] = []) {
    self.positional = positional
    self.named = named
  }
}
