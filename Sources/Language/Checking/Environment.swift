import Syntax

/// What the language knows of its surroundings: the library's builtins and the modules of stdlib.
public protocol Environment: AnyObject {
  /// The meaning of a name that the script does not declare.
  func known(_ name: String) -> Known?
  /// The builtin that a module's name calls: `training()` beside `training.fit`; nil if the module
  /// can't be called.
  func caller(of module: String) -> Builtin?
  /// All such names, for completion and nearest matches.
  var names: [String] { get }
  /// The builtin that `.name(...)` calls on a value of a given type.
  func method(_ name: String, of type: String) -> Builtin?
  /// The members of the values of a type, with the types of their values; nil if each value has
  /// members of its own, as a map has, or if the type is not known.
  func members(of type: String) -> [String: String]?
  /// Whether a builtin does nothing but compute its result.
  func isPure(_ builtin: Builtin) -> Bool
  /// Every name that may follow a dot on a library value: fields and methods.
  var memberNames: Set<String> { get }
  /// The texts of `limbeck explain` for the library's errors, by error code.
  var explanations: [String: String] { get }
  /// The source of a stdlib module.
  func moduleSource(_ name: String) throws -> Source
  /// The source of a file that `use` names. `path` is relative to `folder`.
  func fileSource(_ path: String, from folder: String?) throws -> Source
}

/// The kinds of names that the environment knows.
public enum Known {
  /// A builtin.
  case builtin(Builtin)
  /// A module of stdlib, such as `saliency`.
  case module(String)
  /// A function that a module of stdlib exports as a global name, such as `train`.
  case export(module: String, name: String)
  /// A constant, such as `pi`.
  case constant(Value)
}
