/// What the language knows from outside: the library's builtins and the modules of stdlib.
public protocol Environment: AnyObject {
  /// What a name means that the script does not declare.
  func known(_ name: String) -> Known?
  /// Every such name, for completion and nearest matches.
  var names: [String] { get }
  /// The builtin that `.name(...)` on a value of a type calls.
  func method(_ name: String, of type: String) -> Builtin?
  /// Every name that may stand after a dot on a library value: fields and methods.
  var memberNames: Set<String> { get }
  /// The source of a stdlib module.
  func moduleSource(_ name: String) throws -> Source
  /// The source of a file that `use` names, `path` being relative to `folder`.
  func fileSource(_ path: String, from folder: String?) throws -> Source
}

/// What the environment knows a name as.
public enum Known {
  /// A builtin.
  case builtin(Builtin)
  /// A module of stdlib: `saliency`.
  case module(String)
  /// A function that a module of stdlib exports as a global name: `train`.
  case export(module: String, name: String)
  /// A constant: `pi`.
  case constant(Value)
}
