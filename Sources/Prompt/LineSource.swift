import Engine

/// The source of the prompt's lines: the terminal through readline, or a list in tests.
public protocol LineSource: AnyObject {
  /// Returns the next line without its newline; pasted text may contain several lines. Returns nil
  /// at the end of input. Throws `Interrupted` at Ctrl-C.
  func line(prompt: String) throws -> String?
  /// Adds an entry to the history of the arrow keys.
  func remember(_ entry: String)
  /// Tells whether a text is an incomplete entry, which Enter then continues.
  var isIncomplete: (String) -> Bool { get set }
  /// The completer of the line that is being typed.
  var completer: Completer? { get set }
}
