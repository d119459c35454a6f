/// The one gate to the outside: files, terminal, clock, environment. A sandbox, a notebook and a test
/// replace it, as a rule by a `ForwardingHost`. None of its parts has a default: what a host does not
/// answer must not be lost silently.
public protocol Host: FileSystem, Terminal, Clock {
  /// An environment variable's value.
  func environment(_ name: String) -> String?
}

extension Host {
  /// The limit that an environment variable sets, a number of `things` above 0; nil where it is not set.
  /// Throws `argument` where it is no such number.
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
