import Syntax

/// Determines the meaning of every name, and the outer names that every function uses. The results
/// are kept in the `Script`.
public final class Resolver: TreeWalker {
  /// The kind of program.
  public enum Mode {
    /// A script: a top-level name is global if a function uses it or a builtin looks at all names.
    case script
    /// A file that another file uses: every top-level name is global.
    case module
    /// An entry of the prompt: top-level names are global and persist.
    case prompt(Globals)
    /// An entry of the prompt that is evaluated where a call stands; these are the globals of its file.
    case call([Binding])

    /// Whether it is an entry of the prompt.
    var isEntry: Bool {
      switch self {
      case .script, .module: false
      case .prompt, .call: true
      }
    }
  }

  /// The names of one block, of a function's parameters, or of a loop's variables.
  struct Scope {
    var names: [String: Binding] = [:]
    let function: FunctionScope
  }

  let script: Script
  let modules: Modules
  let mode: Mode
  var scopes: [Scope]
  var diagnostics: [Diagnostic] = []
  /// The bindings whose `let` is being resolved: only functions inside it see them.
  var pending: Set<ObjectIdentifier> = []
  /// Everything that the program declares, to report where a name would have been visible.
  var declared: [String: [Binding]] = [:]
  /// Undeclared names, reported at the end.
  var missing: [Missing] = []
  private var missed: Set<String> = []

  /// An undeclared name.
  struct Missing {
    let name: Name
    /// The script's names that are visible there.
    let visible: [String]
    let isAssigned: Bool
    let isInFunction: Bool
    /// Whether it is in the initial value of the `let` that declares it.
    let isInOwnLet: Bool
    /// The names of the dotted path that it begins: `np`, `random`, `randn`.
    let path: [String]
    /// Whether it is between the brackets of an index.
    let isInIndex: Bool
  }

  /// The dotted path whose root is being resolved.
  private var path: [String] = []
  /// Whether a test is being resolved.
  private var isInTest = false
  /// How many indices enclose the expression.
  private var indices = 0

  /// Names in the text that the parser skipped because of a syntax error: they may be declared
  /// there.
  let skipped: Set<String>

  /// Makes a resolver. `modules` loads the modules that `use` names.
  init(_ script: Script, modules: Modules, mode: Mode, skipped: Set<String> = []) {
    self.script = script
    self.skipped = skipped
    self.modules = modules
    self.mode = mode
    scopes = [Scope(function: script.scope)]
    if case .call(let globals) = mode {
      for binding in globals { scopes[0].names[binding.name] = binding }
    }
  }

  var function: FunctionScope { scopes[scopes.count - 1].function }
  var isInFunction: Bool { function !== script.scope }
  /// The names of the top level.
  var topLevel: [String: Binding] { scopes[0].names }
  var globals: Globals? { if case .prompt(let globals) = mode { globals } else { nil } }

  /// Resolves the program and returns the diagnostics of its names. At the prompt, an entry with
  /// errors leaves the globals unchanged.
  public func resolve() -> [Diagnostic] {
    globals?.begin()
    walk(script.tree.statements)
    if case .script = mode {} else { script.keepsNames = true }
    if script.keepsNames { for binding in topLevel.values { binding.isGlobal = true } }
    for bindings in declared.values {
      for binding in bindings where binding.isReassigned { binding.function = nil }
    }
    reportMissing()
    if let globals, diagnostics.contains(where: { $0.severity == .error }) {
      globals.rollBack(globals.changes)
    }
    return diagnostics
  }

  // MARK: Walking

  /// Declares a block's functions, which are visible throughout it, and walks its statements.
  override public func walk(_ statements: [Statement]) {
    for statement in statements {
      if case .function(let name, let literal) = statement.kind {
        declare(name, .function, function: literal)
      }
    }
    super.walk(statements)
  }

  override public func walk(_ block: Block) {
    scopes.append(Scope(function: function))
    super.walk(block)
    scopes.removeLast()
  }

