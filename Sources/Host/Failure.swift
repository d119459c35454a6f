/// An error that a user can act on: what was wanted and what came. It carries no place; the
/// interpreter adds that of the call, or of the argument that `argument` names.
public struct Failure: Error, CustomStringConvertible, Sendable {
  /// The stable code of the error, a short kebab-case word such as `shape` or `file-missing`.
  public var kind: String
  /// One line: what was wanted and what came.
  public var message: String
  /// What to say under the marked source, e.g. `x is [32, 784]`.
  public var label: String?
  /// What to write or do instead.
  public var hint: String?
  /// The position of the argument that is at fault, counted from 0.
  public var argument: Int?

  /// Makes a failure.
  public init(
    _ kind: String, _ message: String, label: String? = nil, hint: String? = nil,
    argument: Int? = nil
  ) {
    self.kind = kind
    self.message = message
    self.label = label
    self.hint = hint
    self.argument = argument
  }

  /// The message alone.
  public var description: String { message }
}

/// Thrown where a long computation notices Ctrl-C. No `catch` of a script sees it.
public struct Interrupted: Error {
  /// Makes the error.
  public init() {}
}
