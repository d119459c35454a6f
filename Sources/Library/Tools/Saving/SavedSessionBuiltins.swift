import Host
import Language
import Syntax
import Tensors

/// A session in a folder. `session.lbk` is a script that declares every variable again; next to it
/// is a file for each tensor and for the models that share layers. As a script, it can be read,
/// edited and run.
struct SavedSession {
  let library: Library
  /// The folder that it is written to.
  let folder: String
  let machine: any Caller
  /// The variables to save, in the order of their declarations.
  let variables: any Variables
  /// The texts that made them, oldest first.
  let entries: [String]

  /// Writes the session. Returns the number of saved variables, and the others with the reason why
  /// they were not saved.
  func save() throws -> (saved: Int, refused: [(name: String, reason: String)]) {
    try library.host.makeFolder(folder)
    let roots = variables.variables.filter { name, _ in
      name != "_" && !SessionWriter.isMade(name)
    }
    var writer = SessionWriter(self, SessionGraph(roots.map(\.value)))
    var saved = 0
    var refused: [(name: String, reason: String)] = []
    func refuse(_ name: String, _ failure: Failure) {
      refused.append((name, failure.message))
      writer.remark("not saved: \(name), \(failure.message)", entry(declaring: name))
    }
    // Functions first: the names in their bodies are looked up when they run, so their order does
    // not matter.
    for (name, value) in roots where writer.declareFunction(name, value) { saved += 1 }
    for (name, value) in roots { writer.reserve(name, for: value) }
    for (name, value) in roots where !writer.isDeclared(name) {
      do {
        try writer.declare(name, value)
        saved += 1
      } catch let failure as Failure where failure.kind == "unsaved" {
        if remake(name, value, &writer) { saved += 1 } else { refuse(name, failure) }
      }
    }
    for (name, failure) in try writer.close() { refuse(name, failure) }
    writer.statement(SavedSession.statement(of: library.random.outermost))
    let head = "# A session of limbeck, saved \(library.host.timestamp()). load_session runs it.\n"
    try library.host.write(Array((head + writer.text).utf8), to: "\(folder)/session.lbk")
    return (saved, refused)
  }

  /// Returns the call of `seed` that restores the state of a scope.
  private static func statement(of scope: RandomScope) -> String {
    let made = Map()
    for (maker, count) in scope.made.sorted(by: { $0.key < $1.key }) {
      made.entries[.string(maker)] = .number(Double(count))
    }
    return "seed(\(Int64(bitPattern: scope.seed)), draws: \(scope.draws)"
      + (made.entries.isEmpty ? ")" : ", made: \(Value.map(made).printed))")
  }

  /// Declares a data set by the expression that made it, if that only needs what is declared before.
  /// The script then tells whether the data set is the same. Returns false if this is not possible.
  func remake(_ name: String, _ value: Value, _ writer: inout SessionWriter) -> Bool {
    guard case .object(is DatasetObject) = value, let entry = entry(declaring: name),
      let digest = try? machine.digest(of: value, without: nil).text
    else { return false }
    let source = Source(name: "", text: entry)
    for statement in Parser.parse(source).tree.statements.reversed() {
      guard case .let(let names, let expression) = statement.kind,
        names.contains(where: { $0.text == name })
      else { continue }
      let text = source.text(in: expression.span)
      guard names.count == 1, isReady(text, writer) else { return false }
      writer.statement("let \(name) = \(text)")
      writer.statement(
        "if digest(\(name)) != \(Value(digest).display(columns: 80)) "
          + "{ note(\"load_session: \(name) is not the data set that was saved\") }")
      writer.declared(name)
      return true
    }
    return false
  }

  /// Returns whether all names in an expression are the library's or are declared already.
  private func isReady(_ text: String, _ writer: SessionWriter) -> Bool {
    let source = Source(name: "", text: text)
    let tokens = Lexer.tokens(of: source).filter { $0.kind != .space && $0.kind != .newline }
    return tokens.indices.allSatisfy { i in
      guard tokens[i].kind == .identifier else { return true }
      // A member, or the name of an argument or of a key.
      let isMember = i > 0 && tokens[i - 1].kind == .symbol(.dot)
      let isLabel = i + 1 < tokens.count && tokens[i + 1].kind == .symbol(.colon)
      let name = source.text(in: tokens[i].span)
      return isMember || isLabel || writer.isDeclared(name)
        || (variables[name] == nil && library.known(name) != nil)
    }
  }

  /// Returns the last entry that declares a name.
  private func entry(declaring name: String) -> String? {
    entries.last { entry in
      let source = Source(name: "", text: entry)
      return Parser.parse(source).tree.statements.contains { statement in
        if case .let(let names, _) = statement.kind { return names.contains { $0.text == name } }
        return false
      }
    }
  }
}

private let newFolder = Argument(
  "path", .string, "the folder, which is created if it does not exist")
private let folder = Argument("path", .string, "the folder")

/// The builtins `save_session` and `load_session`.
func savedSessionBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "save_session",
      "Saves the variables of the session, or of the script's top level, in a folder.",
      details: """
        The folder gets `session.lbk`, a script that declares every variable again, and files for \
        tensors (npy), models and optimizers (safetensors). A list, map, model or captured \
        variable that has several names is still a single object after loading; functions keep \
        their text and the values that they captured. The seed is saved with what was drawn and \
        made from it, so that random numbers continue with the draws they would have had. Values \
        that can't be saved, such as data sets, are listed, and the entry that made each of them \
        is in the script as a comment.
        """,
      searchTerms: ["checkpoint", "workspace", "pickle"], [newFolder],
      examples: [Example("save_session(output_dir() + \"/kept\")")],
      traits: .seesVariables
    ) { call in
      guard let variables = call.machine.variables else {
        throw Failure(
          "no-variables",
          "save_session: a script's variables are only visible to calls in the script itself",
          hint: "call save_session in the script itself, not in a file that it uses")
      }
      let folder = try call[newFolder]
      let (saved, refused) = try SavedSession(
        library: library, folder: folder, machine: call.machine, variables: variables,
        entries: library.run.prompt?.sessionEntries.map(\.text) ?? []
      ).save()
      library.host.report("saved \(saved) \(saved == 1 ? "variable" : "variables") in \(folder)\n")
      for (name, reason) in refused {
        library.host.report("not saved: \(name), \(reason); see \(folder)/session.lbk\n")
      }
    },
    Builtin(
      "load_session", "Declares the variables of a saved session again.",
      searchTerms: ["checkpoint", "resume", "workspace"], [folder],
      examples: [Example("if false { load_session(\"runs/example-session\") }")],
      traits: .touchesHidden
    ) { call in try library.enqueue(script: try call[folder] + "/session.lbk", "load_session") },
  ]
}
