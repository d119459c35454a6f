import Host
import Language

/// What the builtins of a session share: the run's name, options and folder, and the prompt.
public final class SessionState {
  /// What the run's folder is called after: the script's name, or `session`.
  public var runName = "session"
  /// The values of options that the command line gives, by name.
  public var options: [String: Value] = [:]
  /// The prompt, where there is one.
  public weak var prompt: (any PromptControl)?
  /// The variables of the prompt, for `vars`, `help` and `save_session`; empty in a script's run.
  public var variables: () -> [(name: String, value: Value)] = { [] }
  /// What `doctor` says of the terminal; the session knows.
  public var terminalAbility: () -> String? = { nil }
  /// The session's libraries with their versions, for `doctor`.
  public var libraries: [String] = []
  /// The run's folder, once it is made.
  var outputFolder: String?
  /// How many pictures `show` has written.
  var shownPictures = 0

  /// Makes the state of a new session.
  public init() {}
}

extension Library {
  /// The run's folder, `runs/<script>-<time>` in the caller's folder; made at the first call.
  func outputFolder() throws -> String {
    if let folder = session.outputFolder { return folder }
    let base = "runs/\(session.runName)-\(host.timestamp())"
    var folder = base
    // Two runs of one script may begin in one second.
    var number = 2
    while host.kind(of: folder) != nil {
      folder = "\(base)-\(number)"
      number += 1
    }
    try host.makeFolder(folder)
    session.outputFolder = folder
    return folder
  }
}
