import Host
import Language
import Library
import Syntax

/// A script that is checked as a whole and run part by part, for a front end that shows the result of
/// each part. The functions of its top level are declared before the first part runs, as if the script
/// ran at once. Its variables are the engine's.
public final class ScriptInParts {
  /// The script.
  public let source: Source
  let engine: Engine
  let parsed: ParseResult
  /// The texts of the files that the script and its modules use, in the order of their paths.
  private(set) var files: [String] = []

  /// Creates a script that runs in an engine, which has run nothing yet.
  public init(_ source: Source, in engine: Engine) {
    (self.source, self.engine) = (source, engine)
    parsed = Parser.parse(source)
  }

  /// Checks the whole script and takes its options. If `--help` is among them, the result is the list
  /// of the script's options; otherwise it is empty, and the parts can run.
  public func begin(options words: [String]) -> Running {
    engine.start(refused: .rejected) { [self] machine in
      let modules = Modules(environment: engine.library)
      let script = Checker(modules: modules).check(parsed, mode: .script)
      guard engine.passes(script) else { return .rejected }
      files = modules.all.filter { !$0.isStdlib }.sorted { $0.key < $1.key }
        .map { "\($0.key)\n\($0.script.source.text)" }
      let options = ScriptOptions(script.options)
      if words.contains("--help") || words.contains("-h") {
        return .done(options.help(script: source.name))
      }
      engine.begin(source, options, try options.values(words))
      try run({ $0.isFunction }, on: machine)
      return .done("")
    }
  }

  /// Runs the statements that begin in a span. The value of the last one, if it is an expression, is
  /// displayed.
  public func start(_ span: Span) -> Running {
    engine.start(refused: .failed) { [self] machine in
      let statements = parsed.tree.statements.filter { span.contains($0) }
      do {
        let value = try run({ span.contains($0) && !$0.isFunction }, on: machine)
        guard let value, statements.last?.isExpression == true else { return .done("") }
        return .done(try engine.library.display(value))
      } catch {
        engine.library.endRun(RunEnd(error))
        throw error
      }
    }
  }

  /// Ends the record of the run, after the last part.
  public func finish() { engine.library.endRun(.finished) }

  /// Runs some of the statements; returns nil if they do not pass the check.
  @discardableResult
  private func run(_ isIncluded: (Statement) -> Bool, on machine: Machine) throws -> Value? {
    // Functions are declared before the variables that they use; the whole script has been checked.
    let part = parsed.selecting(isIncluded)
    guard let script = try engine.prepare(part, on: machine, warns: false) else {
      throw Failure("syntax", "\(source.name): this part of the script did not pass the check")
    }
    return try machine.run(script, in: engine.globals)
  }

  /// The data sets among the variables, each with a description and the digest of its records. Names that
  /// begin with `_` are left out.
  public func fingerprints() -> [(name: String, about: String, digest: String)] {
    var found: [(String, String, String)] = []
    _ = engine.start(refused: .failed) { [engine] machine in
      for (name, value) in engine.variables {
        guard !name.hasPrefix("_"), case .object(let object) = value,
          object.typeName == "dataset"
        else { continue }
        let digest = try? machine.digest(of: value, without: nil)
        found.append((name, object.summary, digest?.text ?? "none"))
      }
      return .done("")
    }.finish()
    return found.sorted { $0.0 < $1.0 }
  }
}

extension Span {
  /// Whether a statement begins in it.
  func contains(_ statement: Statement) -> Bool {
    start <= statement.span.start && statement.span.start < end
  }
}

extension Statement {
  /// Whether it declares a function.
  var isFunction: Bool { if case .function = kind { true } else { false } }
  fileprivate var isExpression: Bool { if case .expression = kind { true } else { false } }
}
