/// What builtins ask of the prompt: its past entries and its editor. The session implements it.
public protocol PromptControl: AnyObject {
  /// The entries so far, oldest first, those of earlier sessions too.
  var entries: [String] { get }
  /// The entries of this session, oldest first.
  var sessionEntries: [String] { get }
  /// Opens the user's editor over a text and gives what it became, or nil if nothing was changed.
  func edit(_ text: String) throws -> String?
  /// Runs an entry once the running one is over; shown, it also enters the history as if typed.
  func enqueue(_ entry: String, isShown: Bool)
  /// Runs a script once the running entry is over, with options as a command line has them; its
  /// variables are then the session's.
  func enqueue(script path: String, options: [String])
  /// Clears the screen.
  func clearScreen()
}

/// Thrown by `quit`: the script or session ends with a code. No `catch` of a script sees it.
public struct Quit: Error {
  /// The exit code.
  public let code: Int32
  /// Makes the error.
  public init(code: Int32) { self.code = code }
}
