import Host
import Language
import Stdlib
import Syntax

private let topic = Argument(
  "topic", .any, default: Value.nil, "a function, module, value, or a name or word as a string")
private let function = Argument("function", .any, "a function, or its name as a string")

private let words = Argument("words", .string, "one word or several")

/// The builtins `help`, `apropos` and `source`.
func helpBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "help", "Explains a function, a module, a value or a word.",
      details: """
        `help distill` explains a function, `help saliency` lists a module, `help x` lists what \
        can be done with a value, `help dataset` lists the members and methods of a kind of value, \
        `help dataset.boxes` explains a member, `help "word"` finds the functions whose help has a word, \
        and `help()` lists everything. At the prompt `?distill` is the same.
        """,
      searchTerms: ["documentation", "manual", "doc"], [topic],
      examples: [Example("help sum")], traits: [.seesVariables, .asksAboutNames]
    ) { call in library.host.output(try library.help(on: call[topic], call.machine.variables)) },
    Builtin(
      "apropos", "Finds functions, modules' functions and members by the words in their help.",
      details: """
        Common terms of the field are found too: `apropos "fully connected"` finds `dense`. All \
        words must occur, in any order.
        """, searchTerms: ["search", "lookfor", "docs"],
      [words], examples: [Example("apropos \"fully connected\"")]
    ) { call in library.host.output(HelpText.search(try call[words], library)) },
    Builtin(
      "source", "Shows the text of a function written in the language.",
      details: "At the prompt `??distill` is the same. Copy it, change it, and run your own.",
      searchTerms: ["definition", "edit"], [function],
      examples: [Example("source distill")],
      traits: [.seesVariables, .asksAboutNames]
    ) { call in
      library.host.output(try library.sourceText(of: call[function], call.machine.variables))
    },
  ]
}

extension Library {
  fileprivate func help(on topic: Value, _ variables: (any Variables)?) throws -> String {
    switch topic {
    case .nil, .unset: return HelpText.overview(self)
    case .string(let box): return try help(named: box.text, variables)
    case .object(let builtin as Builtin) where builtins[builtin.name] === builtin:
      return try help(named: builtin.name, nil)
    case .object(let builtin as Builtin):
      return HelpText.builtinPage(builtin, columns: host.columns)
    case .function(let closure):
      return HelpText.function(
        signature: closure.signature, documentation: closure.documentation,
        place: closure.place.text, columns: host.columns)
    case .object(let object) where object.typeName == "module":
      if let name = Stdlib.modules.first(where: { object.summary.hasPart($0) }) {
        return try help(module: name)
      }
      return about(topic)
    default: return about(topic)
    }
  }

  private func help(named name: String, _ variables: (any Variables)?) throws -> String {
    if let value = variables?[name] { return try help(on: value, nil) }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2 {
      if let value = variables?[parts[0]],
        let found = help(member: parts[1], of: value.typeName, value)
      {
        return found
      }
      if let found = try writtenFunction(name) {
        return HelpText.function(found, in: parts[0], columns: host.columns)
      }
      if let found = help(member: parts[1], of: parts[0]) { return found }
    }
    var text: String?
    switch known(name) {
    case .builtin(let builtin): text = HelpText.builtinPage(builtin, columns: host.columns)
    case .module(let module): text = try help(module: module)
    case .export:
      text = try writtenFunction(name).map {
        HelpText.function($0, columns: host.columns)
      }
    case .constant(let value): text = about(value)
    case nil: break
    }
    // A word may be both a kind and a builtin: `tensor(...)` makes a tensor.
    if let kind = Kind.all.first(where: { $0.name == name }) {
      let members = HelpText.kindPage(kind, methods: methodNames(of: name), columns: host.columns)
      text = (text.map { $0 + "\n" } ?? "") + members
    }
    return text ?? HelpText.search(name, self)
  }

  /// Returns the help on a member of a kind. If a value of that kind is given, the names that
  /// belong to the value take precedence. nil if the kind has no such member.
  private func help(member name: String, of kind: String, _ value: Value = .nil) -> String? {
    let described = Kind.all.first { $0.name == kind }
    switch value {
    case .map(let map):
      if let found = map.entries[.string(name)] { return about(found) }
    case .object(let object) where described?.member(name) == nil:
      if let found = try? object.member(name) { return try? help(on: found, nil) }
    default: break
    }
    if let method = method(name, of: kind) {
      return HelpText.builtinPage(method, columns: host.columns)
    }
    if let found = described?.member(name) {
      return HelpText.member(found, of: kind, columns: host.columns)
    }
    let own = (described?.members.map(\.name) ?? []) + methodNames(of: kind)
    guard !own.isEmpty else { return nil }
    let near = NearestMatch.of(name, among: own).map { "; did you mean \($0)?" } ?? ""
    return "\(kind) has no \(name)\(near)\n"
  }

  private func help(module: String) throws -> String {
    let own = builtins[module].map { HelpText.builtinPage($0, columns: host.columns) + "\n" }
    var text = (own ?? "") + "module \(module)\n\n"
    for (_, found) in try functions(of: module) {
      text += "  \(module).\(found.signature)\n"
      if let documentation = found.documentation {
        text += HelpText.wrapped(documentation.firstSentence, host.columns, indent: 6) + "\n"
      }
    }
    return text
  }

  /// Returns a description of a value: its kind, its display and its members.
  private func about(_ value: Value) -> String {
    let type = value.typeName
    let kind = Kind.all.first { $0.name == type }
    let names = value.instance(of: HostObject.self)?.memberNames ?? []
    let text = "\(type): \(value.brief)\n"
    let members = HelpText.members(
      names.map { name in (name, kind?.member(name)) }, methods: methodNames(of: type),
      columns: host.columns)
    return members.isEmpty ? text : "\(text)\n\(members)"
  }

  fileprivate func sourceText(of value: Value, _ variables: (any Variables)?) throws -> String {
    switch value {
    case .function(let closure): return "# \(closure.place.text)\n\(closure.text)\n"
    case .object(let builtin as Builtin):
      return "\(builtin.name) is a builtin, written in Swift; help \(builtin.name) explains it\n"
    case .string(let box):
      let name = box.text
      if let value = variables?[name] { return try sourceText(of: value, nil) }
      if let found = try writtenFunction(name) { return "# \(found.place)\n\(found.text)\n" }
      switch known(name) {
      case .module(let module): return try moduleSource(module).text
      case .builtin(let builtin): return try sourceText(of: .object(builtin), nil)
      default: break
      }
      let near = NearestMatch.of(name, among: names).map { "did you mean \($0)?" }
      throw Failure("name", "source: nothing is called \(name)", hint: near)
    default:
      throw Failure("argument", "source: function must be a function or a name, got \(value.brief)")
    }
  }
}
