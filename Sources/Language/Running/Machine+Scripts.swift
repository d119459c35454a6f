import Host
import Syntax

/// Running scripts, entries of the prompt and modules: they are compiled and run after being
/// checked.
extension Machine {
  /// Runs a script without errors and returns the value of its last expression. Throws
  /// `Diagnostic`, `Interrupted`, or an error of a builtin that is not a `Failure`, which no
  /// `catch` of a script catches.
  @discardableResult
  public func run(_ script: Script) throws -> Value {
    let slots = Slots(name: script.source.name, capacity: 1 << 16)
    slotsOfScripts.append(slots)
    if depth == 0 { variables = script.keepsNames ? slots : nil }
    let value = try run(try FunctionCompiler.compile(script, slots: slots))
    // Ctrl-C during the last statement, after which no instruction checks for it.
    try Interrupt.check()
    return value
  }

  /// Runs an entry of the prompt without errors, whose names are kept in `globals`. Its value is
  /// then bound to `_`. So is a value that the entry's `let a, b = e` failed to unpack, since it
  /// may have taken long to compute.
  @discardableResult
  public func run(_ script: Script, in globals: Globals) throws -> Value {
    let slots = self.slots(of: globals)
    if depth == 0 { variables = slots }
    refused = nil
    let value: Value
    do {
      value = try run(try FunctionCompiler.compile(script, slots: slots))
    } catch var problem as Diagnostic {
      guard let refused else { throw problem }
      slots.set(globals.last, to: refused)
      self.refused = nil
      problem.hint = problem.hint ?? "the value is in `_`"
      throw problem
    }
    try Interrupt.check()
    if case .nil = value { return value }
    slots.set(globals.last, to: value)
    return value
  }

  /// The values of the prompt's names.
  public func slots(of globals: Globals) -> Slots {
    if let known = slotsOfGlobals[ObjectIdentifier(globals)] { return known }
    let slots = Slots(name: "<prompt>", capacity: 1 << 16)
    slotsOfGlobals[ObjectIdentifier(globals)] = slots
    keptGlobals.append(globals)
    return slots
  }

  /// Runs a file's top level in its own call frame.
  func run(_ code: Code) throws -> Value {
    defer { if depth == 0 { retired = [] } }
    return try withExtendedLifetime(code) {
      try enter(code.header, closure: nil, arguments: [])
    }
  }

  /// The values of a module, which is run when it is first mentioned.
  func slots(of module: Module) throws -> Slots {
    let identity = ObjectIdentifier(module)
    if let known = slotsOfModule[identity] { return known }
    if let first = module.diagnostics.first(where: { $0.severity == .error }) { throw first }
    let slots = Slots(name: module.script.source.name, capacity: 1 << 12, module: module)
    let code = try FunctionCompiler.compile(module.script, slots: slots)
    slotsOfModule[identity] = slots
    do {
      _ = try run(code)
    } catch {
      // A module that failed halfway is discarded; the next mention runs it again.
      slotsOfModule[identity] = nil
      slots.removeAll()
      throw error
    }
    return slots
  }

  /// The values of a module that has run.
  func ranSlots(of module: Module) -> Slots? { slotsOfModule[ObjectIdentifier(module)] }

  /// The value of a name in a module of stdlib, `stdlib/training`, or in a file that has been used,
  /// by the name under which it was; nil if there is no such name or the file is not in use.
  public func member(_ name: String, of module: String) throws -> Value? {
    let prefix = "stdlib/"
    guard module.hasPrefix(prefix) else {
      return slotsOfModule.values.first { $0.name == module && $0[name] != nil }?[name]
    }
    return try slots(of: modules.stdlib(String(module.dropFirst(prefix.count))))[name]
  }

  /// The value that a reference to a module of stdlib leads to.
  func value(of reference: Code.Reference) throws -> Value {
    switch reference {
    case .module(let name):
      return .object(ModuleObject(try slots(of: modules.stdlib(name))))
    case .member(let module, let name):
      guard let value = try slots(of: modules.stdlib(module))[name] else {
        throw Failure("undeclared-name", "\(module) has no \(name)")
      }
      return value
    }
  }
}
