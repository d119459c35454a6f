extension Parser {
  /// Whether there is a short function at the position: `x ->`, or parentheses followed by `->`.
  func beginsShortFunction() -> Bool {
    switch kind {
    case .identifier: return peek(1).kind == .symbol(.arrow)
    case .symbol(.leftParen):
      guard let close = current.close, close + 1 < items.count else { return false }
      return items[close + 1].kind == .symbol(.arrow)
        && !(newlinesMatter && items[close + 1].newlineBefore)
    default: return false
    }
  }

  /// `x -> e`, `(a, b) -> e`, `() -> e`.
  mutating func shortFunction() throws -> Expression {
    let start = current.span.start
    var parameters: [ParameterNode] = []
    if case .identifier = kind {
      // It may be the first of its line: a block's last statement.
      parameters = [.init(name: Name(text(current), current.span), fallback: nil)]
      advance()
    } else {
      parameters = try self.parameters()
    }
    advance()
    let body = try expression()
    let block = Block([Statement(.expression(body), body.span)], body.span)
    let span = span(from: start)
    return Expression(
      .function(
        FunctionLiteral(
          name: nil, parameters: parameters, body: block, span: span, documentation: nil)),
      span)
  }

  /// Whether there is a test at the position. `test` is an ordinary name elsewhere.
  var beginsTest: Bool {
    guard peek(1).kind == .string, peek(2).kind == .symbol(.leftBrace), kind == .identifier else {
      return false
    }
    return !peek(1).newlineBefore && !peek(2).newlineBefore && text(current) == "test"
  }

  /// `test "name" { ... }`.
  mutating func testStatement() throws -> Statement.Kind {
    let start = current.span.start
    advance()
    let name = Name(stringValue(current), current.span)
    advance()
    let body = try block(after: "the test's name")
    return .test(
      name,
      FunctionLiteral(
        name: nil, parameters: [], body: body, span: span(from: start), documentation: nil))
  }

  /// `fn(x) { ... }`.
  mutating func blockFunction() throws -> Expression {
    let start = current.span.start
    advance()
    if case .identifier = kind, !atLineEnd {
      throw wanted(
        "`(`", hint: "a function inside an expression has no name: `fn(x) { ... }`")
    }
    guard at(.leftParen) else { throw wanted("`(` and the parameters") }
    let parameters = try self.parameters()
    let body = try block(after: "the parameters")
    let span = span(from: start)
    return Expression(
      .function(
        FunctionLiteral(
          name: nil, parameters: parameters, body: body, span: span, documentation: nil)),
      span)
  }

  /// `(a, b = 2)`.
  mutating func parameters() throws -> [ParameterNode] {
    let open = current.span
    advance()
    return try ignoringNewlines { parser in
      var result: [ParameterNode] = []
      while !parser.at(.rightParen) {
        if parser.at(.times) || parser.at(.ellipsis) || parser.at(.divide) {
          throw parser.wanted(
            "a parameter's name", hint: "a list may hold any number of values: `fn f(xs) { ... }`")
        }
        let name = try parser.name("a parameter's name")
        var fallback: Expression?
        if parser.accept(.assign) {
          fallback = try parser.expression()
        } else if parser.at(.colon) {
          throw parser.wanted(
            "`,` or `)`",
            hint: "types are not declared; a default is written `\(name.text) = ...`")
        } else if let other = result.last, other.fallback != nil {
          parser.report(
            "syntax", "parameter `\(name.text)` without a default follows one that has one",
            name.span, hint: "parameters with a default come last")
        }
        let written = parser.source.text(in: parser.span(from: name.span.start))
        let isShort = written.count <= 40 && !written.contains("\n")
        result.append(
          .init(
            name: name, fallback: fallback, written: isShort ? written : "\(name.text) = ..."))
        if !parser.accept(.comma) { break }
      }
      try parser.close(.rightParen, opened: open, or: "`,`")
      return result
    }
  }
}
