extension Parser {
  /// Reads statements up to the block's `}`, or to the end.
  mutating func statements(inBlock: Bool) -> [Statement] {
    var result: [Statement] = []
    let isMatter = newlinesMatter
    let outerStart = statementStart
    defer {
      newlinesMatter = isMatter
      statementStart = outerStart
    }
    while true {
      newlinesMatter = true
      while accept(.semicolon) {}
      if kind == .end { break }
      if at(.rightBrace) {
        if orphans.contains(index) {
          advance()
          continue
        }
        if inBlock { break }
        statementStart = current.span.start
        report("syntax", "a `}` without its `{`", current.span)
        advance()
        continue
      }
      let start = index
      let depthBefore = depth
      statementStart = current.span.start
      do {
        let statement = try statement()
        try endOfStatement()
        result.append(statement)
      } catch {
        depth = depthBefore
        recover(from: start)
      }
    }
    return result
  }

  /// Skips to where the next statement seems to begin.
  mutating func recover(from start: Int) {
    let base = items[start].depth
    let failed = index
    if index == start { advance() }
    defer {
      if hasForeignBody(from: start), failed <= index { skipForeignBody(of: items[start]) }
      for item in items[start..<index] {
        if item.kind == .identifier { skipped.insert(text(item)) }
        guard item.kind == .symbol(.leftBrace), let close = item.close, close >= index else {
          continue
        }
        orphans.insert(close)
      }
    }
    while kind != .end {
      let item = current
      if item.newlineBefore, beginsStatement(item) || (item.depth <= base && !goesOn(item)) {
        return
      }
      if item.kind == .symbol(.rightBrace), item.depth < base, !orphans.contains(index) {
        return
      }
      if item.kind == .symbol(.semicolon), item.depth <= base { return }
      advance()
    }
  }

  /// Whether a line that begins with the item is a statement whatever brackets are open.
  func beginsStatement(_ item: Item) -> Bool {
    switch item.kind {
    case .keyword(.let), .keyword(.use), .keyword(.for), .keyword(.while): true
    case .keyword(.fn): peek(1).kind == .identifier
    default: false
    }
  }

  /// Whether a line that begins with the item goes on with the statement above it.
  func goesOn(_ item: Item) -> Bool {
    switch item.kind {
    case .symbol(.pipe), .symbol(.dot), .keyword(.else), .keyword(.catch): true
    default: false
    }
  }

  /// Checks that nothing stands between a statement and its end.
  mutating func endOfStatement() throws {
    if atLineEnd || at(.semicolon) || at(.rightBrace) { return }
    var hint: String?
    switch kind {
    case .symbol(.question): hint = "a choice is written `if c { a } else { b }`"
    case .symbol(.assign): hint = "`==` compares; a name, `x[i]` or `x.name` can be assigned to"
    case .symbol(.comma): hint = hintForComma()
    case .symbol(.colon): hint = "a block stands in braces: `if c { ... }`; a range is `1..10`"
    case .symbol(.arrow): hint = "the parameters of a short function are `x ->` or `(a, b) ->`"
    case .keyword(.if): hint = "a choice is written `if c { a } else { b }`"
    default: hint = hintForCommand()
    }
    throw wanted("the end of the statement", hint: hint)
  }

  /// `print -x, y` reads as a difference up to the comma.
  private func hintForComma() -> String {
    let start = items[..<index].lastIndex { $0.span.start == statementStart } ?? index
    if start + 2 < index, case .identifier = items[start].kind, items[start + 1].spaceBefore,
      items[start + 1].kind == .symbol(.minus), !items[start + 2].spaceBefore
    {
      let rest = source.text(in: Span(items[start + 1].span.start, previousEnd))
      if rest.count < 60 { return "write `\(text(items[start]))(\(rest), ...)`" }
    }
    return items[start].kind == .keyword(.let)
      ? "a list stands in brackets: `[a, b]`"
      : "only `let a, b = e` and `for a, b in xs` take names apart; to change names, one `=` each"
  }

  /// What to write where a command's name is followed by what begins no command.
  private func hintForCommand() -> String? {
    guard index > 0, case .identifier = items[index - 1].kind, current.spaceBefore else {
      return nil
    }
    var start = index - 1
    while start > 1, items[start - 1].kind == .symbol(.dot), items[start - 2].kind == .identifier {
      start -= 2
    }
    let name = source.text(in: Span(items[start].span.start, items[index - 1].span.end))
    switch kind {
    case .keyword(.not), .keyword(.fn), .keyword(.try), .symbol(.leftBrace):
      return restOfStatement().map { "write `\(name)(\($0))`" }
    case .identifier, .number, .string, .formatStart:
      return start < index - 1
        ? "a command is a bare name; this call has parentheses: `\(name)(...)`"
        : "a call inside an expression has parentheses: `\(name)(...)`"
    default: return nil
    }
  }

