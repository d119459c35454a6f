import Syntax

/// What the compiler must know of a script before it generates code: which variables need a cell,
/// and where a variable is read for the last time, so that its value is released there rather than
/// at the end of its block. It is a single walk in evaluation order.
final class Analysis {
  /// Variables that inner functions share: assigned after they were captured, or captured before
  /// their `let` ran.
  private(set) var cells: Set<ObjectIdentifier> = []
  private var last: [ObjectIdentifier: ObjectIdentifier] = [:]
  private var lastNames: Set<ObjectIdentifier> = []

  private let script: Script
  /// The function being walked.
  private var scope: FunctionScope
  private var initialized: Set<ObjectIdentifier> = []
  /// The innermost loop; a variable's last read counts only in the loop that declares it.
  private var loop = 0
  private var loops = 0
  private var loopOf: [ObjectIdentifier: Int] = [:]

  /// Analyses a script. If it keeps variables, no read counts as the last.
  init(_ script: Script, keepsVariables: Bool) {
    self.script = script
    scope = script.scope
    visit(script.tree.statements)
    if !keepsVariables { lastNames = Set(last.values) }
  }

  /// Whether a variable lives in a cell.
  func needsCell(_ binding: Binding) -> Bool { cells.contains(ObjectIdentifier(binding)) }

  /// Whether this is the last read of the variable.
  func isLast(_ name: Name) -> Bool { lastNames.contains(ObjectIdentifier(name)) }

  /// Whether a binding is the function's own name and is never rebound: the function then needs no
  /// capture to call itself.
  static func isOwnName(_ binding: Binding, of literal: FunctionLiteral) -> Bool {
    binding.function === literal && !binding.isReassigned && !binding.isGlobal
  }

  // MARK: Names

  private func declare(_ name: Name) {
    guard case .binding(let binding) = script[name] else { return }
    declare(binding)
  }

  private func declare(_ binding: Binding) {
    let identity = ObjectIdentifier(binding)
    initialized.insert(identity)
    loopOf[identity] = loop
    if binding.isCaptured && binding.isReassigned && !binding.isGlobal { cells.insert(identity) }
  }

  private func use(_ name: Name) {
    guard case .binding(let binding) = script[name], binding.owner === scope,
      !binding.isGlobal, !binding.isCaptured
    else { return }
    let identity = ObjectIdentifier(binding)
    last[identity] = loopOf[identity] == loop ? ObjectIdentifier(name) : nil
  }

  /// Handles the creation of a closure: a captured variable that is not initialised yet needs a
  /// cell.
  private func make(_ literal: FunctionLiteral) {
    for binding in script[literal]?.captures ?? [] where binding.owner === scope {
      if binding.isGlobal || Self.isOwnName(binding, of: literal) { continue }
      if !initialized.contains(ObjectIdentifier(binding)) {
        cells.insert(ObjectIdentifier(binding))
      }
    }
  }

  private func body(_ literal: FunctionLiteral) {
    guard let inner = script[literal] else { return }
    let outer = (scope, loop)
    scope = inner
    loops += 1
    loop = loops
    for parameter in literal.parameters {
      if let fallback = parameter.fallback { visit(fallback) }
      declare(parameter.name)
    }
    visit(literal.body.statements)
    (scope, loop) = outer
  }

  private func repeated(_ body: () -> Void) {
    let outer = loop
    loops += 1
    loop = loops
    body()
    loop = outer
  }

  // MARK: The walk

  private func visit(_ statements: [Statement]) {
    for statement in statements {
      if case .function(let name, let literal) = statement.kind {
        make(literal)
        declare(name)
      }
    }
    for statement in statements { visit(statement) }
  }

  private func visit(_ statement: Statement) {
    switch statement.kind {
    case .let(let names, let value):
      visit(value)
      for name in names { declare(name) }
    case .function(_, let literal), .test(_, let literal):
      body(literal)
    case .assign(let target, let operation, let value):
      visit(value)
      // Overwriting a variable does not read it; an update or an assignment to an element does.
      if case .name = target.kind, operation == nil { return }
      visit(target)
    case .while(let condition, let block):
      repeated {
        visit(condition)
        visit(block.statements)
      }
    case .for(let names, let sequence, let block):
      visit(sequence)
      repeated {
        for name in names { declare(name) }
        visit(block.statements)
      }
    case .return(let value):
      if let value { visit(value) }
    case .use(_, _, let name):
      declare(name)
    case .expression(let expression):
      visit(expression)
    case .break, .continue:
      break
    }
  }

  private func visit(_ expression: Expression) {
    switch expression.kind {
    case .nil, .bool, .number, .string, .missing: break
    case .interpolated(let pieces):
      for case .value(let value, _) in pieces { visit(value) }
    case .name(let name): use(name)
    case .list(let items): items.forEach(visit)
    case .map(let entries):
      for entry in entries {
        if case .computed(let key) = entry.key { visit(key) }
        visit(entry.value)
      }
    case .range(let a, let b), .and(let a, let b), .or(let a, let b), .binary(_, let a, let b, _),
      .contains(let a, in: let b, negated: _):
      visit(a)
      visit(b)
    case .negate(let operand), .not(let operand): visit(operand)
    case .call(let call): visit(call)
    case .index(let value, let positions):
      visit(value)
      positions.flatMap(\.expressions).forEach(visit)
    case .member(let value, _): visit(value)
    case .function(let literal):
      make(literal)
      body(literal)
    case .if(let branches, let otherwise):
      for branch in branches {
        visit(branch.condition)
        visit(branch.block.statements)
      }
      if let otherwise { visit(otherwise.statements) }
    case .try(let block, let name, let handler):
      visit(block.statements)
      if let name { declare(name) }
      visit(handler.statements)
    }
  }

  private func visit(_ call: CallNode) {
    visit(call.callee)
    let builtin = script.builtin(call.callee)
    for (i, argument) in call.arguments.enumerated() {
      if builtin?.defers(argument, at: i) == true {
        // It may be evaluated any number of times.
        repeated { visit(argument.value) }
      } else {
        visit(argument.value)
      }
    }
  }
}

extension Builtin {
  /// Whether an argument of a call is not evaluated.
  func defers(_ argument: ArgumentNode, at position: Int) -> Bool {
    guard hasDeferred else { return false }
    if let name = argument.name {
      return parameters.contains { $0.name == name.text && $0.isDeferred }
    }
    return parameters.indices.contains(position) && parameters[position].isDeferred
  }
}
