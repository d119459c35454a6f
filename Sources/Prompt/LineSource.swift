import Engine

/// Where the prompt's lines come from: the terminal through readline, or a test's list.
public protocol LineSource: AnyObject {
  /// The next line, without its newline; a paste may hold several. nil at the end of input. Throws
  /// `Interrupted` for Ctrl-C.
  func line(prompt: String) throws -> String?
  /// Puts an entry where the arrow keys find it.
  func remember(_ entry: String)
  /// How the line that is being typed may go on.
  var completer: Completer? { get set }
}
