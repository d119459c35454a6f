/// An error that a user can act on: what was expected and what was given. It contains no source
/// location; the interpreter adds that of the call, or of the argument at index `argument`.
public struct Failure: Error, CustomStringConvertible, Sendable {
  /// The stable code of the error, a short kebab-case word such as `shape` or `file-missing`.
  public var kind: String
  /// One line: what was expected and what was given.
  public var message: String
  /// The label under the marked source, e.g. `x is [32, 784]`.
  public var label: String?
  /// A suggestion of what to write or do instead.
  public var hint: String?
  /// The index of the argument that caused the error, counted from 0.
  public var argument: Int?

  /// Creates a failure.
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

  /// The message only.
  public var description: String { message }
}

/// Thrown when a long computation notices Ctrl-C. A script cannot catch it.
public struct Interrupted: Error {
  /// Creates the error.
  public init() {}
}
