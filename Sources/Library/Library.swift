import Host
import Language
import Tensors

/// What a session shares between its builtins, and the language's view of all that is not script.
public final class Library {
  /// The gate to files, output and clock.
  public let host: Host
  /// What the builtins of a session share.
  public let session = SessionState()
  /// The logits that `outputs` keeps.
  let outputs = OutputCache()
  /// What is drawn from, as `seed` and `random_scope` set it.
  var random = RandomScope(seed: 0)
  /// Every builtin by name.
  public private(set) var builtins: [String: Builtin] = [:]
  /// The area of each builtin.
  public private(set) var areas: [String: Area] = [:]
  private var methods: [String: [String: Builtin]] = [:]
  /// The notes that were written.
  private var notes: Set<String> = []

  /// Makes the library over a host.
  public init(host: Host) {
    self.host = host
    for area in Area.allCases {
      for builtin in area.builtins(self) {
        precondition(builtins[builtin.name] == nil, "\(builtin.name) is declared twice")
        builtins[builtin.name] = builtin
        areas[builtin.name] = area
        for type in builtin.methodOf { methods[type, default: [:]][builtin.name] = builtin }
      }
    }
  }

  /// Tells the user something that is not an error: a line on standard error, once a session.
  func note(_ text: String) {
    guard notes.insert(text).inserted else { return }
    host.report("note: \(text)\n")
  }

  /// A builtin that is a method of a type.
  public func method(_ name: String, of type: String) -> Builtin? { methods[type]?[name] }
}
