import Host
import Language

/// What the builtins share of the run they are called in: its name, options and folder, its variables,
/// and the front end that drives it.
public final class Run {
  /// What the run's folder is called after: the script's name, or `session`.
  public var name = "session"
  /// The values of options that the command line gives, by name.
  public var options: [String: Value] = [:]
  /// The prompt, where there is one.
  public weak var prompt: (any PromptControl)?
  /// The variables of the prompt, for `vars` and `help`; empty in a script's run.
  public var variables: () -> [(name: String, value: Value)] = { [] }
  /// What `doctor` says of the terminal; the front end knows.
  public var terminalAbility: () -> String? = { nil }
  /// The front end's libraries with their versions, for `doctor`.
  public var libraries: [String] = []
  /// The run's folder, once it is made.
  var outputFolder: String?
  /// How many pictures `show` has written.
  var shownPictures = 0

  /// Makes the state of a new run.
  init() {}

  /// `notebooks/quickstart.lbk` runs as `quickstart`.
  public static func name(ofScript path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let base = name.hasSuffix(".lbk") ? String(name.dropLast(4)) : name
    return base.isEmpty || base == "-" ? "stdin" : base
  }
}
