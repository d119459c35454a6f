import Host
import Language

/// The state of a run that the builtins share: its name, options and folder, its variables, and the
/// front end that drives it.
public final class Run {
  /// The name that the output folder is derived from: the script's name, or `session`.
  public var name = "session"
  /// The values of the options given on the command line, by name.
  public var options: [String: Value] = [:]
  /// The prompt, if there is one.
  public weak var prompt: (any PromptControl)?
  /// The debugger; nil if nothing can be debugged.
  public weak var debugging: (any DebugControl)?
  /// Returns the variables of the prompt, for `vars`; empty when a script runs. In the debugger, the value of
  /// one that was released is nil.
  public var variables: () -> [(name: String, value: Value?)] = { [] }
  /// Returns what `doctor` reports about the terminal. Set by the front end.
  public var terminalAbility: () -> String? = { nil }
  /// The libraries that the front end uses, with their versions, for `doctor`.
  public var libraries: [String] = []
  /// Returns the libraries that the front ends load when they need them, for `doctor`.
  public var loadedLibraries: () -> [String] = { [] }
  /// Whether a record of the run is kept in its folder. Set by the front end; false by default.
  public var isRecorded = false
  /// The script; nil at the prompt.
  public internal(set) var script: RunScript?
  /// The time at which the script began, by the host's clock and as text.
  var start: (clock: Double, timestamp: String)?
  /// The output folder, once it has been created.
  var folder: RunFolder?
  /// The path of the output folder, once it has been created.
  public var outputFolder: String? { folder?.path }
  /// The record, once it has begun.
  var recorder: RunRecorder?
  /// The folders in which the work is done, which `lock_folder` refuses.
  var doneFolders: Set<String> = []
  /// What the trainings that run or are parked tell about themselves, the innermost last.
  var trainings: [Map] = []
  /// The number of pictures that `show` has written.
  var shownPictures = 0

  /// Creates the state of a new run.
  init() {}

  /// Returns the name of the run of a script: `notebooks/quickstart.lbk` runs as `quickstart`.
  public static func name(ofScript path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let base = name.hasSuffix(".lbk") ? String(name.dropLast(4)) : name
    return base.isEmpty || base == "-" ? "stdin" : base
  }
}
