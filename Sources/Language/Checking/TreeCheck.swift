import Syntax

/// Walks a resolved program and reports the errors in it other than those of names, and warnings.
final class TreeCheck: TreeWalker {
  let script: Script
  let checker: Checker
  let mode: Resolver.Mode
  /// Whether the whole source could be parsed. Errors that a skipped part could explain are not
  /// reported.
  let isWhole: Bool
  var diagnostics: [Diagnostic] = []
  var options: [ScriptOption] = []

  /// The calls of members that do not exist.
  var unknownMembers: [String: [(name: Span, object: Expression)]] = [:]

  /// Whether the source has cells, each of which shows its last value.
  lazy var hasCells = script.source.bytes.split(separator: UInt8(ascii: "\n")).contains {
    $0.starts(with: "# %%".utf8)
  }
  private var tests: Set<String> = []
  private var loops = 0
  private var functions = 0
  var blocks = 0
  /// How many `try` blocks enclose the node: there, an argument may be wrong on purpose.
  var attempts = 0
  /// Whether the value of the statements being walked is used.
  private var isValueUsed = false

  init(_ script: Script, _ checker: Checker, mode: Resolver.Mode, isWhole: Bool) {
    self.script = script
    self.checker = checker
    self.mode = mode
    self.isWhole = isWhole
  }

  func run() {
    if mode.isEntry { isValueUsed = true }
    walk(script.tree.statements)
    reportUnknownMembers()
  }

