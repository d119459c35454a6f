/// Operators, in order of increasing precedence: `->`, `or`, `and`, `not`, comparisons, `|>`, `..`,
/// `+ -`, `* / // % @`, unary `-`, `^`.
extension Parser {
  /// The precedence of an operator.
  enum Level: Int, Comparable {
    case or = 1
    case and, not, comparison, pipe, range, sum, product, power
    static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    /// The next higher precedence.
    var tighter: Level { Level(rawValue: rawValue + 1) ?? .power }
  }

  /// Parses an expression.
  mutating func expression() throws -> Expression {
    try nested { parser in
      if parser.beginsShortFunction() { return try parser.shortFunction() }
      return try parser.binary(.or)
    }
  }

  /// Parses the rest of an expression whose first operand is already parsed.
  mutating func expression(from left: Expression) throws -> Expression {
    try nested { parser in try parser.binary(.or, left: left) }
  }

  /// The operator at the position, if it is between operands.
  func infix() -> (level: Level, operation: BinaryOperator?)? {
    if newlinesMatter, current.newlineBefore, !at(.pipe) { return nil }
    switch kind {
    case .keyword(.or): return (.or, nil)
    case .keyword(.and): return (.and, nil)
    case .keyword(.in): return (.comparison, nil)
    case .keyword(.not) where peek(1).kind == .keyword(.in): return (.comparison, nil)
    case .symbol(.equal): return (.comparison, .equal)
    case .symbol(.notEqual): return (.comparison, .notEqual)
    case .symbol(.less): return (.comparison, .less)
    case .symbol(.lessEqual): return (.comparison, .lessEqual)
    case .symbol(.greater): return (.comparison, .greater)
    case .symbol(.greaterEqual): return (.comparison, .greaterEqual)
    case .symbol(.pipe): return (.pipe, nil)
    case .symbol(.dotDot): return (.range, nil)
    case .symbol(.plus): return (.sum, .add)
    case .symbol(.minus): return (.sum, .subtract)
    case .symbol(.times): return (.product, .multiply)
    case .symbol(.divide): return (.product, .divide)
    case .symbol(.floorDivide): return (.product, .floorDivide)
    case .symbol(.remainder): return (.product, .remainder)
    case .symbol(.matmul): return (.product, .matmul)
    default: return nil
    }
  }

  /// Parses operands joined by operators of at least the precedence `least`.
  mutating func binary(_ least: Level, left given: Expression? = nil) throws -> Expression {
    var left: Expression
    if let given {
      left = given
    } else if at(.not), !atLineEnd || !newlinesMatter {
      let start = current.span
      if least > .not {
        report(
          "syntax", "`not` binds more loosely than the operator before it", start,
          hint: "put it in parentheses: `(not x)`")
        throw Abandoned()
      }
      advance()
      let operand = try nested { parser in try parser.binary(.not) }
      left = Expression(.not(operand), span(from: start.start))
      try grow(at: start)
    } else {
      left = try unary()
    }
    var isCompared = false
    while let (level, operation) = infix(), level >= least {
      let mark = current.span
      switch level {
      case .pipe:
        left = try pipe(left)
      case .range:
        advance()
        let right = try operand(.sum)
        left = Expression(.range(left, right), left.span.union(right.span))
        if at(.dotDot) { throw wanted("one range", hint: "a range has one low and one high end") }
      case .comparison:
        if isCompared { throw chained(left) }
        isCompared = true
        left = try comparison(left, operation)
      default:
        advance()
        let right = try operand(level.tighter)
        let span = left.span.union(right.span)
        switch operation {
        case nil where level == .or: left = Expression(.or(left, right), span)
        case nil: left = Expression(.and(left, right), span)
        case let operation?: left = Expression(.binary(operation, left, right, mark), span)
        }
        isCompared = false
      }
      try grow(at: mark)
    }
    return left
  }

  /// Parses a right operand. It can't be a short function, which would absorb everything that
  /// follows.
  private mutating func operand(_ least: Level) throws -> Expression {
    if beginsShortFunction() {
      throw wanted(
        "a value", hint: "put a short function after an operator in parentheses: `(x -> x)`")
    }
    let below = height
    height = 0
    defer { height = max(below, height) }
    return try nested { parser in try parser.binary(least) }
  }

