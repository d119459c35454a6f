import Host
import Language

/// Writes functions as text, with the variables they captured as arguments of a surrounding
/// function.
extension SessionWriter {
  /// Declares a variable that holds a function of the session's own text without captures, using
  /// the original text. Returns false for any other value, and if an earlier variable holds the
  /// same function.
  mutating func declareFunction(_ name: String, _ value: Value) -> Bool {
    guard case .function(let closure) = value, isOfSession(closure), closure.captured.isEmpty,
      names[ObjectIdentifier(closure)] == nil
    else { return false }
    // The text includes the comment and the original `fn` or `let`, which a different name cannot
    // use.
    let text = closure.text
    let isOwn =
      closure.name == name
      && (text.hasPart("fn \(name)(") || text.hasPart("let \(name) ="))
    statement(isOwn ? text : "let \(name) = \(SessionWriter.bare(closure))")
    declared(closure, as: name)
    return true
  }

  private func isOfSession(_ closure: Closure) -> Bool { closure.home === session.variables }

  /// Returns a function as an expression, with the functions that share its variables.
  mutating func function(_ closure: Closure, _ depth: Int) throws -> String {
    if let module = closure.home.module, let name = closure.name, !name.hasPrefix("_"),
      case .function(let known)? = closure.home[name], known === closure
    {
      if module.isStdlib, case .export(_, name)? = session.library.known(name) { return name }
      return "\(try self.moduleName(closure.home)).\(name)"
    }
    let group = graph.group(of: closure)
    let members = group.map { ObjectIdentifier($0) }
    guard !isOpen(.function(closure)) else {
      throw Failure("unsaved", "a function that leads back to itself through another file's names")
    }
    setOpen(members, true)
    defer { setOpen(members, false) }

    var around = Surroundings()
    var inner: [String] = []
    for member in group {
      let mentions = member.mentions
      var aliases: [(name: String, parameter: String)] = []
      for variable in try captured(member, mentions.globals) {
        let parameter = try around.parameter(for: variable, newName: { newName() })
        if parameter != variable.name { aliases.append((variable.name, parameter)) }
      }
      inner.append(SessionWriter.text(of: member, mentions.itself, aliases))
    }
    var arguments: [String] = []
    var setters: [Value] = []
    for (parameter, value) in around.parameters {
      if isOpen(value) {
        arguments.append("nil")
        inner.append("fn(_value) { \(parameter) = _value }")
        setters.append(value)
      } else {
        arguments.append(try expression(value, depth: depth + 1))
      }
    }
    let head = "(fn(\(around.parameters.map(\.name).joined(separator: ", "))) { "
    let tail = " })(\(arguments.joined(separator: ", ")))"
    if inner.count == 1 {
      return assigned(
        .function(closure), around.parameters.isEmpty ? inner[0] : head + inner[0] + tail)
    }
    let all = newName()
    statement("let \(all) = \(head)[\(inner.joined(separator: ", "))]\(tail)")
    for (i, member) in members.enumerated() { names[member] = "\(all)[\(i)]" }
    for (i, value) in setters.enumerated() {
      put(value, into: members[0]) { _, text in "\(all)[\(members.count + i)](\(text))" }
    }
    return names[ObjectIdentifier(closure)] ?? all
  }

  /// Returns the variables that a function's text needs around it: its captures and, for a function
  /// of another file, the globals that it uses.
  private func captured(_ closure: Closure, _ globals: [Binding]) throws -> [Closure.Captured] {
    guard !isOfSession(closure) else { return closure.captured }
    return try closure.captured
      + globals.map { binding in
        guard !binding.isReassigned else {
          throw Failure(
            "unsaved",
            "a function of \(closure.home.name), which changes `\(binding.name)` of its own file")
        }
        return Closure.Captured(
          name: binding.name, value: closure.home[binding.name] ?? .nil, cell: nil)
      }
  }

  /// Returns the name of a module, which is imported under a new name if it has none yet.
  mutating func moduleName(_ slots: Slots) throws -> String {
    if let name = names[ObjectIdentifier(slots)] { return name }
    guard let module = slots.module else {
      throw Failure("unsaved", "it belongs to a script that was run by itself")
    }
    if module.isStdlib { return String(module.key.dropFirst("stdlib/".count)) }
    let name = newName()
    statement("use \(Value(module.key).display(columns: 80)) as \(name)")
    names[ObjectIdentifier(slots)] = name
    return name
  }

  /// Returns the text of a function without the name that it was declared with.
  private static func bare(_ closure: Closure) -> String {
    let text = closure.place.source.text(in: closure.place.span)
    guard let name = closure.name, text.hasPrefix("fn \(name)(") else { return text }
    return "fn(" + text.dropFirst("fn \(name)(".count)
  }

  /// Returns a function as an expression. If it refers to itself, it is bound to its name;
  /// variables that another function captured under the same names are passed in under these names.
  private static func text(
    of closure: Closure, _ namesItself: Bool, _ aliases: [(name: String, parameter: String)]
  ) -> String {
    var text = bare(closure)
    if namesItself, let name = closure.name { text = "let \(name) = \(text)\n\(name)" }
    guard namesItself || !aliases.isEmpty else { return text }
    let names = aliases.map(\.name).joined(separator: ", ")
    let values = aliases.map(\.parameter).joined(separator: ", ")
    return "(fn(\(names)) { \(text) })(\(values))"
  }
}

/// The parameters of the function that surrounds some functions, for the variables that these
/// captured.
private struct Surroundings {
  private(set) var parameters: [(name: String, value: Value)] = []
  private var cells: [ObjectIdentifier: String] = [:]

  /// Returns the parameter that represents a captured variable. Throws `unsaved` if functions share
  /// variables of which two have the same name.
  mutating func parameter(for variable: Closure.Captured, newName: () -> String) throws -> String {
    let same = parameters.first { $0.name == variable.name }
    if let cell = variable.cell {
      if let known = cells[cell] { return known }
      guard same == nil else {
        throw Failure(
          "unsaved",
          "a function that shares variables with others, of which two are called `\(variable.name)`"
        )
      }
      cells[cell] = variable.name
    } else if let same {
      if !cells.values.contains(same.name), Surroundings.isSame(same.value, variable.value) {
        return same.name
      }
      let name = newName()
      parameters.append((name, variable.value))
      return name
    }
    parameters.append((variable.name, variable.value))
    return variable.name
  }

  /// Returns whether two values are indistinguishable.
  private static func isSame(_ a: Value, _ b: Value) -> Bool {
    if let a = a.identity, let b = b.identity { return a == b }
    switch (a, b) {
    case (.nil, .nil): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.number(let a), .number(let b)): return a.bitPattern == b.bitPattern
    case (.string(let a), .string(let b)): return a.text == b.text
    default: return false
    }
  }
}
