import Host
import Language
import Tensors

/// The builtins, the state that they share within a session, and the environment of the language.
public final class Library {
  /// The access to files, output and the clock.
  public let host: Host
  /// The run in which the builtins are called.
  public let run = Run()
  /// The logits that `outputs` caches.
  let outputs = OutputCache()
  /// The source of random numbers, as `seed` and `random_scope` of the running entry set it.
  var random = RandomScope(seed: 0)
  /// The source of random numbers of the entries that run while none is parked.
  private lazy var main = random
  /// All builtins by name.
  public private(set) var builtins: [String: Builtin] = [:]
  /// The builtins of each area.
  private(set) var areas: [Area: [Builtin]] = [:]
  /// The builtins that do nothing but compute their results.
  private(set) var pure: Set<String> = []
  /// The search in the help of everything, once it was asked for.
  var apropos: Apropos?
  /// The notes that have been written in this session.
  private(set) var notes: Set<String> = []
  /// The notes asked for since this was emptied, and whether each was new in the session.
  public var notesAsked: [String: Bool] = [:]
  /// Whether a script has asked where the random numbers are, or set it, since this was false.
  public var drawStateAsked = false

  /// Creates a library without builtins.
  init(empty host: any Host) {
    self.host = host
    builtins.reserveCapacity(500)
  }

  /// Runs an entry. Its random numbers follow those of the entries before it. One that runs beside a
  /// parked entry has a scope of its own, `aside`, so that the parked one goes on as if it had not run.
  public func enter<R>(aside: String?, _ body: () throws -> R) rethrows -> R {
    random = aside.map { RandomScope($0, in: main) } ?? main
    defer { if aside == nil { main = random.outermost } }
    return try body()
  }

  /// Runs a test, whose random numbers depend on the seed and on its name, and not on those drawn
  /// before.
  public func enter<R>(test name: String, _ body: () throws -> R) rethrows -> R {
    let outer = random
    random = RandomScope("test \(name)", in: outer)
    defer { random = outer }
    return try body()
  }

  /// Saves what the running entry has for itself, so that other entries can run while it is parked;
  /// what is returned restores it.
  public func setAside() -> () -> Void {
    let kept = (random, run.name, run.options)
    return { [self] in (random, run.name, run.options) = kept }
  }

  /// Adds the builtins of an area. If they are `pure`, they do nothing but compute their results.
  func declare(_ list: [Builtin], in area: Area, pure isPure: Bool) {
    for builtin in list {
      if isPure, builtin.result != "nil" { pure.insert(builtin.name) }
      let other = builtins.updateValue(builtin, forKey: builtin.name)
      precondition(other == nil, "\(builtin.name) is declared twice")
    }
    areas[area, default: []] += list
  }

  /// Returns the area of a builtin.
  public func area(of name: String) -> Area? {
    areas.first { $0.value.contains { $0.name == name } }?.key
  }

  /// Writes a note for the user on standard error, at most once a session. A note is not an error.
  func note(_ text: String) {
    let isNew = notes.insert(text).inserted
    if notesAsked[text] == nil { notesAsked[text] = isNew }
    guard isNew else { return }
    host.report("note: \(text)\n")
  }

  /// Whether notes asked for before would again be as new, or as known, as they were.
  public func wouldNote(as asked: [String: Bool]) -> Bool {
    asked.allSatisfy { notes.contains($0) != $1 }
  }

  /// Counts notes as written.
  public func addNotes(_ asked: [String: Bool]) { notes.formUnion(asked.keys) }

  /// Returns the builtin that is a method of a type.
  public func method(_ name: String, of type: String) -> Builtin? {
    builtins[name].flatMap { $0.methodOf.contains(type) ? $0 : nil }
  }
}
