import CMachine
import Syntax

/// Generates the code of one function or of a file's top level: registers, instructions, tables.
/// The extensions compile the parts of the tree.
final class FunctionCompiler {
  let script: Script
  let slots: Slots
  let analysis: Analysis
  /// The function; nil for a file.
  let literal: FunctionLiteral?
  let scope: FunctionScope

  // The parts of the code.
  private var instructions: [Instruction] = []
  private var constants: [Value] = []
  private var highest = 0
  var tables = Code.Tables()
  var fields: [Code.FieldSite] = []
  private var numberConstants: [UInt64: Int] = [:]
  private var stringConstants: [Map.Key: Int] = [:]

  /// The next free register. The registers below it hold variables and, above those, temporaries.
  var next = 0
  /// Registers below this one may belong to variables. They are not written before an expression is
  /// complete.
  var variableTop = 0
  /// The source span of the instructions being emitted.
  var span: Span
  private var registers: [ObjectIdentifier: Int] = [:]
  private var captured: [ObjectIdentifier: Int] = [:]
  /// Variables that an instruction emitted later reads in place. Their last use is that
  /// instruction.
  private var pinned: [ObjectIdentifier: Bool] = [:]
  /// The positions in `tables.variables` of those whose blocks have not ended.
  private var openVariables: [Int] = []
  /// The number of `try` blocks, and the loops, that enclose the code being compiled.
  var tries = 0
  var loops: [Loop] = []
  var blockDepth = 0
  /// The variables that were read for the last time, with the block depth at which they were.
  var killed: [ObjectIdentifier: Int] = [:]
  var isInDeferred = false
  /// The variables in scope that are in registers, or whose cells are.
  var variables: [Variable] = []
  /// While the target of an assignment is compiled, variables are not released.
  var keepsVariables = false

  /// A variable in a register.
  struct Variable {
    let register: Int
    let identity: ObjectIdentifier
    /// The depth of the block at whose end the variable ends.
    let blockDepth: Int

    init(_ register: Int, _ binding: Binding, _ blockDepth: Int) {
      self.register = register
      identity = ObjectIdentifier(binding)
      self.blockDepth = blockDepth
    }
  }

  /// A loop that `break` and `continue` refer to.
  struct Loop {
    var breaks: [Int] = []
    var continues: [Int] = []
    let tries: Int
    /// The first register of the body's variables.
    let floor: Int
  }

  init(
    _ literal: FunctionLiteral?, scope: FunctionScope, script: Script, slots: Slots,
    analysis: Analysis
  ) {
    self.literal = literal
    self.scope = scope
    self.script = script
    self.slots = slots
    self.analysis = analysis
    span = literal?.span ?? Span(0, 0)
  }

  /// Makes a compiler of a script's top level.
  private convenience init(_ script: Script, slots: Slots, keepsVariables: Bool) {
    self.init(
      nil, scope: script.scope, script: script, slots: slots,
      analysis: Analysis(script, keepsVariables: keepsVariables))
  }

  /// Compiles a script's top level. If it keeps variables, these have their values until the end of their
  /// blocks; otherwise they are released where they are read for the last time.
  static func compile(_ script: Script, slots: Slots, keepsVariables: Bool = false) throws -> Code {
    let compiler = FunctionCompiler(script, slots: slots, keepsVariables: keepsVariables)
    try compiler.tail(script.tree.statements)
    return compiler.code
  }

  /// Compiles the tests of a script. All names of the top level that a test uses are globals, as in
  /// any function, so a test captures nothing.
  static func compile(_ tests: [ScriptTest], of script: Script, slots: Slots) throws -> [Code] {
    if tests.isEmpty { return [] }
    let compiler = FunctionCompiler(script, slots: slots, keepsVariables: false)
    return try tests.map { try compiler.compile($0.function) }
  }

  /// The finished code.
  private var code: Code {
    Code(
      literal, of: script, slots: slots, registers: highest, tables: tables,
      instructions: instructions, constants: constants, fields: fields)
  }

  /// Compiles a function inside this one.
  func compile(_ literal: FunctionLiteral) throws -> Code {
    guard let scope = script[literal] else {
      throw failure("a function was not resolved", literal.span)
    }
    let made = FunctionCompiler(
      literal, scope: scope, script: script, slots: slots, analysis: analysis)
    for binding in scope.captures
    where !binding.isGlobal && !Analysis.isOwnName(binding, of: literal) {
      made.captured[ObjectIdentifier(binding)] = made.tables.captures.count
      made.tables.captures.append(try captureSource(binding))
    }
    try made.parameters(literal)
    try made.tail(literal.body.statements)
    return made.code
  }

  private func captureSource(_ binding: Binding) throws -> Code.Capture {
    switch try location(of: binding) {
    case .register(let register), .cell(let register): return .register(register)
    case .capture(let index), .captureCell(let index): return .capture(index)
    case .itself: return .itself
    case .global: throw failure("`\(binding.name)` is global and captured", span)
    }
  }

  private func parameters(_ literal: FunctionLiteral) throws {
    var registers: [Int] = []
    for _ in literal.parameters { registers.append(try allocate(literal.span)) }
    variableTop = next
    for (parameter, register) in zip(literal.parameters, registers) {
      span = parameter.name.span
      if let fallback = parameter.fallback {
        let jump = emit(.unlessMissing, register)
        try compile(fallback, to: register)
        patch(jump)
      }
      guard let binding = script.binding(parameter.name) else { continue }
      if analysis.needsCell(binding) { emit(.wrapCell, register, register) }
      bind(binding, to: register)
    }
  }

