import Host
import Language
import Stdlib

/// `help`, `source`.
func helpBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "help", area: "session", "Explains a function, a module, a value or a word.",
      details: """
        `help distill` explains a function, `help saliency` lists a module, `help x` says what can \
        be done with a value, `help "word"` finds the functions whose help has a word, and `help()` \
        lists everything. At the prompt `?distill` is the same.
        """,
      [.optional("topic", .any, .nil, "a function, module, value, or a name or word as a string")],
      result: "nil", examples: [Example("help sum")]
    ) { call in
      library.host.output(try library.help(on: call["topic"]))
      return .nil
    },
    Builtin(
      "source", area: "session", "Shows the text of a function written in the language.",
      details: "At the prompt `??distill` is the same. Copy it, change it, and run your own.",
      [.required("function", .any, "a function, or its name as a string")],
      result: "nil", examples: [Example("source distill")]
    ) { call in
      library.host.output(try library.sourceText(of: call["function"]))
      return .nil
    },
  ]
}

extension Library {
  fileprivate func help(on topic: Value) throws -> String {
    switch topic {
    case .nil, .unset: return HelpText.overview(self)
    case .string(let box): return try help(named: box.text)
    case .builtin(let builtin): return HelpText.builtin(builtin, columns: host.columns)
    case .function(let closure):
      return HelpText.function(
        signature: closure.signature, documentation: closure.documentation,
        place: closure.place.text)
    case .object(let object) where object.typeName == "module":
      if let name = Stdlib.modules.first(where: { object.summary.hasPart($0) }) {
        return try help(module: name)
      }
      return about(topic)
    default: return about(topic)
    }
  }

  private func help(named name: String) throws -> String {
    if let value = session.variable(name) { return try help(on: value) }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2 {
      if Stdlib.modules.contains(parts[0]), let found = try function(parts[1], in: parts[0]) {
        return HelpText.function(
          signature: "\(parts[0]).\(found.signature)", documentation: found.documentation,
          place: found.place)
      }
      if let value = session.variable(parts[0]), let method = method(parts[1], of: value.typeName) {
        return HelpText.builtin(method, columns: host.columns)
      }
    }
    switch known(name) {
    case .builtin(let builtin): return HelpText.builtin(builtin, columns: host.columns)
    case .module(let module): return try help(module: module)
    case .export(let module, let name):
      guard let found = try function(name, in: module) else { break }
      return HelpText.function(
        signature: found.signature, documentation: found.documentation, place: found.place)
    case .constant(let value): return about(value)
    case nil: break
    }
    return HelpText.search(name, self)
  }

  private func help(module: String) throws -> String {
    var text = "module \(module)\n\n"
    for (_, found) in try functions(of: module) {
      text += "  \(module).\(found.signature)\n"
      if let documentation = found.documentation {
        text += HelpText.wrapped(documentation.firstSentence, host.columns, indent: 6) + "\n"
      }
    }
    return text
  }

  /// A value: its kind, what it shows, and what stands after its dot.
  private func about(_ value: Value) -> String {
    var text = "\(value.typeName): \(value.brief)\n"
    var members: [String] = []
    if case .object(let object) = value { members = object.memberNames }
    members += builtins.values.filter { $0.methodOf.contains(value.typeName) }
      .map { "\($0.name)()" }
    if !members.isEmpty {
      text +=
        "\n"
        + HelpText.wrapped(
          "." + members.sorted().joined(separator: " ."), host.columns, indent: 2) + "\n"
    }
    return text
  }

  fileprivate func sourceText(of value: Value) throws -> String {
    switch value {
    case .function(let closure): return "# \(closure.place.text)\n\(closure.text)\n"
    case .builtin(let builtin):
      return "\(builtin.name) is a builtin, written in Swift; help \(builtin.name) explains it\n"
    case .string(let box):
      let name = box.text
      if let value = session.variable(name) { return try sourceText(of: value) }
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      if parts.count == 2, Stdlib.modules.contains(parts[0]),
        let found = try function(parts[1], in: parts[0])
      {
        return "# \(found.place)\n\(found.text)\n"
      }
      switch known(name) {
      case .export(let module, let name):
        if let found = try function(name, in: module) { return "# \(found.place)\n\(found.text)\n" }
      case .module(let module): return try moduleSource(module).text
      case .builtin(let builtin): return try sourceText(of: .builtin(builtin))
      default: break
      }
      let near = NearestMatch.of(name, among: names).map { "did you mean \($0)?" }
      throw Failure("name", "source: nothing is called \(name)", hint: near)
    default:
      throw Failure("argument", "source: function must be a function or a name, got \(value.brief)")
    }
  }
}