  private mutating func comparison(_ left: Expression, _ operation: BinaryOperator?) throws
    -> Expression
  {
    let mark = current.span
    let negated = at(.not)
    advance()
    if negated { advance() }
    let right = try operand(.pipe)
    let span = left.span.union(right.span)
    guard let operation else {
      return Expression(.contains(left, in: right, negated: negated), span)
    }
    return Expression(.binary(operation, left, right, mark), span)
  }

  /// Reports `a < b < c`.
  private mutating func chained(_ left: Expression) -> Abandoned {
    var hint = "`a < b and b < c`"
    if case .binary(_, _, let middle, _) = left.kind {
      let between = source.text(in: middle.span)
      let whole = source.text(in: left.span)
      if whole.count < 60, !whole.contains("\n") {
        hint = "`\(whole) and \(between) \(text(current)) ...`"
      }
    }
    report("syntax", "comparisons do not chain", current.span, hint: hint)
    return Abandoned()
  }

  /// `-x`, whose precedence is lower than that of `^`.
  private mutating func unary() throws -> Expression {
    let mark = current.span
    if at(.minus) {
      advance()
      let operand = try nested { parser in try parser.unary() }
      try grow(at: mark)
      return Expression(.negate(operand), mark.union(operand.span))
    }
    if at(.plus) {
      let isSecond = index > 0 && items[index - 1].kind == .symbol(.plus)
      let hint =
        isSecond
        ? "`x += 1` counts up"
        : current.newlineBefore
          ? "a line goes on after an operator: move the `+` to the end of the line above"
          : "a positive number has no sign"
      throw wanted("a value", hint: hint)
    }
    let base = try postfix()
    guard at(.power), !(newlinesMatter && current.newlineBefore) else { return base }
    let power = current.span
    advance()
    let exponent = try nested { parser in try parser.unary() }
    try grow(at: power)
    return Expression(
      .binary(.power, base, exponent, power), base.span.union(exponent.span))
  }

  /// `x |> f(a)`: the right side is a dotted name or a parenthesised expression, with at most one
  /// call.
  private mutating func pipe(_ left: Expression) throws -> Expression {
    advance()
    var callee: Expression
    switch kind {
    case .identifier:
      callee = Expression(.name(Name(text(current), current.span)), current.span)
      advance()
      if at(.arrow) {
        throw wanted("a function", hint: "put a short function here in parentheses: `(x -> x)`")
      }
      while at(.dot), !current.spaceBefore, !current.newlineBefore {
        callee = try member(of: callee)
      }
    case .symbol(.leftParen):
      callee = try parenthesised()
    default:
      throw wanted(
        "a function after `|>`",
        hint: "`x |> f(a)` is `f(x, a)`; put any other expression in parentheses")
    }
    var arguments = [ArgumentNode(name: nil, value: left)]
    if at(.leftParen), !current.spaceBefore, !current.newlineBefore {
      arguments += try self.arguments()
    }
    let call = Expression(
      .call(CallNode(callee: callee, arguments: arguments, isPipe: true)),
      left.span.union(span(from: left.span.start)))
    try rejectAfterPipe(call)
    return call
  }

  /// Reports anything after the call of a pipe that would have to apply to its result.
  private mutating func rejectAfterPipe(_ call: Expression) throws {
    let startsLine = newlinesMatter && current.newlineBefore
    let isPostfix: Bool
    switch kind {
    case .symbol(.dot): isPostfix = true
    case .symbol(.leftParen), .symbol(.leftBracket): isPostfix = !startsLine
    case .symbol(.power): isPostfix = !startsLine
    default: isPostfix = false
    }
    guard isPostfix || (infix().map { $0.level > .pipe } ?? false) else { return }
    let whole = source.text(in: call.span)
    let isShort = whole.count <= 60 && !whole.contains("\n")
    var rest = text(current)
    if at(.dot), case .identifier = peek(1).kind { rest += text(peek(1)) }
    if !isPostfix || at(.power) { rest = " \(rest) ..." }
    if at(.leftParen) || at(.leftBracket) { rest += "..." }
    report(
      "pipe", "`\(text(current))` after the call of a pipe", current.span,
      hint: "write `(\(isShort ? whole : "x |> f(a)"))\(rest)` to go on with the pipe's result")
    throw Abandoned()
  }
}
