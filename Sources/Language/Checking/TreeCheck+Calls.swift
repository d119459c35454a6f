import Host
import Syntax

/// Checks of calls: arities, argument names, members of modules and of values, options.
extension TreeCheck {
  func checkCall(_ expression: Expression, _ call: CallNode) {
    var asksAboutNames = false
    switch call.callee.kind {
    case .name(let name):
      asksAboutNames = checkNamed(expression, call, name)
    case .member(let object, let name):
      checkMemberCall(call, object, name)
      walkValue(object)
    default:
      walkValue(call.callee)
    }
    for argument in call.arguments {
      if asksAboutNames, case .name = argument.value.kind { continue }
      walkValue(argument.value)
    }
  }

  /// Checks a call of a name; returns true if the arguments are names that the builtin asks about.
  private func checkNamed(_ expression: Expression, _ call: CallNode, _ name: Name) -> Bool {
    switch script[name] {
    case .known(.builtin(let builtin)):
      if let problem = builtin.problem(positional: positional(call), named: labels(call)) {
        report(problem, call)
      } else if builtin.traits.contains(.declaresOption) {
        checkOption(expression, call, builtin)
      } else if attempts == 0, let problem = builtin.misfit(among: literals(call)) {
        report(problem, call, atValue: true)
      } else {
        warn(ofCall: call, builtin)
      }
      return builtin.traits.contains(.asksAboutNames)
    case .known(.export(let module, let member)):
      if let function = (try? checker.modules.stdlib(module))?.members[member]?.function {
        check(call, function)
      }
    case .known(.constant):
      report(
        "call", "`\(name.text)` is a constant, not a function", name.span)
    case .known(.module):
      reportCalledModule(name, (self.module(call.callee)?.exports) ?? [])
    case .binding(let binding):
      if let function = binding.function {
        check(call, function, notes: binding.hidingNote.map { [$0] } ?? [])
      }
      warn(ofCalled: binding, name)
      if binding.kind == .module { reportCalledModule(name, binding.module?.exports ?? []) }
    case nil: break
    }
    return false
  }

  private func reportCalledModule(_ name: Name, _ exports: [String]) {
    let some = exports.prefix(6).map { "`\(name.text).\($0)`" }.joined(separator: ", ")
    report(
      "call", "`\(name.text)` is a module, not a function", name.span,
      hint: some.isEmpty ? nil : "it has \(some)\(exports.count > 6 ? " ..." : "")")
  }

  /// The arguments of a call, positional ones first, with the values of literals.
  private func literals(_ call: CallNode) -> [(name: String?, value: Value?)] {
    let arguments =
      call.arguments.filter { $0.name == nil } + call.arguments.filter { $0.name != nil }
    return arguments.map { ($0.name?.text, TreeCheck.value(ofLiteral: $0.value)) }
  }

  private func positional(_ call: CallNode) -> Int { call.arguments.count { $0.name == nil } }
  private func labels(_ call: CallNode) -> [String] { call.arguments.compactMap { $0.name?.text } }

  private func check(_ call: CallNode, _ function: FunctionLiteral, notes: [String] = []) {
    let signature = Signature(function)
    if let problem = signature.problem(positional: positional(call), named: labels(call)) {
      report(problem, call, notes: notes)
    }
  }

  /// Reports a call that does not fit, at the offending argument.
  private func report(
    _ problem: Failure, _ call: CallNode, notes: [String] = [], atValue: Bool = false
  ) {
    var span = call.callee.span
    if let index = problem.argument, index < call.arguments.count {
      let unnamed = call.arguments.filter { $0.name == nil }
      let named = call.arguments.filter { $0.name != nil }
      let argument = index < unnamed.count ? unnamed[index] : named[index - unnamed.count]
      span = atValue ? argument.value.span : argument.name?.span ?? argument.value.span
    }
    report(
      problem.kind, problem.message, span, label: problem.label, notes: notes, hint: problem.hint)
  }

  /// Checks `object.name` if the object is a module.
  func checkModuleMember(_ object: Expression, _ name: Name) {
    guard let module = module(object) else { return }
    let title = text(object)
    if name.text.hasPrefix("_"), module.members[name.text] != nil {
      report(
        "member", "`\(title).\(name.text)` stays inside its module", name.span,
        hint: "names that begin with `_` are not seen outside")
    } else if module.members[name.text] == nil, module.isWhole {
      let nearest = NearestMatch.of(name.text, among: module.exports)
      let some = module.exports.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
      report(
        "member", "`\(title)` has no `\(name.text)`", name.span,
        hint: nearest.map { "did you mean `\(title).\($0)`?" }
          ?? (some.isEmpty ? nil : "it has \(some)\(module.exports.count > 8 ? " ..." : "")"))
    }
  }

  private func checkMemberCall(_ call: CallNode, _ object: Expression, _ name: Name) {
    if let module = module(object) {
      checkModuleMember(object, name)
      if let function = module.members[name.text]?.function { check(call, function) }
      return
    }
    // It is not known what an undeclared name may hold.
    if mode.isEntry { return }
    if isUndeclared(object) { return }
    if !checker.isMember(name.text) {
      unknownMembers[name.text, default: []].append((name.span, object))
      return
    }
    warn(ofMember: name, of: object, isCalled: true)
    // A method is a builtin that takes the value before the dot as its first argument.
    guard !checker.isField(name.text),
      case .builtin(let builtin)? = checker.modules.environment.known(name.text),
      !builtin.methodOf.isEmpty,
      let problem = Signature(builtin).problem(
        positional: positional(call) + 1, named: labels(call))
    else { return }
    let argument = problem.argument.map { $0 - 1 }
    report(
      Failure(
        problem.kind, problem.message, label: problem.label,
        hint: Foreign.hint(forMember: name.text) ?? problem.hint, argument: argument), call)
  }

