/// The register machine. (Its maker replaces this stub.)
public final class Machine {
  /// Calls a function of the script, a builtin or a callable object.
  public func call(_ function: Value, _ arguments: CallArguments) throws -> Value { .nil }
}

/// A function of the script with what it captured.
public final class Closure {}

extension Value {
  /// A short text for errors: `"big"`, `3`, `tensor [2, 3]`, `list of 4`.
  public var brief: String { "" }
}
