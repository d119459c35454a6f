/// The only access to everything outside the process: files, terminal, clock, environment.
/// Sandboxes, notebooks and tests replace it, usually with a `ForwardingHost`. There are no default
/// implementations, so that a request that a host does not implement is never lost silently.
public protocol Host: FileSystem, Terminal, Clock {
  /// The value of an environment variable.
  func environment(_ name: String) -> String?
  /// What another program writes on standard output: its name or path, and its arguments. nil if it
  /// does not exist or fails.
  func output(ofProgram arguments: [String]) -> String?
}

extension Host {
  /// The limit set by an environment variable, a number of `things` above 0; nil if it is not set.
  /// Throws `argument` if it is not such a number.
  public func limit(_ variable: String, of things: String) throws -> Int? {
    guard let text = environment(variable), !text.isEmpty else { return nil }
    guard let limit = Int(text), limit > 0 else {
      throw Failure(
        "argument",
        "\(variable) must be a whole number of \(things) such as 4000000000, it is \(text)")
    }
    return limit
  }
}
