import Language
import Library
import Syntax

/// Answers completion from the variables and the library.
extension Engine: CompletionSource {
  /// See `CompletionSource`.
  public var names: [String] { visible + library.names }

  /// The names of the variables that entries see.
  var visible: [String] {
    guard let debugger else { return globals.names }
    return debugger.variables.map(\.name) + debugger.frame.home.names
  }

  /// See `CompletionSource`.
  public func members(of path: [String]) -> [String] {
    guard let first = path.first else { return [] }
    guard let value = value(of: path) else {
      guard path.count == 1, case .module(let module)? = library.known(first) else { return [] }
      return (try? world.modules.stdlib(module).exports) ?? []
    }
    var names = library.methodNames(of: value.typeName)
    switch value {
    case .map(let map):
      for case .string(let key) in map.entries.keys where Lexer.isIdentifier(key) {
        names.append(key)
      }
    case .object(let object): names += object.memberNames
    default: break
    }
    return names
  }

  /// See `CompletionSource`.
  public func parameters(of path: [String]) -> [String] {
    if let (builtin, isMethod) = builtin(at: path) {
      // For a method, the receiver before the dot is the first argument.
      return builtin.parameters.dropFirst(isMethod ? 1 : 0).map(\.name)
    }
    if case .function(let closure)? = value(of: path) { return closure.parameters }
    guard let first = path.first, let last = path.last else { return [] }
    switch (path.count, library.known(first)) {
    case (1, .export(let module, let name)?): return parameters(of: name, in: module)
    case (2, .module(let module)?): return parameters(of: last, in: module)
    default: return []
    }
  }

  /// See `CompletionSource`.
  public func choices(of path: [String], parameter: String) -> [String] {
    builtin(at: path)?.builtin.parameters.first { $0.name == parameter }?.type.choices ?? []
  }

  /// See `CompletionSource`.
  public func keys(of path: [String]) -> [String] {
    switch value(of: path) {
    case .map(let map)?:
      return map.entries.keys.compactMap { if case .string(let text) = $0 { text } else { nil } }
    case .object(let object)?:
      // A model is indexed as its layers are.
      let entries =
        (try? object.entries())
        ?? (try? object.member("layers")?.instance(of: HostObject.self)?.entries())
      var keys: [String] = []
      while keys.count < 10_000, let (key, _) = try? entries?() {
        if case .string(let box) = key { keys.append(box.text) }
      }
      return keys
    default: return []
    }
  }

  /// See `CompletionSource`.
  public func classes(of names: [String]) -> [String] {
    names.flatMap { name -> [String] in
      guard case .object(let object)? = value(of: [name]),
        case .list(let classes)? = try? object.member("classes")
      else { return [] }
      return classes.items.compactMap { if case .string(let box) = $0 { box.text } else { nil } }
    }
  }

  /// See `CompletionSource`.
  public func signature(of path: [String]) -> String? {
    if let (builtin, _) = builtin(at: path) { return builtin.signature }
    if case .function(let closure)? = value(of: path) { return closure.signature }
    return library.signature(ofWritten: path.joined(separator: "."))
  }

  /// Returns the builtin that a dotted name refers to, and whether it is called as a method.
  private func builtin(at path: [String]) -> (builtin: Builtin, isMethod: Bool)? {
    if case .object(let builtin as Builtin)? = value(of: path) { return (builtin, false) }
    guard let first = path.first, let last = path.last else { return nil }
    if path.count == 1, case .builtin(let builtin)? = library.known(first) {
      return (builtin, false)
    }
    guard let value = value(of: Array(path.dropLast())) else { return nil }
    return library.method(last, of: value.typeName).map { ($0, true) }
  }

  private func parameters(of name: String, in module: String) -> [String] {
    let function = (try? world.modules.stdlib(module))?.members[name]?.function
    return function?.parameters.map(\.name.text) ?? []
  }

  /// Returns the value of a variable that entries see.
  private func variable(_ name: String) -> Value? {
    guard let debugger else { return world.slots(of: globals)[name] }
    return debugger.variables.last { $0.name == name }?.value ?? debugger.frame.home[name]
  }

  /// Returns the value that a dotted name refers to, starting from a variable. Nothing is called.
  private func value(of path: [String]) -> Value? {
    guard let first = path.first, var value = variable(first) else { return nil }
    for name in path.dropFirst() {
      switch value {
      case .map(let map):
        guard let next = map.entries[.string(name)] else { return nil }
        value = next
      case .object(let object):
        guard let next = try? object.member(name) else { return nil }
        value = next
      default: return nil
      }
    }
    return value
  }
}
