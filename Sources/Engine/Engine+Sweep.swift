import Host
import Language
import Library
import Syntax

extension Engine {
  /// Plans a sweep over the options of a script, which is checked; nothing is run. nil if there is a problem,
  /// which has been reported, or if the words ask for help; the outcome is that of the check.
  public func plan(sweepOf path: String, _ words: [String], folder: String?) -> (Sweep?, Outcome) {
    var plan: Sweep?
    let outcome = start(refused: .rejected) { [self] _ in
      let source = try source(path)
      let script = checker.check(Parser.parse(source), mode: .script)
      guard passes(script) else { return .rejected }
      let options = ScriptOptions(script.options)
      if words.contains("--help") || words.contains("-h") {
        return .done(options.help(script: source.name))
      }
      let combinations = try options.combinations(words)
      plan = try Sweep(
        script: path, digest: describe(source, options, [:]).digest, folder: folder,
        combinations: combinations.map { given in
          let values = Dictionary(given.map { ($0.name, $0.value) }) { first, _ in first }
          return (
            given.map { ($0.name, $0.value.printed) },
            options.all(values).map { ($0.name, $0.value.printed) }, options.words(values)
          )
        }, host: host)
      return .done("")
    }.finish()
    return (plan, outcome)
  }

  /// Runs a point of a sweep, in its folder.
  public func start(_ point: SweepPoint) -> Running {
    start(refused: .rejected) { [self] machine in
      library.run.name = Run.name(ofScript: point.script)
      return try run(try source(point.script), point.arguments, of: point, on: machine)
    }
  }
}
