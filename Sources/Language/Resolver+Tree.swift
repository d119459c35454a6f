import Host

/// The walk over the tree.
extension Resolver {
  func resolve(_ statement: Statement) {
    switch statement.kind {
    case .let(let names, let value):
      var literal: FunctionLiteral?
      if names.count == 1, case .function(let function) = value.kind { literal = function }
      let isNew = names.map { isUnbound($0.text) }
      let bindings = names.map { declare($0, .let, function: literal) }
      let own = zip(bindings, isNew).compactMap { binding, isNew in
        isNew ? binding.map { ObjectIdentifier($0) } : nil
      }
      pending.formUnion(own)
      resolve(value)
      pending.subtract(own)
    case .function(_, let function):
      resolve(function)
    case .assign(let target, _, let value):
      resolve(value)
      if case .name(let name) = target.kind {
        use(name, isAssigned: true)
      } else {
        resolve(target)
      }
    case .while(let condition, let block):
      resolve(condition)
      resolve(block)
    case .for(let names, let sequence, let block):
      resolve(sequence)
      scopes.append(Scope(function: function))
      for name in names { declare(name, .loop) }
      resolve(block)
      scopes.removeLast()
    case .break, .continue, .return(nil):
      break
    case .return(let value?):
      resolve(value)
    case .use(let path, let pathSpan, let name):
      let binding = declare(name, .module)
      do {
        binding?.module = try modules.file(path, from: program.source.folder)
      } catch {
        let failure = error as? Failure ?? Failure("file-read", "use: \(path) can't be read")
        diagnostics.append(Diagnostic(failure, at: Place(program.source, pathSpan)))
      }
    case .expression(let expression):
      resolve(expression)
    }
  }

  /// Whether declaring a name makes a new binding, rather than changing one of the prompt's.
  private func isUnbound(_ name: String) -> Bool {
    guard scopes.count == 1, let binding = globals?.bindings[name] else { return true }
    return binding.isUndeclared
  }

  func resolve(_ block: Block) {
    scopes.append(Scope(function: function))
    for statement in block.statements {
      if case .function(let name, let literal) = statement.kind {
        declare(name, .function, function: literal)
      }
    }
    for statement in block.statements { resolve(statement) }
    scopes.removeLast()
  }

  func resolve(_ literal: FunctionLiteral) {
    let scope = FunctionScope(parent: function)
    literal.scope = scope
    scopes.append(Scope(function: scope))
    for parameter in literal.parameters {
      if let fallback = parameter.fallback { resolve(fallback) }
      declare(parameter.name, .parameter)
    }
    resolve(literal.body)
    scopes.removeLast()
  }

  func resolve(_ expression: Expression) {
    switch expression.kind {
    case .nil, .bool, .number, .string, .missing: break
    case .interpolated(let pieces):
      for case .value(let value, _) in pieces { resolve(value) }
    case .name(let name):
      use(name)
    case .list(let items):
      for item in items { resolve(item) }
    case .map(let entries):
      for entry in entries {
        if case .computed(let key) = entry.key { resolve(key) }
        resolve(entry.value)
      }
    case .range(let a, let b), .and(let a, let b), .or(let a, let b), .binary(_, let a, let b, _),
      .contains(let a, in: let b, negated: _):
      resolve(a)
      resolve(b)
    case .negate(let operand), .not(let operand):
      resolve(operand)
    case .call(let call):
      resolve(call.callee)
      for argument in call.arguments { resolve(argument.value) }
    case .index(let value, let subscripts):
      resolve(value)
      for node in subscripts {
        switch node {
        case .value(let index): resolve(index)
        case .slice(let low, let high, _):
          if let low { resolve(low) }
          if let high { resolve(high) }
        case .ellipsis: break
        }
      }
    case .member(let value, _):
      resolve(value)
    case .function(let literal):
      resolve(literal)
    case .if(let branches, let otherwise):
      for branch in branches {
        resolve(branch.condition)
        resolve(branch.block)
      }
      if let otherwise { resolve(otherwise) }
    case .try(let body, let name, let handler):
      resolve(body)
      scopes.append(Scope(function: function))
      if let name { declare(name, .caught) }
      resolve(handler)
      scopes.removeLast()
    }
  }
}
