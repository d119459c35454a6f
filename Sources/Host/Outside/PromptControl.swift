/// The services of the prompt for builtins: its history and its editor. The session implements it.
public protocol PromptControl: AnyObject {
  /// All entries of the history, oldest first, including those of earlier sessions.
  var entries: [String] { get }
  /// The entries of this session, oldest first.
  var sessionEntries: [String] { get }
  /// Opens the user's editor with a text and returns the edited text, or nil if it was not changed.
  func edit(_ text: String) throws -> String?
  /// Runs an entry after the current one. If `isShown`, it also enters the history as if it had
  /// been typed.
  func enqueue(_ entry: String, isShown: Bool)
  /// Runs a script after the current entry, with options as on the command line; its variables then
  /// belong to the session.
  func enqueue(script path: String, options: [String])
  /// Clears the screen.
  func clearScreen()
}

/// Thrown by `quit`: the script or session ends with an exit code. A script cannot catch it.
public struct Quit: Error {
  /// The exit code.
  public let code: Int32
  /// Creates the error.
  public init(code: Int32) { self.code = code }
}
