import Host
import Language
import Library
import Syntax

/// A part of a script that is about to run.
public struct PartStart {
  /// Identifies the part with everything that it can read in the session: equal keys give equal
  /// results as far as files, the environment, notes and random numbers allow.
  public let key: Digest
  /// Where the random numbers are.
  public let draws: DrawState
  let reached: ReachedValues
}

/// What a part has left in the session, so that a later run can have it without running the part.
public struct KeptPart: Codable, Sendable {
  private let changes: KeptChanges
  private let before: DrawState
  private let after: DrawState
  private let dependsOnDraws: Bool
  private let notes: [String: Bool]

  init(_ changes: KeptChanges, from before: DrawState, in library: Library) {
    (self.changes, self.before, after) = (changes, before, library.drawState)
    dependsOnDraws = before != after || library.drawStateAsked
    notes = library.notesAsked
  }

  /// Whether it holds for a session with these random numbers: a part that has drawn none, made nothing
  /// from them and not asked where they are only depends on the seed, which is in its key.
  func fits(_ draws: DrawState, in library: Library) -> Bool {
    (!dependsOnDraws || before == draws) && library.wouldNote(as: notes)
  }

  /// Brings it into a session.
  func restore(
    over start: PartStart, in library: Library, _ restoring: (KeptChanges) throws -> Bool
  ) throws -> Bool {
    guard try restoring(changes) else { return false }
    if dependsOnDraws { library.drawState = after }
    library.addNotes(notes)
    return true
  }
}

/// Replacing parts by what they gave before.
extension ScriptInParts {
  /// Looks at everything that a part can read, before it runs. Throws a `Failure` that says why what it
  /// gives can't be kept.
  public func look(at span: Span) throws -> PartStart {
    try working { [self] engine, machine in
      engine.library.notesAsked = [:]
      engine.library.drawStateAsked = false
      engine.world.touched = []
      let statements = parsed.tree.statements.filter { span.contains($0) && !$0.isFunction }
      let usesFiles = statements.contains(where: \.usesFile)
      if usesFiles, engine.world.hasRunFiles {
        throw Failure("unsaved", "uses a file after another cell, and files may share variables")
      }
      let names = NamesInPart()
      names.walk(statements)
      let slots = engine.world.slots(of: engine.globals)
      // What is passed on may be called by stdlib, whose own calls do not count.
      engine.world.touched = names.passed.filter {
        slots[$0] == nil && engine.library.builtins[$0]?.traits.contains(.touchesHidden) ?? false
      }
      let reached: ReachedValues
      do {
        reached = try ReachedValues(from: names.found, of: slots, on: machine)
      } catch let failure as Failure where failure.kind == "no-digest" {
        let what = failure.message.replacing("digest: a value of type ", with: "")
        throw Failure(
          "unsaved",
          "reads a \(what.replacing(" has no digest", with: "")), "
            + "of which can't be told whether it is the same")
      }
      let text = source.text(in: span).trimmed
      let draws = engine.library.drawState
      var key = Digest()
      key.add(source.name)
      key.add(engine.host.workingFolder)
      key.add(text)
      if usesFiles { for file in files { key.add(file) } }
      if text.contains("catch") {
        key.add(UInt64(source.position(of: span.start).line))
      }
      for (name, value) in engine.library.run.options.sorted(by: { $0.key < $1.key }) {
        key.add(name)
        key.add(value.printed)
      }
      key.add("\(PrintOptions.current)")
      key.add(draws.seed)
      key.add(reached.partKey(for: text))
      return PartStart(key: key, draws: draws, reached: reached)
    }
  }

  /// What a part has left, right after it has run; files are written to `folder`. Throws a `Failure` that
  /// says why it can't be kept.
  public func kept(_ span: Span, since start: PartStart, in folder: String) throws -> KeptPart {
    try working { [self] engine, machine in
      if let name = engine.world.touched.sorted().first {
        throw Failure("unsaved", "uses `\(name)`")
      }
      let entries = parsed.tree.statements.filter { span.contains($0) }
        .map { source.text(in: $0.span) }
      let changes = try KeptChanges(
        since: start.reached, in: folder, entries: entries,
        of: engine.world.slots(of: engine.globals), on: machine, engine.library)
      return KeptPart(changes, from: start.draws, in: engine.library)
    }
  }

  /// Whether what a part left holds now.
  public func fits(_ kept: KeptPart, _ start: PartStart) -> Bool {
    kept.fits(start.draws, in: engine.library)
  }

  /// Brings what a part left into the session, in place of running it. Returns false if it is not what it
  /// was; the script can't go on then.
  public func restore(_ kept: KeptPart, over start: PartStart) throws -> Bool {
    try working { engine, machine in
      try kept.restore(over: start, in: engine.library) { changes in
        try changes.restore(
          over: start.reached, in: engine.world.slots(of: engine.globals), of: engine.globals
        ) { text in
          let part = Parser.parse(Source(name: "<kept>", text: text))
          guard let script = try engine.prepare(part, on: machine, warns: false) else {
            throw Failure("unsaved", "what was kept does not pass the check")
          }
          try machine.run(script, in: engine.globals)
        }
      }
    }
  }

  /// Runs a closure on the engine's thread. An error is thrown, not reported.
  private func working<R>(_ body: @escaping (Engine, Machine) throws -> R) throws -> R {
    var result: Result<R, any Error> = .failure(Interrupted())
    _ = engine.start(refused: .failed) { [engine] machine in
      result = Result { try body(engine, machine) }
      if case .failure(let interrupted as Interrupted) = result {
        engine.library.endRun(RunEnd(interrupted))
        throw interrupted
      }
      return .done("")
    }.finish()
    return try result.get()
  }
}

extension Statement {
  /// Whether it uses a file.
  fileprivate var usesFile: Bool { if case .use = kind { true } else { false } }
}

/// Collects the names in a part of a script.
private final class NamesInPart: TreeWalker {
  private(set) var found: [String] = []
  /// How often each name occurs other than as what is called.
  private var uses: [String: Int] = [:]
  /// The names that are used as values.
  var passed: Set<String> { Set(uses.filter { $0.value > 0 }.keys) }

  override func walk(_ statement: Statement) {
    switch statement.kind {
    case .let(let names, _): found += names.map(\.text)
    case .use(_, _, let name): found.append(name.text)
    default: break
    }
    super.walk(statement)
  }

  override func walk(_ expression: Expression) {
    switch expression.kind {
    case .name(let name):
      found.append(name.text)
      uses[name.text, default: 0] += 1
    case .call(let call):
      if case .name(let name) = call.callee.kind { uses[name.text, default: 0] -= 1 }
    default: break
    }
    super.walk(expression)
  }
}
