/// Walks a tree in the order of its text. A subclass overrides the methods for the nodes it handles
/// and calls `super` to walk their children.
open class TreeWalker {
  /// Makes a walker.
  public init() {}

  /// Walks statements, in a block or at top level.
  open func walk(_ statements: [Statement]) {
    for statement in statements { walk(statement) }
  }

  /// Walks a block.
  open func walk(_ block: Block) { walk(block.statements) }

  /// Walks a function: its defaults, then its body.
  open func walk(_ function: FunctionLiteral) {
    for parameter in function.parameters {
      if let fallback = parameter.fallback { walk(fallback) }
    }
    walk(function.body)
  }

  /// Walks a statement.
  open func walk(_ statement: Statement) {
    switch statement.kind {
    case .let(_, let value), .return(let value?), .expression(let value):
      walk(value)
    case .function(_, let function), .test(_, let function):
      walk(function)
    case .assign(let target, _, let value):
      walk(target)
      walk(value)
    case .while(let condition, let block):
      walk(condition)
      walk(block)
    case .for(_, let sequence, let block):
      walk(sequence)
      walk(block)
    case .break, .continue, .return(nil), .use:
      break
    }
  }

  /// Walks an expression.
  open func walk(_ expression: Expression) {
    switch expression.kind {
    case .nil, .bool, .number, .string, .name, .missing: break
    case .interpolated(let pieces):
      for case .value(let value, _) in pieces { walk(value) }
    case .list(let items):
      for item in items { walk(item) }
    case .map(let entries):
      for entry in entries {
        if case .computed(let key) = entry.key { walk(key) }
        walk(entry.value)
      }
    case .range(let a, let b), .and(let a, let b), .or(let a, let b), .binary(_, let a, let b, _),
      .contains(let a, in: let b, negated: _):
      walk(a)
      walk(b)
    case .negate(let operand), .not(let operand), .member(let operand, _):
      walk(operand)
    case .call(let call):
      walk(call.callee)
      for argument in call.arguments { walk(argument.value) }
    case .index(let value, let subscripts):
      walk(value)
      for node in subscripts { walk(node) }
    case .function(let function):
      walk(function)
    case .if(let branches, let otherwise):
      for branch in branches {
        walk(branch.condition)
        walk(branch.block)
      }
      if let otherwise { walk(otherwise) }
    case .try(let body, _, let handler):
      walk(body)
      walk(handler)
    }
  }

  /// Walks one position of an index.
  open func walk(_ node: SubscriptNode) {
    for expression in node.expressions { walk(expression) }
  }
}
