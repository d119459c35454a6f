/// Operands: literals, names, brackets and functions, and the calls, indices and fields after them.
extension Parser {
  /// Parses an operand with the calls, indices and fields that follow it.
  mutating func postfix() throws -> Expression {
    let start = index
    var value = try primary()
    while true {
      let item = current
      let startsLine = newlinesMatter && item.newlineBefore
      switch item.kind {
      case .symbol(.leftParen) where !startsLine:
        if item.spaceBefore || item.newlineBefore { throw spaceBefore("(", value, start) }
        let arguments = try self.arguments()
        value = Expression(
          .call(CallNode(callee: value, arguments: arguments)), span(from: value.span.start))
      case .symbol(.leftBracket) where !startsLine:
        if item.spaceBefore || item.newlineBefore { throw spaceBefore("[", value, start) }
        value = try index(of: value)
      case .symbol(.dot):
        value = try member(of: value)
      default:
        return value
      }
      try grow(at: item.span)
    }
  }

  /// Reports a space before the bracket of a call or an index. After a bare name at the beginning
  /// of a statement, the bracket may be meant as the argument of a command.
  private mutating func spaceBefore(_ bracket: String, _ value: Expression, _ start: Int)
    -> Abandoned
  {
    let text = source.text(in: value.span)
    let isBare: Bool
    if case .name = value.kind { isBare = true } else { isBare = false }
    let what = bracket == "(" ? "a call" : "an index"
    var hint = "write no space before the `\(bracket)` of \(what)"
    if isBare, items[start].span.start == statementStart, let rest = restOfStatement() {
      hint =
        bracket == "("
        ? "write `\(text)(\(Parser.withoutOuterParentheses(rest)))`"
        : "write `\(text)(\(rest))` for a call, `\(text)\(rest)` for an index"
    } else if isBare, let close = current.close {
      let inside = source.text(in: Span(current.span.start, items[close].span.end))
      if inside.count < 60, !inside.contains("\n") { hint = "write `\(text)\(inside)`" }
    }
    report("command", "there is a space before `\(bracket)`", current.span, hint: hint)
    return Abandoned()
  }

  /// The text from the position to the end of the statement on this line, if it is short.
  func restOfStatement() -> String? {
    var last = index
    while last + 1 < items.count {
      let next = items[last + 1]
      if next.kind == .end || next.newlineBefore || next.kind == .symbol(.semicolon) { break }
      if next.kind == .symbol(.rightBrace), next.depth < current.depth { break }
      last += 1
    }
    let rest = source.text(in: Span(current.span.start, items[last].span.end))
    return rest.count <= 60 && !rest.contains("\n") ? rest : nil
  }

  /// `(1 + 2) * 3` unchanged, `(1 + 2)` without the parentheses.
  static func withoutOuterParentheses(_ text: String) -> String {
    var depth = 0
    for (offset, character) in text.enumerated() {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if depth == 0, offset < text.count - 1 { return text }
    }
    return depth == 0 ? String(text.dropFirst().dropLast()) : text
  }

  /// `.name`; keywords are ordinary names there.
  mutating func member(of value: Expression) throws -> Expression {
    advance()
    switch kind {
    case .identifier, .keyword:
      if current.newlineBefore || current.spaceBefore { fallthrough }
      let name = Name(text(current), current.span)
      advance()
      return Expression(.member(value, name), span(from: value.span.start))
    default:
      var hint: String?
      if case .number = value.kind { hint = "a number ends with a digit: `5.0`" }
      throw wanted("a name right after `.`", hint: hint)
    }
  }

  /// `(a, b, name: c)`.
  mutating func arguments() throws -> [ArgumentNode] {
    let open = current.span
    advance()
    return try ignoringNewlines { parser in
      var result: [ArgumentNode] = []
      while !parser.at(.rightParen) {
        result.append(try parser.argument(after: result))
        if !parser.accept(.comma) { break }
      }
      if parser.at(.assign), case .name(let name)? = result.last?.value.kind {
        parser.report(
          "syntax", "a named argument is not written with `=`", parser.current.span,
          hint: Parser.hint(forArgument: name.text))
        throw Abandoned()
      }
      try parser.close(.rightParen, opened: open, or: "`,`")
      return result
    }
  }

  /// A suggestion for an argument that is named with `=`, as in other languages.
  private static func hint(forArgument name: String) -> String {
    switch name {
    case "dim", "dims": "write `axis: ...`"
    case "end", "sep", "flush", "file":
      "`print` writes one line, its values a space apart; `f\"{x} {y}\"` makes another text"
    default: "write `\(name): ...`"
    }
  }

  /// `e` or `name: e`.
  mutating func argument(after others: [ArgumentNode]) throws -> ArgumentNode {
    var name: Name?
    switch kind {
    case .identifier, .keyword:
      if peek(1).kind == .symbol(.colon) {
        name = Name(text(current), current.span)
        advance()
        advance()
      }
    default: break
    }
    let value = try expression()
    if name == nil, let last = others.last(where: { $0.name != nil }) {
      report(
        "syntax", "an argument without a name follows `\(last.name?.text ?? "")`", value.span,
        hint: "arguments without a name come first")
    }
    return ArgumentNode(name: name, value: value)
  }

