import Host
import Syntax

/// Running scripts, entries of the prompt and modules: they are compiled and run after being
/// checked.
extension Machine {
  /// Runs a script without errors and returns the value of its last expression. If `testing` is
  /// given, it is then called for each test of the script, with a closure that runs the test.
  /// Throws `Diagnostic`, `Interrupted`, or an error of a builtin that is not a `Failure`, which no
  /// `catch` of a script catches.
  @discardableResult
  public func run(
    _ script: Script, testing: ((ScriptTest, () throws -> Void) throws -> Void)? = nil
  ) throws -> Value {
    let slots = world.slots(ofScript: script.source.name)
    if depth == 0 { variables = script.keepsNames ? slots : nil }
    let value = try run(
      try FunctionCompiler.compile(script, slots: slots, keepsVariables: world.isDebugged))
    if let testing {
      let tests = script.tests
      for (test, code) in zip(tests, try FunctionCompiler.compile(tests, of: script, slots: slots))
      {
        try testing(test) { _ = try run(code) }
      }
    }
    // Ctrl-C during the last statement, after which no instruction checks for it.
    try Interrupt.check()
    return value
  }

  /// Runs an entry of the prompt without errors, whose names are kept in `globals`. Its value is
  /// then bound to `_`. So is a value that the entry's `let a, b = e` failed to unpack, since it
  /// may have taken long to compute.
  @discardableResult
  public func run(_ script: Script, in globals: Globals) throws -> Value {
    let slots = world.slots(of: globals)
    if depth == 0 { variables = slots }
    refused = nil
    let value: Value
    do {
      value = try run(
        try FunctionCompiler.compile(script, slots: slots, keepsVariables: world.isDebugged))
    } catch var problem as Diagnostic {
      guard let refused else { throw problem }
      setLast(of: globals, slots, to: refused)
      self.refused = nil
      problem.hint = problem.hint ?? "the value is in `_`"
      throw problem
    }
    try Interrupt.check()
    if case .nil = value { return value }
    setLast(of: globals, slots, to: value)
    return value
  }

  /// Binds a value to `_`.
  private func setLast(of globals: Globals, _ slots: Slots, to value: Value) {
    if case .function(let closure)? = slots[globals.last.name] { world.retire(closure) }
    slots.set(globals.last, to: value)
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
    if let known = try world.slots(of: module, for: self) { return known }
    if let first = module.diagnostics.first(where: { $0.severity == .error }) { throw first }
    let slots = Slots(name: module.script.source.name, capacity: 1 << 12, module: module)
    let code = try FunctionCompiler.compile(
      module.script, slots: slots, keepsVariables: world.isDebugged && !module.isStdlib)
    try world.load(module, into: slots, on: self) { _ = try run(code) }
    return slots
  }

  /// The value of a name in a module of stdlib, `stdlib/training`, or in a file that has been used,
  /// by the name under which it was; nil if there is no such name or the file is not in use.
  public func member(_ name: String, of module: String) throws -> Value? {
    let prefix = "stdlib/"
    guard module.hasPrefix(prefix) else { return world.member(name, ofFile: module) }
    return try slots(of: world.modules.stdlib(String(module.dropFirst(prefix.count))))[name]
  }

  /// The value that a reference to a module of stdlib leads to.
  func value(of reference: Code.Reference) throws -> Value {
    switch reference {
    case .module(let name):
      return .object(ModuleObject(try slots(of: world.modules.stdlib(name))))
    case .member(let module, let name):
      guard let value = try slots(of: world.modules.stdlib(module))[name] else {
        throw Failure("undeclared-name", "\(module) has no \(name)")
      }
      return value
    }
  }
}
