import Host
import Language

/// The script that a run executes, as the front end knows it.
public struct RunScript {
  /// The path, as given by the user.
  public var path: String
  /// The text.
  public var text: String
  /// All options that it declares, with their values.
  public var options: [(name: String, value: Value)]
  /// The options given on the command line, as words that give them again.
  public var arguments: [String]
  /// Returns the files that it uses, with their texts.
  public var modules: () -> [(path: String, text: String)]

  /// Creates the description of a script.
  public init(
    path: String, text: String, options: [(name: String, value: Value)], arguments: [String],
    modules: @escaping () -> [(path: String, text: String)]
  ) {
    (self.path, self.text, self.options) = (path, text, options)
    (self.arguments, self.modules) = (arguments, modules)
  }
}

extension RunScript {
  /// A digest of the text and of the files that it uses.
  public var digest: String {
    var digest = Digest()
    for text in [text] + modules().map(\.text) { digest.add(text) }
    return digest.text
  }
}

/// How a run ended.
public enum RunEnd {
  /// It came to its end.
  case finished
  /// It ended with an error, whose text is given.
  case failed(String)
  /// It was interrupted, by Ctrl-C or because the reader of its output has closed.
  case interrupted
}
