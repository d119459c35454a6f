import Syntax

/// Calls whose arguments are not all values: builtins that ask about a name, and words of other
/// languages with what follows them.
extension Resolver {
  /// The names of a dotted path; nil for an expression that does not begin with a name.
  static func path(to expression: Expression) -> [String]? {
    switch expression.kind {
    case .name(let name): [name.text]
    case .member(let object, let name): path(to: object).map { $0 + [name.text] }
    default: nil
    }
  }

  /// Whether an expression is an undeclared word of another language, for which an error is
  /// reported.
  func isForeign(_ expression: Expression) -> Bool {
    guard case .name(let name) = expression.kind, Foreign.hint(for: name.text) != nil,
      globals == nil || !isInFunction
    else { return false }
    return lookUp(name.text) == nil
  }

  /// Whether a call appends to its receiver if that is a list.
  func isAppend(_ call: CallNode) -> Bool {
    guard case .member(let receiver, let name) = call.callee.kind, script.module(receiver) == nil,
      call.arguments.count == 1, call.arguments[0].name == nil
    else { return false }
    return modules.environment.method(name.text, of: "list")?.traits.contains(.appends) == true
  }

  /// Whether a call changes its first argument, or its receiver if that is a list or a map.
  func changesFirst(_ call: CallNode) -> Bool {
    let builtin: Builtin?
    switch call.callee.kind {
    case .member(_, let name): builtin = modules.environment.method(name.text, of: "list")
    default: builtin = script.builtin(call.callee)
    }
    return builtin?.traits.contains(.changesFirst) == true
  }

  /// Whether a callee is a builtin that takes names.
  func asksAboutNames(_ callee: Expression) -> Bool {
    guard case .name(let name) = callee.kind,
      case .known(.builtin(let builtin))? = lookUp(name.text)
    else { return false }
    return builtin.traits.contains(.asksAboutNames)
  }

  /// The name that a command asks about: one that the library knows, one that is not a value, such
  /// as `dataset` and `tensor.shape`, or a member of a top-level variable, whose name is known
  /// outside of the script.
  func askedName(_ argument: Expression) -> String? {
    guard let path = Resolver.path(to: argument), let root = path.first else { return nil }
    if case .binding(let binding) = lookUp(root) {
      let isKept = scopes[0].names[root] === binding || globals?.bindings[root] === binding
      if path.count == 1 || !isKept { return nil }
    }
    return path.joined(separator: ".")
  }

  /// Whether an expression is a call of an undeclared name: `def f(x)`, `raise E("m")`.
  func isForeignCall(_ expression: Expression) -> Bool {
    guard case .call(let call) = expression.kind, case .name(let name) = call.callee.kind else {
      return false
    }
    return lookUp(name.text) == nil
  }
}