  mutating func statement() throws -> Statement {
    try nested { parser in try parser.anyStatement() }
  }

  private mutating func anyStatement() throws -> Statement {
    let start = current.span.start
    let first = index
    let kind: Statement.Kind
    switch self.kind {
    case .keyword(.let):
      kind = try letStatement(first)
    case .keyword(.fn) where peek(1).kind == .identifier:
      kind = try functionStatement(first)
    case .keyword(.while):
      advance()
      let condition = try expression()
      kind = .while(condition, try block(after: "the condition"))
    case .keyword(.for):
      kind = try forStatement()
    case .keyword(.break):
      advance()
      kind = .break
    case .keyword(.continue):
      advance()
      kind = .continue
    case .keyword(.return):
      advance()
      let isBare = atLineEnd || at(.semicolon) || at(.rightBrace)
      kind = .return(isBare ? nil : try expression())
    case .keyword(.use):
      kind = try useStatement()
    case .symbol(.question), .symbol(.questionQuestion):
      kind = .expression(try helpQuery())
    case .symbol(.pipe):
      kind = .expression(try promptPipe())
    default:
      if beginsForeignBody {
        throw wanted("a statement")
      } else if beginsCommand() {
        kind = .expression(try command())
      } else {
        kind = try expressionOrAssignment()
      }
    }
    return Statement(kind, span(from: start))
  }

  /// A declared name; what it declares is for the error.
  mutating func name(_ what: String) throws -> Name {
    guard case .identifier = kind, !atLineEnd else {
      if case .keyword = kind, !atLineEnd {
        throw wanted(what, hint: "a keyword can't be a name")
      }
      throw wanted(what)
    }
    let name = Name(text(current), current.span)
    advance()
    return name
  }

  private mutating func letStatement(_ first: Int) throws -> Statement.Kind {
    advance()
    if at(.leftParen) || at(.leftBracket) {
      throw wanted("a name", hint: "names that take a list apart stand bare: `let a, b = e`")
    }
    var names = [try name("a name")]
    while accept(.comma) { names.append(try name("a name")) }
    guard at(.assign), !atLineEnd else {
      let hint =
        switch kind {
        case .symbol(.colon): "types are not declared: `let \(names[0].text) = ...`"
        case .identifier:
          "`let` alone declares a name that may change: `let \(text(current)) = ...`"
        case .symbol(.less), .symbol(.equal):
          "`=` gives a name its value: `let \(names[0].text) = ...`"
        case .symbol(.dot), .symbol(.leftBracket): "a part of a value is assigned to without `let`"
        default: "`let x = nil` declares a name whose value comes later"
        }
      throw wanted("`=` and a value", hint: hint)
    }
    advance()
    let value = try expression()
    if names.count == 1, case .function(let function) = value.kind {
      function.name = names[0].text
      document(function, from: first)
    }
    return .let(names, value)
  }

  private mutating func functionStatement(_ first: Int) throws -> Statement.Kind {
    let start = current.span.start
    advance()
    let name = try name("the function's name")
    guard at(.leftParen), !atLineEnd else {
      throw wanted("`(` and the parameters", hint: "`fn \(name.text)() { ... }` takes none")
    }
    let parameters = try self.parameters()
    let body = try block(after: "the parameters")
    let function = FunctionLiteral(
      name: name.text, parameters: parameters, body: body, span: span(from: start),
      documentation: nil)
    document(function, from: first)
    return .function(name, function)
  }

  /// Gives a function the `##` lines right above the statement that declares it.
  private func document(_ function: FunctionLiteral, from first: Int) {
    var lines: [String] = []
    var start = items[first].span.start
    var raw = items[first].raw - 1
    var newlines = 0
    while raw >= 0 {
      let token = tokens[raw]
      switch token.kind {
      case .space: break
      case .newline: newlines += 1
      case .comment:
        let text = source.text(in: token.span)
        // Only lines of their own count, without a blank one between.
        let isOwnLine =
          raw == 0 || tokens[raw - 1].kind == .newline
          || (tokens[raw - 1].kind == .space && (raw == 1 || tokens[raw - 2].kind == .newline))
        guard text.hasPrefix("##"), newlines == 1, isOwnLine else {
          raw = 0
          break
        }
        let body = text.dropFirst(2)
        lines.insert(String(body.first == " " ? body.dropFirst() : body), at: 0)
        start = token.span.start
        newlines = 0
      default: raw = 0
      }
      raw -= 1
    }
    if !lines.isEmpty { function.documentation = lines.joined(separator: "\n") }
    function.sourceSpan = Span(start, max(function.span.end, previousEnd))
  }