  func report(
    _ kind: String, _ message: String, _ span: Span, severity: Diagnostic.Severity = .error,
    label: String? = nil, notes: [String] = [], hint: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(
        kind, message, severity: severity, at: Place(script.source, span), label: label,
        notes: notes, hint: hint))
  }

  func text(_ expression: Expression) -> String { script.source.text(in: expression.span) }

  // MARK: Statements

  override func walk(_ statements: [Statement]) {
    let isUsed = isValueUsed
    warn(ofUnreachable: statements)
    for (index, statement) in statements.enumerated() {
      isValueUsed = isUsed && index == statements.count - 1
      walk(statement)
    }
    isValueUsed = isUsed
  }

  override func walk(_ block: Block) {
    blocks += 1
    super.walk(block)
    blocks -= 1
  }

  override func walk(_ function: FunctionLiteral) { walk(function, isResultUsed: true) }

  private func walk(_ function: FunctionLiteral, isResultUsed: Bool) {
    let (outerLoops, isUsed) = (loops, isValueUsed)
    loops = 0
    functions += 1
    isValueUsed = isResultUsed
    blocks += 1
    super.walk(function)
    blocks -= 1
    isValueUsed = isUsed
    functions -= 1
    loops = outerLoops
  }

  override func walk(_ statement: Statement) {
    switch statement.kind {
    case .break, .continue:
      let word = script.source.text(in: statement.span)
      if loops == 0, isWhole { report("loop", "`\(word)` is outside a loop", statement.span) }
    case .return(let value):
      if functions == 0, isWhole {
        report(
          "return", "`return` is outside a function", statement.span,
          hint: "`quit()` ends a script")
      }
      if let value { walkValue(value) }
    case .while(let condition, let block):
      walkValue(condition)
      walkLoop(block)
    case .for(_, let sequence, let block):
      walkValue(sequence)
      walkLoop(block)
    case .expression(let expression):
      checkAlone(expression)
      // At the prompt, a name alone shows the function or calls it.
      if case .name = expression.kind, isValueUsed, blocks == 0 { break }
      walk(expression)
    case .let(_, let value):
      walkValue(value)
    case .assign(let target, _, let value):
      checkTarget(target)
      walkValue(target)
      walkValue(value)
    case .test(let name, let function):
      checkTest(name)
      walk(function, isResultUsed: false)
    case .function, .use:
      super.walk(statement)
    }
  }

  private func checkTest(_ name: Name) {
    if blocks > 0 {
      report(
        "test", "a test is inside a block or function", name.span, hint: "write it at top level")
    } else if !tests.insert(name.text).inserted {
      report("test", "two tests have the name \(StringText.quoted(name.text))", name.span)
    } else if mode.isEntry {
      report(
        "test", "a test is not run at the prompt", name.span, severity: .warning,
        hint: "`limbeck test FILE` runs the tests of a file")
    }
  }

  private func walkLoop(_ block: Block) {
    let isUsed = isValueUsed
    isValueUsed = false
    loops += 1
    walk(block)
    loops -= 1
    isValueUsed = isUsed
  }

  /// Walks an expression whose value is used.
  func walkValue(_ expression: Expression) {
    let isUsed = isValueUsed
    isValueUsed = true
    walk(expression)
    isValueUsed = isUsed
  }

  /// Reports an expression statement that has no effect.
  private func checkAlone(_ expression: Expression) {
    if isValueUsed { return }
    if let what = functionName(expression) {
      report(
        "unused-function", "`\(what)` is not called", expression.span,
        hint: "write `\(what)(...)` to call it")
      return
    }
    warn(ofUnused: expression)
    switch expression.kind {
    case .binary(.equal, let left, _, _):
      if case .name = left.kind {
        report(
          "unused-value", "the result of this comparison is not used", expression.span,
          severity: .warning, hint: "`=` assigns")
      }
    case .binary(.less, let left, let right, let mark):
      if case .negate = right.kind, mark.end == right.span.start, case .name(let name) = left.kind,
        script[name] != nil
      {
        report(
          "unused-value", "the result of this comparison is not used", expression.span,
          severity: .warning, hint: "`=` assigns")
      }
    case .negate:
      report(
        "unused-value", "the value of this line is not used", expression.span, severity: .warning,
        hint: "a line goes on after an operator: the `-` may belong to the line above")
    default: break
    }
  }

  private func checkTarget(_ target: Expression) {
    guard case .member(let object, let name) = target.kind, let module = moduleName(object) else {
      return
    }
    report(
      "member", "\(module).\(name.text) can't be assigned to from outside its module", name.span)
  }

  // MARK: Expressions

  override func walk(_ expression: Expression) {
    switch expression.kind {
    case .name(let name):
      if case .known(.builtin(let builtin))? = script[name] { checkValue(builtin, name) }
    case .call(let call):
      checkCall(expression, call)
    case .member(let object, let name):
      checkModuleMember(object, name)
      warn(ofMember: name, of: object, isCalled: false)
      walkValue(object)
    case .binary(let operation, let left, let right, let mark):
      if operation != .equal, operation != .notEqual {
        checkOperand(left, operation.symbol, mark, of: expression)
        checkOperand(right, operation.symbol, mark, of: nil)
      }
      walkOperands(left, right)
    case .negate(let operand):
      checkOperand(operand, "-", expression.span, of: nil)
      walkValue(operand)
    case .not(let operand):
      checkOperand(operand, "not", expression.span, of: nil)
      walkValue(operand)
    case .and(let left, let right):
      checkOperand(left, "and", expression.span, of: nil)
      checkOperand(right, "and", expression.span, of: nil)
      walkOperands(left, right)
    case .or(let left, let right):
      checkOperand(left, "or", expression.span, of: nil)
      checkOperand(right, "or", expression.span, of: nil)
      walkOperands(left, right)
    case .if(let branches, let otherwise):
      for branch in branches {
        walkValue(branch.condition)
        walk(branch.block)
      }
      if let otherwise { walk(otherwise) }
    case .try(let body, _, let handler):
      attempts += 1
      walk(body)
      attempts -= 1
      walk(handler)
    case .map(let entries):
      checkKeys(entries.map(\.key))
      walkBelow(expression)
    default:
      walkBelow(expression)
    }
  }

  private func walkOperands(_ left: Expression, _ right: Expression) {
    walkValue(left)
    walkValue(right)
  }

  private func walkBelow(_ expression: Expression) {
    let isUsed = isValueUsed
    isValueUsed = true
    super.walk(expression)
    isValueUsed = isUsed
  }

  /// Reports a function as an operand: either a command whose argument begins with `-`, or a call
  /// without its parentheses.
  private func checkOperand(
    _ operand: Expression, _ symbol: String, _ mark: Span, of whole: Expression?
  ) {
    guard let name = functionName(operand) else { return }
    var hint = "write `\(name)(...)` to use its result"
    let bytes = script.source.bytes
    if symbol == "-", let whole, case .binary(_, _, let right, _) = whole.kind, mark.start > 0,
      mark.end < bytes.count, bytes[mark.start - 1] == UInt8(ascii: " "),
      bytes[mark.end] != UInt8(ascii: " ")
    {
      let argument = script.source.text(in: Span(mark.start, right.span.end))
      hint = "write `\(name)(\(argument.count < 60 ? argument : "-x"))`"
    }
    report(
      "operand", "`\(name)` is a function, not an operand of `\(symbol)`", operand.span, hint: hint)
  }

  private func checkKeys(_ keys: [MapKey]) {
    var seen: Set<Map.Key> = []
    for case .literal(let literal, let span) in keys {
      if !seen.insert(Map.Key(literal)).inserted {
        report(
          "duplicate-key", "the key `\(script.source.text(in: span))` occurs twice in this map",
          span, severity: .warning, notes: ["the last value counts"])
      }
    }
  }

  // MARK: Meaning of names

  /// The name of a function that an expression refers to without calling it; nil for anything else.
  func functionName(_ expression: Expression) -> String? {
    switch expression.kind {
    case .name(let name):
      switch script[name] {
      case .known(.builtin), .known(.export): return name.text
      case .binding(let binding) where binding.function != nil: return name.text
      default: return nil
      }
    case .member(let object, let name):
      guard let module = module(object), module.members[name.text]?.function != nil else {
        return nil
      }
      return text(expression)
    default: return nil
    }
  }

  /// The module that an expression names.
  func module(_ expression: Expression) -> Module? {
    guard case .name(let name) = expression.kind else { return nil }
    switch script[name] {
    case .binding(let binding): return binding.kind == .module ? binding.module : nil
    case .known(.module(let module)): return try? checker.modules.stdlib(module)
    default: return nil
    }
  }

  /// The name of the module that an expression refers to.
  private func moduleName(_ expression: Expression) -> String? {
    module(expression) == nil ? nil : text(expression)
  }
}