  private mutating func primary() throws -> Expression {
    let item = current
    let start = item.span.start
    func literal(_ kind: Expression.Kind) -> Expression { Expression(kind, item.span) }
    switch item.kind {
    case .number:
      advance()
      return literal(.number(Lexer.value(ofNumber: text(item)) ?? 0))
    case .string:
      advance()
      let value = stringValue(item)
      rejectAdjacentString()
      return literal(.string(value))
    case .formatStart:
      return try formatString()
    case .identifier:
      advance()
      return literal(.name(Name(text(item), item.span)))
    case .keyword(.true):
      advance()
      return literal(.bool(true))
    case .keyword(.false):
      advance()
      return literal(.bool(false))
    case .keyword(.nil):
      advance()
      return literal(.nil)
    case .keyword(.if):
      return try ifExpression()
    case .keyword(.try):
      advance()
      let body = try block(after: "`try`")
      guard at(.catch) else {
        throw wanted("`catch`", hint: "`try { ... } catch e { ... }`")
      }
      advance()
      if at(.leftParen) {
        throw wanted("a name for the error", hint: "`try { ... } catch e { ... }`")
      }
      let name = at(.leftBrace) ? nil : try name("a name for the error")
      let handler = try block(after: "`catch`")
      return Expression(.try(body, name, handler), span(from: start))
    case .keyword(.fn):
      return try blockFunction()
    case .symbol(.leftParen):
      return try parenthesised()
    case .symbol(.leftBracket):
      return try list()
    case .symbol(.leftBrace):
      return try map()
    default:
      throw wanted("a value", hint: hintForOperand(item))
    }
  }

  private func hintForOperand(_ item: Item) -> String? {
    switch item.kind {
    case .keyword(.else): "an `else` follows its `if`'s block"
    case .keyword(.let), .keyword(.while), .keyword(.for), .keyword(.break), .keyword(.continue),
      .keyword(.return), .keyword(.use):
      "`\(text(item))` begins a statement"
    case .symbol(.less) where peek(1).kind == .symbol(.minus): "`=` assigns"
    case .symbol(.remainder), .symbol(.divide), .symbol(.floorDivide): "a comment begins with `#`"
    case .symbol(.dot): "a number begins with a digit: `0.5`"
    case .symbol(.dotDot): "a range has a low end: `0..n`"
    case .symbol(.arrow): "the parameters of a short function are `x ->`, `(a, b) ->` or `() ->`"
    case .symbol(.ellipsis), .symbol(.colon): "`...` and `:` are written in an index"
    default: nil
    }
  }

  private mutating func ifExpression() throws -> Expression {
    let start = current.span.start
    var branches: [(condition: Expression, block: Block)] = []
    var otherwise: Block?
    advance()
    while true {
      let condition = try expression()
      branches.append((condition, try block(after: "the condition")))
      if case .identifier = kind, ["elif", "elseif", "elsif"].contains(text(current)) {
        report(
          "syntax", "`\(text(current))` is not a keyword", current.span, hint: "write `else if`")
        throw Abandoned()
      }
      guard at(.else) else { break }
      advance()
      if at(.if) {
        advance()
        continue
      }
      otherwise = try block(after: "`else`")
      break
    }
    return Expression(.if(branches, otherwise: otherwise), span(from: start))
  }

  /// `(e)`.
  mutating func parenthesised() throws -> Expression {
    let open = current.span
    advance()
    return try ignoringNewlines { parser in
      if parser.at(.rightParen) {
        throw parser.wanted("a value", hint: "`() -> e` is a function of no parameters")
      }
      let inner = try parser.expression()
      if parser.at(.comma) {
        throw parser.wanted("`)`", hint: "a list is written in brackets: `[a, b]`")
      }
      try parser.close(.rightParen, opened: open)
      return Expression(inner.kind, parser.span(from: open.start))
    }
  }

  /// Whether there is a literal or a name at the position.
  private var beginsValue: Bool {
    switch kind {
    case .number, .string, .formatStart, .identifier: true
    default: false
    }
  }

  private mutating func list() throws -> Expression {
    let open = current.span
    advance()
    return try ignoringNewlines { parser in
      var items: [Expression] = []
      while !parser.at(.rightBracket) {
        items.append(try parser.expression())
        if !parser.accept(.comma) { break }
      }
      if parser.at(.semicolon) {
        throw parser.wanted(
          "`,` or `]`", hint: "rows are lists of their own: `tensor([[1, 2], [3, 4]])`")
      }
      if !parser.at(.rightBracket), !items.isEmpty, parser.current.spaceBefore, parser.beginsValue {
        throw parser.wanted("`,` or `]`", hint: "commas part a list's items: `[1, 2, 3]`")
      }
      try parser.close(.rightBracket, opened: open, or: "`,`")
      return Expression(.list(items), parser.span(from: open.start))
    }
  }
}