  override public func walk(_ literal: FunctionLiteral) {
    let scope = FunctionScope(parent: function)
    script[literal] = scope
    scopes.append(Scope(function: scope))
    for parameter in literal.parameters {
      if let fallback = parameter.fallback { walk(fallback) }
      declare(parameter.name, .parameter)
    }
    walk(literal.body)
    scopes.removeLast()
  }

  override public func walk(_ statement: Statement) {
    switch statement.kind {
    case .let(let names, let value): resolveLet(names, value)
    case .for(let names, let sequence, let block): resolveFor(names, sequence, block)
    case .use(let path, let span, let name): resolveUse(path, span, name)
    case .assign(let target, _, let value):
      walk(value)
      if case .name(let name) = target.kind { use(name, isAssigned: true) } else { walk(target) }
    case .test:
      isInTest = true
      super.walk(statement)
      isInTest = false
    default: super.walk(statement)
    }
  }

  override public func walk(_ expression: Expression) {
    switch expression.kind {
    case .name(let name): use(name)
    case .string(let text): warnOfVariables(in: text, expression.span)
    case .member(let object, let name):
      let own = path.isEmpty ? Resolver.path(to: object).map { $0 + [name.text] } : nil
      if let own { path = own }
      super.walk(expression)
      if own != nil { path = [] }
    case .index(let object, let subscripts):
      walk(object)
      indices += 1
      for node in subscripts { walk(node) }
      indices -= 1
    case .call(let call) where isForeign(call.callee):
      // Bare names after the word have a meaning only in another language, or none.
      walk(call.callee)
      for argument in call.arguments {
        if case .name(let name) = argument.value.kind, lookUp(name.text) == nil { continue }
        if call.isCommand, isForeignCall(argument.value) { continue }
        walk(argument.value)
      }
    case .call(let call) where call.isCommand && asksAboutNames(call.callee):
      walk(call.callee)
      for argument in call.arguments {
        if let name = askedName(argument.value) {
          script[quoting: argument.value] = name
        } else {
          walk(argument.value)
        }
      }
    case .call(let call):
      super.walk(expression)
      if isAppend(call) { script.noteAppend(call) }
      if changesFirst(call) { script.noteChangesFirst(call) }
      if case .name(let name) = call.callee.kind, case .known(.module(let module)) = script[name],
        let builtin = modules.environment.caller(of: module)
      {
        script[name] = .known(.builtin(builtin))
      }
    case .try(let body, let name, let handler): resolveTry(body, name, handler)
    default: super.walk(expression)
    }
  }

  // MARK: Declaring

  /// Declares a name in the innermost block. `_` declares nothing.
  @discardableResult
  func declare(_ name: Name, _ kind: Binding.Kind, function literal: FunctionLiteral? = nil)
    -> Binding?
  {
    if name.text == "_", kind != .function, kind != .module { return nil }
    let place = Place(script.source, name.span)
    if scopes.count == 1, let globals {
      if let binding = globals.bindings[name.text] {
        globals.willChange(binding)
        binding.kind = kind
        binding.place = place
        binding.function = literal
        binding.module = nil
        binding.isReassigned = false
        binding.isUndeclared = false
        script[name] = .binding(binding)
        return binding
      }
    } else if let first = scopes[scopes.count - 1].names[name.text] {
      script[name] = .binding(first)
      reportSecond(name, first)
      return first
    }
    let binding = Binding(name.text, kind, place, owner: function)
    binding.function = literal
    binding.hidesLibrary = modules.environment.known(name.text) != nil
    script[name] = .binding(binding)
    if scopes.count == 1, let globals { globals.add(binding) }
    scopes[scopes.count - 1].names[name.text] = binding
    declared[name.text, default: []].append(binding)
    return binding
  }

