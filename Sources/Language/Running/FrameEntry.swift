import Host
import Syntax

/// An entry of the prompt that is evaluated where a call stands. It sees the call's variables and the globals
/// of its file, and can assign to them. What it declares are additions to these, for later entries.
///
/// It becomes a function whose parameters are the variables. Its result is a list of the entry's value and
/// of the variables that the entry changes or declares.
public struct FrameEntry {
  /// What a checked entry is run with.
  public let script: Script
  fileprivate let frame: Frame
  /// The parameters, with their arguments.
  fileprivate let parameters: [(name: String, value: Value)]
  /// The variables in the result.
  fileprivate let changed: [String]
  fileprivate let declared: [String]
}

extension Checker {
  /// Checks an entry for a call. `additions` are what earlier entries have declared; they hide the call's
  /// variables.
  public func check(
    _ parsed: ParseResult, in frame: Frame, additions: [(name: String, value: Value)]
  ) -> FrameEntry {
    var parameters = frame.variables.compactMap { variable in
      variable.value.map { (name: variable.name, value: $0) }
    }
    parameters.removeAll { parameter in additions.contains { $0.name == parameter.name } }
    parameters += additions
    let names = EntryNames(parsed.tree.statements)
    let changed = parameters.map(\.name).filter {
      names.assigned.contains($0) && !names.declared.contains($0)
    }
    let function = EntryFunction.statement(
      parsed.tree.statements, parameters: parameters.map(\.name),
      results: changed + names.declared)
    let script = check(
      parsed.replacing(with: [function]), mode: .call(frame.home.declared))
    return FrameEntry(
      script: script, frame: frame, parameters: parameters, changed: changed,
      declared: names.declared)
  }
}

extension Machine {
  /// Runs a checked entry where a call stands. Gives its value, and the additions with those that it has
  /// declared or changed.
  public func run(_ entry: FrameEntry, additions: [(name: String, value: Value)]) throws -> (
    value: Value, additions: [(name: String, value: Value)]
  ) {
    if depth == 0 { variables = entry.frame.home }
    let code = try FunctionCompiler.compile(entry.script, slots: entry.frame.home)
    let function = try run(code)
    let result: Value
    do {
      result = try call(function, CallArguments(entry.parameters.map(\.value)))
    } catch var problem as Diagnostic {
      // The outermost call is that of the function that stands for the entry.
      if !problem.traceback.isEmpty { problem.traceback.removeLast() }
      throw problem
    }
    try Interrupt.check()
    guard case .list(let list) = result, let value = list.items.first else {
      return (result, additions)
    }
    var additions = additions
    let variables = entry.frame.variables
    for (name, value) in zip(entry.changed + entry.declared, list.items.dropFirst()) {
      let isAddition = entry.declared.contains(name) || additions.contains { $0.name == name }
      if !isAddition, let variable = variables.first(where: { $0.name == name }) {
        try entry.frame.assign(value, to: variable)
      } else {
        additions.removeAll { $0.name == name }
        additions.append((name, value))
      }
    }
    return (value, additions)
  }
}

/// The names to which an entry assigns, and those that its top level declares.
private final class EntryNames: TreeWalker {
  private(set) var assigned: Set<String> = []
  let declared: [String]

  init(_ statements: [Statement]) {
    var declared: [String] = []
    for statement in statements {
      switch statement.kind {
      case .let(let names, _): declared += names.map(\.text).filter { $0 != "_" }
      case .function(let name, _), .use(_, _, let name): declared.append(name.text)
      default: break
      }
    }
    self.declared = declared
    super.init()
    walk(statements)
  }

  override func walk(_ statement: Statement) {
    if case .assign(let target, _, _) = statement.kind, case .name(let name) = target.kind {
      assigned.insert(name.text)
    }
    super.walk(statement)
  }
}

/// The function that stands for an entry.
private enum EntryFunction {
  /// The statement whose value is the function.
  static func statement(_ statements: [Statement], parameters: [String], results: [String])
    -> Statement
  {
    let span = Span(statements.first?.span.start ?? 0, statements.last?.span.end ?? 0)
    var body = statements
    var value = Expression(.nil, span)
    if case .expression(let last)? = statements.last?.kind {
      body.removeLast()
      value = last
    }
    let items = [value] + results.map { Expression(.name(Name($0, span)), span) }
    body.append(Statement(.expression(Expression(.list(items), value.span)), value.span))
    let function = FunctionLiteral(
      name: nil,
      parameters: parameters.map { ParameterNode(name: Name($0, span), fallback: nil) },
      body: Block(body, span), span: span, documentation: nil)
    return Statement(.expression(Expression(.function(function), span)), span)
  }
}