  private mutating func forStatement() throws -> Statement.Kind {
    advance()
    if at(.leftParen) {
      throw wanted(
        "the loop's variable", hint: "a loop's head has no parentheses: `for x in xs { ... }`")
    }
    var names = [try name("the loop's variable")]
    while accept(.comma) { names.append(try name("a name")) }
    guard at(.in) else {
      throw wanted("`in`", hint: "a loop reads `for x in xs { ... }`")
    }
    advance()
    let sequence = try expression()
    return .for(names, sequence, try block(after: "what the loop goes over"))
  }

  private mutating func useStatement() throws -> Statement.Kind {
    advance()
    guard case .string = kind, !atLineEnd else {
      let hint = "`use \"./mine.lbk\"`; modules of the library need no `use`"
      throw wanted("the file's path as a string", hint: hint)
    }
    let pathSpan = current.span
    let path = stringValue(current)
    advance()
    if at(.as) {
      advance()
      return .use(path: path, pathSpan: pathSpan, name: try name("the module's name"))
    }
    var file = path.split(separator: "/").last.map(String.init) ?? ""
    if file.hasSuffix(".lbk") { file.removeLast(4) }
    if !Lexer.isIdentifier(file) {
      report(
        "syntax", "use: `\(file)` can't be a name", pathSpan,
        hint: "`use \"\(path)\" as m` gives it another")
    }
    return .use(path: path, pathSpan: pathSpan, name: Name(file, pathSpan))
  }

  private mutating func expressionOrAssignment() throws -> Statement.Kind {
    let target = try expression()
    let operation: BinaryOperator?
    switch kind {
    case .symbol(.assign): operation = nil
    case .symbol(.plusAssign): operation = .add
    case .symbol(.minusAssign): operation = .subtract
    case .symbol(.timesAssign): operation = .multiply
    case .symbol(.divideAssign): operation = .divide
    case .symbol(.floorDivideAssign): operation = .floorDivide
    case .symbol(.remainderAssign): operation = .remainder
    case .symbol(.powerAssign): operation = .power
    default: return .expression(target)
    }
    if newlinesMatter, current.newlineBefore { return .expression(target) }
    switch target.kind {
    case .name, .index, .member: break
    case .call(let call):
      let callee = source.text(in: call.callee.span)
      report(
        "syntax", "a call can't be assigned to", target.span,
        hint: "an element is `\(callee)[0] = 1`, a function `fn \(callee)(x) { ... }`")
      throw Abandoned()
    case .list:
      report(
        "syntax", "a list can't be assigned to", target.span,
        hint: "names that take a list apart stand bare: `let a, b = e`")
      throw Abandoned()
    default:
      report(
        "syntax", "this can't be assigned to", target.span,
        hint: "`==` compares; a name, `x[i]` or `x.name` can be assigned to")
      throw Abandoned()
    }
    advance()
    return .assign(target, operation, try expression())
  }

  /// `{ ... }`, where a block must stand.
  mutating func block(after what: String) throws -> Block {
    guard at(.leftBrace) else {
      let hint: String? =
        switch kind {
        case .symbol(.assign) where what == "the parameters", .symbol(.arrow):
          "a body stands in braces: `fn f(x) { x * 2 }`; a short function is `x -> x * 2`"
        case .symbol(.assign): "`==` compares"
        default: "a block stands in braces: `{ ... }`"
        }
      throw wanted("`{` after \(what)", hint: hint)
    }
    if newlinesMatter, current.newlineBefore {
      report(
        "syntax", "the `{` of a block stands on the line of \(what)", current.span)
    }
    let open = current.span
    advance()
    let statements = statements(inBlock: true)
    try close(.rightBrace, opened: open)
    return Block(statements, span(from: open.start))
  }
}

extension Lexer {
  /// Whether a text is an identifier and no keyword.
  public static func isIdentifier(_ text: String) -> Bool {
    var lexer = Lexer(Source(name: "", text: text))
    guard !text.isEmpty, lexer.word() else { return false }
    return lexer.position == lexer.bytes.count && lexer.tokens.first?.kind == .identifier
  }
}