  private func reportSecond(_ name: Name, _ first: Binding) {
    let here = Place(script.source, name.span)
    let (earlier, later) =
      first.place.span.start < name.span.start ? (first.place, here) : (here, first.place)
    let hint: String? =
      switch first.kind {
      case .let, .function: "`\(name.text) = ...` changes it; another block may have its own"
      default: nil
      }
    diagnostics.append(
      Diagnostic(
        "declared-twice", "`\(name.text)` is declared twice in one block", at: later,
        notes: ["the first is at \(earlier.text)"], hint: hint))
  }

  // MARK: Looking up

  /// The meaning of a name in the current scope.
  func lookUp(_ text: String) -> Meaning? {
    for scope in scopes.reversed() {
      guard let binding = scope.names[text] else { continue }
      if pending.contains(ObjectIdentifier(binding)), binding.owner === function { continue }
      return .binding(binding)
    }
    if let globals {
      if text == "_" { return .binding(globals.last) }
      if let binding = globals.bindings[text], !binding.isUndeclared,
        !(pending.contains(ObjectIdentifier(binding)) && !isInFunction)
      {
        return .binding(binding)
      }
    }
    return modules.environment.known(text).map { .known($0) }
  }

  /// Resolves a use of a name.
  func use(_ name: Name, isAssigned: Bool = false) {
    guard let meaning = lookUp(name.text) else {
      miss(name, isAssigned: isAssigned)
      return
    }
    script[name] = meaning
    guard case .binding(let binding) = meaning else {
      if case .known(.builtin(let builtin)) = meaning, builtin.traits.contains(.seesVariables) {
        script.keepsNames = true
      }
      if isAssigned { reportAssignedKnown(name) }
      return
    }
    if isAssigned, isInTest, topLevel[name.text] === binding { reportAssignedInTest(name) }
    if isAssigned, !binding.isReassigned {
      globals?.willChange(binding)
      binding.isReassigned = true
      binding.function = nil
    }
    note(binding)
  }

  /// Records that the current function uses a binding.
  private func note(_ binding: Binding) {
    if binding.isGlobal || binding.owner === function { return }
    if scopes[0].names[binding.name] === binding {
      binding.isGlobal = true
      return
    }
    binding.isCaptured = true
    var scope: FunctionScope? = function
    while let inner = scope, inner !== binding.owner {
      if inner.captures.contains(where: { $0 === binding }) { break }
      inner.captures.append(binding)
      scope = inner.parent
    }
  }

  private func reportAssignedKnown(_ name: Name) {
    diagnostics.append(
      Diagnostic(
        "undeclared-name", "`\(name.text)` is the library's and can't be assigned to",
        at: Place(script.source, name.span),
        hint: "`let \(name.text) = ...` declares a name of the script's own"))
  }

  private func reportAssignedInTest(_ name: Name) {
    diagnostics.append(
      Diagnostic(
        "test", "a test assigns to `\(name.text)`, which all tests of the file share",
        at: Place(script.source, name.span),
        hint: "`let \(name.text) = ...` declares a variable inside the test"))
  }

  /// Records an undeclared name.
  private func miss(_ name: Name, isAssigned: Bool) {
    if skipped.contains(name.text) { return }
    if let globals, isInFunction, !isAssigned, name.text != "_" {
      let place = Place(script.source, name.span)
      let binding =
        globals.bindings[name.text] ?? Binding(name.text, .let, place, owner: script.scope)
      if globals.bindings[name.text] == nil {
        binding.isUndeclared = true
        globals.add(binding)
      }
      script[name] = .binding(binding)
    }
    let isSeenBefore = !missed.insert(name.text).inserted
    missing.append(
      Missing(
        name: name, visible: isSeenBefore ? [] : scopes.flatMap { $0.names.keys },
        isAssigned: isAssigned, isInFunction: isInFunction,
        isInOwnLet: scopes.contains { scope in
          scope.names[name.text].map { pending.contains(ObjectIdentifier($0)) } ?? false
        }, path: path, isInIndex: indices > 0))
  }
}