  /// Whether an expression begins with an undeclared name, which has its own error.
  private func isUndeclared(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .name(let name): script[name] == nil
    case .member(let object, _), .index(let object, _): isUndeclared(object)
    case .call(let call): isUndeclared(call.callee)
    default: false
    }
  }

  /// Reports the members that do not exist, each once with all its places.
  func reportUnknownMembers() {
    for (name, uses) in unknownMembers.sorted(by: { $0.key < $1.key }) {
      let hint =
        Foreign.hint(forMember: name) ?? hint(forFunction: name, on: uses[0].object.span)
        ?? checker.nearestMember(name).map { "did you mean `.\($0)`?" }
      // A parameter may be a model or a map of another file, with names of its own.
      if hint == nil, uses.allSatisfy({ isOfParameter($0.object) }) { continue }
      let places = uses.map { Place(script.source, $0.name) }
      report(
        "member", "nothing has a `.\(name)(...)`", uses[0].name, notes: places.alsoAt, hint: hint)
    }
  }

  /// Whether an expression begins with a function's parameter.
  private func isOfParameter(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .name(let name):
      if case .binding(let binding)? = script[name] { binding.kind == .parameter } else { false }
    case .member(let object, _), .index(let object, _): isOfParameter(object)
    default: false
    }
  }

  /// A suggestion for a function that was called as a member.
  private func hint(forFunction name: String, on object: Span) -> String? {
    let more: String
    switch checker.modules.environment.known(name) {
    case .builtin(let builtin): more = builtin.parameters.count > 1 ? ", ..." : ""
    case .export: more = ", ..."
    default: return nil
    }
    let text = script.source.text(in: object)
    let isShort = text.count <= 30 && !text.contains("\n")
    return "`\(name)` is a function: `\(name)(\(isShort ? text : "x")\(more))`"
  }

  /// Reports a builtin that is used as a value but can't be one.
  func checkValue(_ builtin: Builtin, _ name: Name) {
    if builtin.traits.contains(.declaresOption) {
      report(
        "option", "\(name.text): is called where the script declares an option, and no value",
        name.span)
    } else if builtin.hasDeferred {
      report(
        "deferred", "\(name.text): takes its argument unevaluated, so it is not a value", name.span,
        hint: "`x -> \(name.text)(x)` is a function that calls it")
    }
  }

  // MARK: Options

  private func checkOption(_ expression: Expression, _ call: CallNode, _ builtin: Builtin) {
    if blocks > 0 {
      report(
        "option", "option: is called in a block or function", expression.span,
        hint: "declare options at top level, so that `--help` can list them: `let n = option(...)`")
      return
    }
    var values: [Value?] = [nil, nil, nil]
    var position = 0
    for argument in call.arguments {
      var index = position
      if let name = argument.name {
        index = builtin.parameters.firstIndex { $0.name == name.text } ?? 0
      } else {
        position += 1
      }
      guard let value = TreeCheck.value(ofLiteral: argument.value) else {
        report(
          "option", "option: the arguments must be literals", argument.value.span,
          hint: "a number, string, `true`, `false` or `nil`, so that `--help` need run nothing")
        return
      }
      if index < 3 { values[index] = value }
    }
    let nameSpan = call.arguments.first?.value.span ?? expression.span
    guard case .string(let name)? = values[0], TreeCheck.isOptionName(name.text) else {
      report(
        "option", "option: the name must be a string of letters, digits, `_` and `-`",
        nameSpan)
      return
    }
    if name.text == "help" || options.contains(where: { $0.name == name.text }) {
      let why = name.text == "help" ? "lists the options" : "is declared already"
      report("option", "option: `--\(name.text)` \(why)", nameSpan)
      return
    }
    var about = ""
    if case .string(let text)? = values[2] { about = text.text }
    options.append(
      ScriptOption(
        name: name.text, fallback: values[1] ?? .nil, about: about,
        place: Place(script.source, expression.span)))
  }

  /// The value of a literal; nil for any other expression.
  static func value(ofLiteral expression: Expression) -> Value? {
    switch expression.kind {
    case .nil: return .nil
    case .bool(let value): return .bool(value)
    case .number(let value): return .number(value)
    case .string(let text): return Value(text)
    case .negate(let operand):
      if case .number(let value) = operand.kind { return .number(-value) }
      return nil
    case .list(let items):
      let values = items.compactMap { value(ofLiteral: $0) }
      return values.count == items.count ? .list(List(values)) : nil
    default: return nil
    }
  }

  static func isOptionName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first | 0x20 >= UInt8(ascii: "a"),
      first | 0x20 <= UInt8(ascii: "z")
    else {
      return false
    }
    return name.utf8.allSatisfy { Lexer.isWordByte($0) || $0 == UInt8(ascii: "-") }
  }
}
