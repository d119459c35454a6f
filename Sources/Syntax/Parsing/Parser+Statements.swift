/// The kinds of statements.
extension Parser {
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
      } else if beginsTest {
        kind = try testStatement()
      } else if beginsCommand() {
        kind = .expression(try command())
      } else {
        kind = try expressionOrAssignment()
      }
    }
    return Statement(kind, span(from: start))
  }

  /// Parses a declared name. The error message uses `what` for the thing that it declares.
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
      throw wanted(
        "a name", hint: "names that unpack a list are written without brackets: `let a, b = e`")
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

  /// Attaches to a function the `##` lines directly above the statement that declares it.
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
        // Only lines that contain nothing else count, with no blank line in between.
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
    return .for(names, sequence, try block(after: "what the loop iterates over"))
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
        hint: "names that unpack a list are written without brackets: `let a, b = e`")
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
}
