import Syntax

/// An option that a script declares with `option(name, default, about)`.
public struct ScriptOption {
  /// Its name: `--name` on the command line.
  public let name: String
  /// The value if the option is not given: a number, string, bool or nil. Its type is the option's
  /// type; nil accepts a string, and `false` makes the option a flag.
  public let fallback: Value
  /// The description that help shows.
  public let about: String
  /// Where it is declared.
  public let place: Place
}
