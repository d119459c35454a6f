import Host
import Syntax

/// Warnings about what the script will certainly do wrong when it runs there, and about what it does
/// in vain. They stop nothing.
extension TreeCheck {
  /// What is known of an expression's value.
  func foresee(_ expression: Expression, depth: Int = 0) -> Foreseen {
    if depth > 8 { return .unknown }
    if let value = TreeCheck.value(ofLiteral: expression) { return .literal(value) }
    func foresee(_ expression: Expression) -> Foreseen {
      self.foresee(expression, depth: depth + 1)
    }
    switch expression.kind {
    case .interpolated: return .instance("string")
    case .list(let items): return .list(items.map(foresee))
    case .map(let entries): return .map(entries.map { foresee($0.value) })
    case .name(let name):
      switch script[name] {
      case .known(.builtin(let builtin)): return .builtin(builtin)
      case .known(.constant(let value)): return .literal(value)
      case .binding(let binding):
        guard let initial = script.initialValue(of: binding) else { return .unknown }
        let value = foresee(initial)
        // What is in a container may have changed since.
        return switch value {
        case .literal(.list), .list: .instance("list")
        case .map: .instance("map")
        default: value
        }
      default: return .unknown
      }
    case .member(let object, let name):
      guard let type = foresee(object).typeName,
        let result = checker.modules.environment.members(of: type)?[name.text]
      else { return .unknown }
      return .instance(result)
    case .call(let call):
      if let builtin = script.builtin(call.callee) {
        return .result(self.call(of: builtin, call, input: nil, foresee))
      }
      guard case .member(let object, let name) = call.callee.kind, module(object) == nil,
        !checker.isField(name.text)
      else { return .unknown }
      let input = foresee(object)
      guard let type = input.typeName,
        let builtin = checker.modules.environment.method(name.text, of: type)
      else { return .unknown }
      return .result(self.call(of: builtin, call, input: input, foresee))
    default: return .unknown
    }
  }

  private func call(
    of builtin: Builtin, _ call: CallNode, input: Foreseen?, _ foresee: (Expression) -> Foreseen
  ) -> ForeseenCall {
    let positional = call.arguments.filter { $0.name == nil }.map { foresee($0.value) }
    let named = call.arguments.compactMap { argument in
      argument.name.map { ($0.text, foresee(argument.value)) }
    }
    return ForeseenCall(
      builtin, positional: (input.map { [$0] } ?? []) + positional,
      named: Dictionary(named) { first, _ in first })
  }

  // MARK: Calls and members

  /// Warns of arguments that fit each by itself but not together.
  func warn(ofCall call: CallNode, _ builtin: Builtin) {
    guard attempts == 0, let foresight = builtin.foresight,
      let problem = foresight(self.call(of: builtin, call, input: nil) { foresee($0) })
    else { return }
    warn(problem.kind, problem.message, call.callee.span, label: problem.label, hint: problem.hint)
  }

  /// Warns of a call of a name that stands for a number or another value that can't be called.
  func warn(ofCalled binding: Binding, _ name: Name) {
    guard attempts == 0, let initial = script.initialValue(of: binding) else { return }
    switch foresee(initial) {
    case .literal(.nil), .builtin, .result, .unknown: break
    case let value:
      guard let type = value.typeName,
        ["number", "string", "bool", "list", "map"].contains(type)
      else { return }
      warn(
        "call", "`\(name.text)` is a \(type), not a function", name.span,
        notes: binding.hidingNote.map { [$0] } ?? [])
    }
  }

  /// Warns of a member that the type of the object does not have.
  func warn(ofMember name: Name, of object: Expression, isCalled: Bool) {
    guard attempts == 0, let type = foresee(object).typeName,
      let members = checker.modules.environment.members(of: type)
    else { return }
    if let result = members[name.text] {
      guard isCalled, ["number", "string", "list", "tensor"].contains(result) else { return }
      warn(
        "call", "`.\(name.text)` of a \(type) is a \(result), not a function", name.span,
        hint: "a member is written without parentheses: `.\(name.text)`")
      return
    }
    let isMethod = checker.modules.environment.method(name.text, of: type) != nil
    if isCalled, isMethod || checker.isField(name.text) { return }
    if isMethod {
      warn(
        "member", "`.\(name.text)` of a \(type) is a method", name.span,
        hint: "a call has parentheses: `.\(name.text)(...)`")
    } else {
      let nearest = NearestMatch.of(name.text, among: Set(members.keys))
      warn(
        "member", "a \(type) has no `.\(name.text)`", name.span,
        hint: Foreign.hint(forMember: name.text) ?? nearest.map { "did you mean `.\($0)`?" })
    }
  }

  // MARK: Statements

  /// Warns of a call whose result is not used and that does nothing else.
  func warn(ofUnused expression: Expression) {
    guard attempts == 0, case .call(let call) = expression.kind, !(blocks == 0 && hasCells) else {
      return
    }
    let builtin: Builtin
    var argument = call.arguments.first?.value
    if let named = script.builtin(call.callee) {
      builtin = named
    } else if case .member(let object, _) = call.callee.kind,
      case .result(let method) = foresee(expression)
    {
      (builtin, argument) = (method.builtin, object)
    } else {
      return
    }
    guard checker.modules.environment.isPure(builtin) else { return }
    var hint: String?
    if case .name(let name)? = argument?.kind, !call.isCommand {
      hint = "`\(name.text) = \(text(expression))` changes `\(name.text)`"
    }
    warn(
      "unused-value", "the result of `\(builtin.name)` is not used", expression.span,
      notes: argument == nil ? [] : ["`\(builtin.name)` leaves its argument as it is"], hint: hint)
  }

  /// Warns of the first statement that is never reached.
  func warn(ofUnreachable statements: [Statement]) {
    guard let leaving = statements.firstIndex(where: leaves) else { return }
    // Functions are declared throughout their block.
    let rest = statements[(leaving + 1)...].first {
      if case .function = $0.kind { false } else { true }
    }
    guard let rest else { return }
    let place = Place(script.source, statements[leaving].span)
    warn(
      "unreachable", "this statement is never reached", rest.span,
      notes: ["the one at \(place.text) always leaves the block"])
  }

  /// Whether nothing after a statement is reached.
  private func leaves(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .return, .break, .continue: return true
    case .expression(let expression):
      switch expression.kind {
      case .call(let call): return script.builtin(call.callee)?.result == "nothing"
      case .if(let branches, let otherwise):
        guard let otherwise else { return false }
        return otherwise.statements.contains(where: leaves)
          && branches.allSatisfy { $0.block.statements.contains(where: leaves) }
      default: return false
      }
    default: return false
    }
  }

  private func warn(
    _ kind: String, _ message: String, _ span: Span, label: String? = nil, notes: [String] = [],
    hint: String? = nil
  ) {
    report(kind, message, span, severity: .warning, label: label, notes: notes, hint: hint)
  }
}
