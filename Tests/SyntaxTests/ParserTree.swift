@testable import Syntax

/// The tree as text, for tests: `(+ a (* b c))`.
func tree(_ text: String, mode: Parser.Mode = .file) -> String {
  let result = Parser.parse(Source(name: "t.lbk", text: text), mode: mode)
  if !result.diagnostics.isEmpty {
    return "error: " + result.diagnostics.map(\.message).joined(separator: " | ")
  }
  return result.tree.statements.map(tree).joined(separator: "; ")
}

/// The messages and hints of a source's syntax errors.
func syntaxErrors(_ text: String, mode: Parser.Mode = .file) -> [String] {
  Parser.parse(Source(name: "t.lbk", text: text), mode: mode).diagnostics.map { diagnostic in
    let (line, column) = diagnostic.place.map { $0.source.position(of: $0.span.start) } ?? (0, 0)
    return "\(line):\(column) \(diagnostic.message)" + (diagnostic.hint.map { " => \($0)" } ?? "")
  }
}

func tree(_ statement: Statement) -> String {
  switch statement.kind {
  case .let(let names, let value):
    "(let \(names.map(\.text).joined(separator: ",")) \(tree(value)))"
  case .function(let name, let function): "(fn \(name.text) \(tree(function)))"
  case .assign(let target, let op, let value):
    "(\(op?.symbol ?? "")= \(tree(target)) \(tree(value)))"
  case .while(let condition, let block): "(while \(tree(condition)) \(tree(block)))"
  case .for(let names, let sequence, let block):
    "(for \(names.map(\.text).joined(separator: ",")) \(tree(sequence)) \(tree(block)))"
  case .break: "break"
  case .continue: "continue"
  case .return(let value): value.map { "(return \(tree($0)))" } ?? "return"
  case .test(let name, let function): "(test \(name.text) \(tree(function)))"
  case .use(let path, _, let name): "(use \(path) \(name.text))"
  case .expression(let expression): tree(expression)
  }
}

func tree(_ block: Block) -> String {
  "{" + block.statements.map(tree).joined(separator: "; ") + "}"
}

func tree(_ function: FunctionLiteral) -> String {
  let parameters = function.parameters.map { parameter in
    parameter.name.text + (parameter.fallback.map { "=" + tree($0) } ?? "")
  }
  return "[\(parameters.joined(separator: " "))] \(tree(function.body))"
}

func tree(_ expression: Expression) -> String {
  switch expression.kind {
  case .nil: return "nil"
  case .bool(let value): return "\(value)"
  case .number(let value):
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  case .string(let value): return "\"\(value)\""
  case .interpolated(let pieces):
    return "(f"
      + pieces.map { piece in
        switch piece {
        case .text(let text): " \"\(text)\""
        case .value(let value, let spec): " \(tree(value))" + (spec.isEmpty ? "" : ":\(spec)")
        }
      }.joined() + ")"
  case .name(let name): return name.text
  case .list(let items): return "[" + items.map(tree).joined(separator: " ") + "]"
  case .map(let entries):
    return "{"
      + entries.map { entry in
        switch entry.key {
        case .literal(.string(let text), _): "\(text):\(tree(entry.value))"
        case .literal(.number(let x), _): "#\(x):\(tree(entry.value))"
        case .literal(.bool(let x), _): "#\(x):\(tree(entry.value))"
        case .computed(let key): "(\(tree(key))):\(tree(entry.value))"
        }
      }.joined(separator: " ") + "}"
  case .range(let a, let b): return "(.. \(tree(a)) \(tree(b)))"
  case .negate(let a): return "(- \(tree(a)))"
  case .not(let a): return "(not \(tree(a)))"
  case .and(let a, let b): return "(and \(tree(a)) \(tree(b)))"
  case .or(let a, let b): return "(or \(tree(a)) \(tree(b)))"
  case .binary(let op, let a, let b, _): return "(\(op.symbol) \(tree(a)) \(tree(b)))"
  case .contains(let a, in: let b, let negated):
    return "(\(negated ? "notin" : "in") \(tree(a)) \(tree(b)))"
  case .call(let call):
    let arguments = call.arguments.map { argument in
      " " + (argument.name.map { $0.text + ":" } ?? "") + tree(argument.value)
    }
    return
      "(\(call.isCommand ? "!" : call.isPipe ? "|" : "")\(tree(call.callee))\(arguments.joined()))"
  case .index(let value, let nodes):
    let parts = nodes.map { node in
      switch node {
      case .value(let index): tree(index)
      case .slice(nil, nil, _): ":"
      case .slice(let low, let high, _): (low.map(tree) ?? "") + ".." + (high.map(tree) ?? "")
      case .ellipsis: "..."
      }
    }
    return "(at \(tree(value)) \(parts.joined(separator: " ")))"
  case .member(let value, let name): return "(. \(tree(value)) \(name.text))"
  case .function(let function): return "(-> \(tree(function)))"
  case .if(let branches, let otherwise):
    return "(if "
      + branches.map { tree($0.condition) + " " + tree($0.block) }.joined(separator: " ")
      + (otherwise.map { " " + tree($0) } ?? "") + ")"
  case .try(let body, let name, let handler):
    return "(try \(tree(body)) \(name?.text ?? "") \(tree(handler)))"
  case .missing: return "?"
  }
}
