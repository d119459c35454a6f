/// An entry of the prompt, with what became of it.
public struct PastEntry: Equatable, Sendable {
  /// How an entry ended.
  public enum Outcome: String, Sendable {
    /// It has not ended, or its process was killed.
    case unfinished
    /// It ran to its end.
    case done
    /// It ran to its end in the debugger, where names mean something else than elsewhere.
    case debugged
    /// It ended with an error, or did not pass the check.
    case failed
    /// It was interrupted or abandoned.
    case interrupted
  }

  /// What was typed.
  public let text: String
  /// The working folder.
  public let folder: String
  /// How it ended.
  public var outcome: Outcome
  /// For how many seconds it ran; 0 if that is not known.
  public var seconds: Double

  /// Creates an entry.
  public init(
    _ text: String, folder: String, outcome: Outcome = .unfinished, seconds: Double = 0
  ) {
    (self.text, self.folder, self.outcome, self.seconds) = (text, folder, outcome, seconds)
  }
}

/// The services of the prompt for builtins: its history, its editor and the entry that is parked. The
/// front end implements it.
public protocol PromptControl: AnyObject {
  /// All entries of the history, oldest first, including those of earlier sessions.
  var pastEntries: [PastEntry] { get }
  /// The entries of this session, oldest first.
  var sessionEntries: [PastEntry] { get }
  /// Whether an entry is parked, or debugged after an error.
  var hasParkedEntry: Bool { get }
  /// Resumes the entry that is parked after the current one.
  func resumeParkedEntry()
  /// Abandons the entry that is parked, and ends the debugger, after the current one.
  func abandonParkedEntry()
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

/// The services of the debugger for builtins. The engine implements it.
public protocol DebugControl: AnyObject {
  /// Parks the entry that runs, and opens the debugger on it.
  func stopAtBreakpoint() throws
  /// Opens the debugger on what is parked, or on the calls that the last error has ended. Gives the text
  /// that shows where it is. Throws `not-parked` if there is nothing to open.
  func openDebugger() throws -> String
}

/// Thrown by `quit`: the script or session ends with an exit code. A script cannot catch it.
public struct Quit: Error {
  /// The exit code.
  public let code: Int32
  /// Creates the error.
  public init(code: Int32) { self.code = code }
}
