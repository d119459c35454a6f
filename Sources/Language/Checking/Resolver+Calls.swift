import Syntax

/// Calls whose arguments are not all values: what a builtin asks about by name, and words of other
/// languages with what stands behind them.
extension Resolver {
  /// The names that dots lead through; nil for what does not begin with a name.
  static func path(to expression: Expression) -> [String]? {
    switch expression.kind {
    case .name(let name): [name.text]
    case .member(let object, let name): path(to: object).map { $0 + [name.text] }
    default: nil
    }
  }

  /// Whether an expression is a word of another language that nothing declares, so that an error is
  /// reported for it.
  func isForeign(_ expression: Expression) -> Bool {
    guard case .name(let name) = expression.kind, Foreign.hint(for: name.text) != nil,
      globals == nil || !isInFunction
    else { return false }
    return lookUp(name.text) == nil
  }

  /// Whether a call, where its receiver is a list, adds to it.
  func isAppend(_ call: CallNode) -> Bool {
    guard case .member(let receiver, let name) = call.callee.kind, script.module(receiver) == nil,
      call.arguments.count == 1, call.arguments[0].name == nil
    else { return false }
    return modules.environment.method(name.text, of: "list")?.traits.contains(.appends) == true
  }

  /// Whether a callee is a builtin that asks about names.
  func asksAboutNames(_ callee: Expression) -> Bool {
    guard case .name(let name) = callee.kind,
      case .known(.builtin(let builtin))? = lookUp(name.text)
    else { return false }
    return builtin.traits.contains(.asksAboutNames)
  }

  /// The name that a command asks about: what the library knows, what is not a value, as `dataset` and
  /// `tensor.shape`, and what stands after the dot of a variable that has a name outside of the script.
  func askedName(_ argument: Expression) -> String? {
    guard let path = Resolver.path(to: argument), let root = path.first else { return nil }
    if case .binding(let binding) = lookUp(root) {
      let isKept = scopes[0].names[root] === binding || globals?.bindings[root] === binding
      if path.count == 1 || !isKept { return nil }
    }
    return path.joined(separator: ".")
  }

  /// Whether an expression is a call of a name that nothing declares: `def f(x)`, `raise E("m")`.
  func isForeignCall(_ expression: Expression) -> Bool {
    guard case .call(let call) = expression.kind, case .name(let name) = call.callee.kind else {
      return false
    }
    return lookUp(name.text) == nil
  }
}
