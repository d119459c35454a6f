import Host
import Language
import Tensors

/// A session in a folder: `session.lbk`, a script that declares every variable again, and a file
/// beside it for each tensor and what models share. Being a script it can be read, changed, and run.
struct SavedSession {
  let library: Library
  /// Where it is written.
  let folder: String
  let machine: Machine
  /// What is there to save, in the order of its declarations.
  let variables: Slots

  /// Writes it. Gives the number of variables saved, and the others with the reason.
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
    // Functions first: what they call is looked up when they run, so that their order is free.
    for (name, value) in roots where writer.declareFunction(name, value) { saved += 1 }
    for (name, value) in roots { writer.reserve(name, for: value) }
    for (name, value) in roots where !writer.isDeclared(name) {
      do {
        try writer.declare(name, value)
        saved += 1
      } catch let failure as Failure where failure.kind == "unsaved" {
        refuse(name, failure)
      }
    }
    for (name, failure) in try writer.close() { refuse(name, failure) }
    writer.statement(SavedSession.statement(of: library.random.outermost))
    let head = "# A session of limbeck, saved \(library.host.timestamp()). load_session runs it.\n"
    try library.host.write(Array((head + writer.text).utf8), to: "\(folder)/session.lbk")
    return (saved, refused)
  }

  /// The call of `seed` that leads to where a scope stands.
  private static func statement(of scope: RandomScope) -> String {
    let made = scope.made.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return "seed(\(Int64(bitPattern: scope.seed)), draws: \(scope.draws)"
      + (made.isEmpty ? ")" : ", made: {\(made.joined(separator: ", "))})")
  }

  /// The last entry of this session that declares a name.
  private func entry(declaring name: String) -> String? {
    library.session.prompt?.sessionEntries.last { entry in
      let source = Source(name: "", text: entry)
      return Parser.parse(source).program.statements.contains { statement in
        if case .let(let names, _) = statement.kind { return names.contains { $0.text == name } }
        return false
      }
    }
  }
}

/// `save_session`, `load_session`.
func savedSessionBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "save_session",
      "Saves the variables of the session, or of the script's top level, in a folder.",
      details: """
        The folder gets `session.lbk`, a script that declares every variable again, and files for \
        tensors (npy), models and optimizers (safetensors). What was one list, map, model or captured \
        variable under several names is one again; functions keep their text and what they captured; the \
        seed is kept with what was drawn and made from it, so that what is drawn next is what would have \
        been. What can't be saved, such as a data set, is named, and the entry that made it stands in the script as \
        a comment.
        """,
      [.required("path", .string, "the folder; it is made")],
      result: "nil", examples: [Example("save_session(output_dir() + \"/kept\")")],
      seesVariables: true
    ) { call in
      guard let variables = call.machine.variables else {
        throw Failure(
          "no-variables", "save_session: a script's variables are seen by name only if it says so",
          hint: "call save_session in the script itself, not in a file that it uses")
      }
      let folder = try call.string("path")
      let (saved, refused) = try SavedSession(
        library: library, folder: folder, machine: call.machine, variables: variables
      ).save()
      library.host.report("saved \(saved) \(saved == 1 ? "variable" : "variables") in \(folder)\n")
      for (name, reason) in refused {
        library.host.report("not saved: \(name), \(reason); see \(folder)/session.lbk\n")
      }
      return .nil
    },
    Builtin(
      "load_session", "Declares the variables of a saved session again.",
      [.required("path", .string, "the folder")],
      result: "nil", examples: [Example("if false { load_session(\"runs/example-session\") }")]
    ) { call in
      try library.enqueue(script: try call.string("path") + "/session.lbk", "load_session")
      return .nil
    },
  ]
}
