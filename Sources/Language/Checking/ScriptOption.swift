import Syntax

/// An option that a script declares with `option(name, default, about)`.
public struct ScriptOption {
  /// The name: `--name` at the command line.
  public let name: String
  /// The value when it is not given, a number, string, bool or nil. Its type is the option's; nil
  /// takes a string, `false` makes a flag.
  public let fallback: Value
  /// What help says of it.
  public let about: String
  /// Where it is declared.
  public let place: Place
}
