import Host
import Language
import Tensors

/// A session in a folder: `session.lbk`, a script that declares every variable again, and a file
/// beside it for each tensor and model. Being a script it can be read, changed, and run.
struct SavedSession {
  private let library: Library
  private let folder: String
  private let machine: Machine
  private var files = 0
  /// What could not be saved, with the reason.
  private(set) var refused: [(name: String, reason: String)] = []

  init(_ library: Library, folder: String, machine: Machine) {
    self.library = library
    self.folder = folder
    self.machine = machine
  }

  /// The number of variables saved.
  mutating func save() throws -> Int {
    try library.host.makeFolder(folder)
    var text = "# A session of limbeck, saved \(library.host.timestamp()). load_session runs it.\n"
    var saved = 0
    let variables = library.session.variables()
    // Functions first: what they call is looked up when they run, so their order is free.
    for (name, value) in variables {
      guard case .function(let closure) = value else { continue }
      text += declaration(of: closure, as: name) + "\n"
      saved += 1
    }
    for (name, value) in variables where name != "_" {
      if case .function = value { continue }
      do {
        text += "let \(name) = \(try expression(value, name, depth: 0))\n"
        saved += 1
      } catch let failure as Failure where failure.kind == "unsaved" {
        refused.append((name, failure.message))
        text += "# not saved: \(name), \(failure.message)\n"
        if let entry = entry(declaring: name) {
          text += entry.split(separator: "\n").map { "#   \($0)\n" }.joined()
        }
      }
    }
    try library.host.write(Array(text.utf8), to: "\(folder)/session.lbk")
    return saved
  }

  /// The statement that declares a function; its text has its comment and its own `fn` or `let`,
  /// which another name than its own can't use.
  private func declaration(of closure: Closure, as name: String) -> String {
    let text = closure.text
    if text.hasPart("fn \(name)(") || text.hasPart("let \(name) =") { return text }
    return "let \(name) = \(Self.expression(closure))"
  }

  /// A function's text as an expression: without the name it was declared with.
  private static func expression(_ closure: Closure) -> String {
    let text = closure.place.source.text(in: closure.place.span)
    guard let name = closure.name, text.hasPrefix("fn \(name)(") else { return text }
    return "fn(" + text.dropFirst("fn \(name)(".count)
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

  /// An expression that makes the value again, its files written. Throws `unsaved`.
  private mutating func expression(_ value: Value, _ name: String, depth: Int) throws -> String {
    guard depth < 50 else { throw Failure("unsaved", "nested too deeply, or it contains itself") }
    switch value {
    case .nil, .unset: return "nil"
    case .bool, .number: return value.printed
    case .string: return value.display(columns: 80)
    case .range(let range): return range.summary
    case .list(let list):
      var parts: [String] = []
      for item in list.items { parts.append(try expression(item, name, depth: depth + 1)) }
      return "[" + parts.joined(separator: ", ") + "]"
    case .map(let map):
      var parts: [String] = []
      for (key, item) in map.entries {
        let text =
          if case .string(let text) = key, Lexer.isIdentifier(text) {
            text
          } else {
            "(\(key.value.display(columns: 80)))"
          }
        parts.append("\(text): \(try expression(item, name, depth: depth + 1))")
      }
      return "{" + parts.joined(separator: ", ") + "}"
    case .builtin(let builtin): return builtin.name
    case .function(let closure): return Self.expression(closure)
    case .object(let object as TensorObject):
      let path = newPath(name, "npy")
      try library.host.write(NPY.encode(object.tensor), to: path)
      return "read(\(Value(path).display(columns: 80)))"
    case .object(let object) where object.typeName == "model":
      guard let save = library.builtins["save"], library.builtins["load"] != nil else {
        throw Failure("unsaved", "models can't be saved here")
      }
      let path = newPath(name, "safetensors")
      _ = try machine.call(.builtin(save), CallArguments([value, Value(path)]))
      return "load(\(Value(path).display(columns: 80)))"
    case .object(let object):
      throw Failure("unsaved", "a \(object.typeName), is made anew by what made it:")
    }
  }

  /// A path in the folder, absolute, that no other value has.
  private mutating func newPath(_ name: String, _ ending: String) -> String {
    files += 1
    let base = folder.hasPrefix("/") ? folder : "\(library.host.workingFolder)/\(folder)"
    return "\(base)/\(name)-\(files).\(ending)"
  }
}

/// `save_session`, `load_session`.
func savedSessionBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "save_session", area: "session", "Saves the session's variables in a folder.",
      details: """
        The folder gets `session.lbk`, a script that declares every variable again, and a file for \
        each tensor (npy) and model (safetensors). Functions keep their text. What can't be saved, \
        such as a data set, is named, and the entry that made it stands in the script as a comment.
        """,
      [.required("path", .string, "the folder; it is made")],
      result: "nil", examples: [Example("save_session(output_dir() + \"/kept\")")]
    ) { call in
      let folder = try call.string("path")
      var session = SavedSession(library, folder: folder, machine: call.machine)
      let saved = try session.save()
      library.host.report("saved \(saved) variables in \(folder)\n")
      for (name, reason) in session.refused {
        library.host.report("not saved: \(name), \(reason) see \(folder)/session.lbk\n")
      }
      return .nil
    },
    Builtin(
      "load_session", area: "session", "Declares the variables of a saved session again.",
      [.required("path", .string, "the folder")],
      result: "nil", examples: [Example("if false { load_session(\"runs/example-session\") }")]
    ) { call in
      let path = try call.string("path") + "/session.lbk"
      let text = String(decoding: try library.host.read(path), as: UTF8.self)
      guard let prompt = library.session.prompt else {
        throw Failure(
          "no-prompt", "load_session: there is no prompt to load it into",
          hint: "it is a script: limbeck run \(path)")
      }
      prompt.enqueue(text, isShown: false)
      return .nil
    },
  ]
}