  // MARK: Registers

  /// Allocates the next register.
  func allocate(_ span: Span) throws -> Int {
    guard next < Int(UInt16.max) else {
      throw failure("the function needs more than 65,534 registers", span)
    }
    next += 1
    highest = max(highest, next)
    return next - 1
  }

  /// Assigns a register to a variable.
  func bind(_ binding: Binding, to register: Int) {
    registers[ObjectIdentifier(binding)] = register
    variableTop = max(variableTop, register + 1)
    tables.variables.append(
      Code.LocalVariable(
        name: binding.name, register: register, isCell: analysis.needsCell(binding), start: here))
    openVariables.append(tables.variables.count - 1)
  }

  /// Notes that the variables from a register on end here.
  func endVariables(from floor: Int) {
    openVariables.removeAll { i in
      guard tables.variables[i].register >= floor else { return false }
      tables.variables[i].end = here
      return true
    }
  }

  /// Notes that the next instruction releases a variable.
  private func noteDeath(of identity: ObjectIdentifier) {
    killed[identity] = blockDepth
    guard let register = registers[identity],
      let i = openVariables.last(where: { tables.variables[$0].register == register })
    else { return }
    tables.variables[i].deaths.append(here)
  }

  /// The location of a variable.
  enum Location {
    case register(Int)
    case cell(Int)
    case capture(Int)
    case captureCell(Int)
    case itself
    case global(Int)
  }

  /// The location of a variable, seen from this function.
  func location(of binding: Binding) throws -> Location {
    if binding.isGlobal {
      guard let slot = slots.slot(for: binding) else {
        throw failure("there is no room for another global name", span)
      }
      return .global(slot)
    }
    let identity = ObjectIdentifier(binding)
    let isCell = analysis.needsCell(binding)
    if let register = registers[identity] { return isCell ? .cell(register) : .register(register) }
    if let index = captured[identity] { return isCell ? .captureCell(index) : .capture(index) }
    if let literal, Analysis.isOwnName(binding, of: literal) { return .itself }
    throw failure("`\(binding.name)` is read before its `let`", span)
  }

  /// The register of the variable that a name refers to; nil if the variable is not in one.
  func register(of name: Name) -> Int? {
    guard let binding = script.binding(name), !binding.isGlobal, !analysis.needsCell(binding) else {
      return nil
    }
    return registers[ObjectIdentifier(binding)]
  }

  /// Whether the variable's register may be cleared when it is read here.
  func takes(_ name: Name) -> Bool {
    guard !keepsVariables, analysis.isLast(name), let binding = script.binding(name) else {
      return false
    }
    let identity = ObjectIdentifier(binding)
    if pinned[identity] != nil {
      pinned[identity] = true
      return false
    }
    noteDeath(of: identity)
    return true
  }

  /// Compiles code that runs before an instruction which reads a variable's register. Also returns
  /// whether that instruction is then the last use of the variable.
  func pinning<T>(_ name: Name?, _ body: () throws -> T) rethrows -> (T, isLast: Bool) {
    guard let binding = name.flatMap(script.binding) else { return (try body(), false) }
    let identity = ObjectIdentifier(binding)
    if let outer = pinned[identity] {
      pinned[identity] = outer
      return (try body(), false)
    }
    pinned[identity] = false
    let result = try body()
    let isLast = pinned.removeValue(forKey: identity) ?? false
    if isLast { noteDeath(of: identity) }
    return (result, isLast)
  }

  // MARK: Instructions

  /// Emits an instruction and returns its position.
  @discardableResult
  func emit(_ operation: Opcode, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) -> Int {
    instructions.append(Instruction(operation, a, b, c))
    tables.spans.append(span)
    return instructions.count - 1
  }

  /// The position of the next instruction.
  var here: Int { instructions.count }

  /// Makes a jump lead to the next instruction.
  func patch(_ jump: Int) { patch(jump, to: here) }

  /// Makes a jump lead to a position.
  func patch(_ jump: Int, to target: Int) {
    let old = instructions[jump]
    instructions[jump] = Instruction(old.operation, old.a, old.b, target - jump - 1)
  }

  /// The index of a constant, which is added if needed.
  func constant(_ value: Value) -> Int {
    switch value {
    case .number(let x):
      if let known = numberConstants[x.bitPattern] { return known }
      numberConstants[x.bitPattern] = constants.count
    case .string(let box):
      if let known = stringConstants[.string(box.text)] { return known }
      stringConstants[.string(box.text)] = constants.count
    default: break
    }
    constants.append(value)
    return constants.count - 1
  }

  /// Adds a field site and returns its index.
  func field(_ name: String) -> Int {
    fields.append(Code.FieldSite(position: 0, key: .string(name), name: name))
    return fields.count - 1
  }

  /// A compiler error: the checker accepts the code, but it can't be compiled.
  func failure(_ message: String, _ span: Span, hint: String? = nil) -> Diagnostic {
    Diagnostic("syntax", message, at: Place(script.source, span), hint: hint)
  }
}
