/// Sequences of statements: where each one ends, and where parsing resumes after an error.
extension Parser {
  /// Parses statements up to the block's `}` or to the end.
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

  /// Skips to where the next statement probably begins.
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

  /// Whether a line that begins with the item is a statement regardless of open brackets.
  func beginsStatement(_ item: Item) -> Bool {
    switch item.kind {
    case .keyword(.let), .keyword(.use), .keyword(.for), .keyword(.while): true
    case .keyword(.fn): peek(1).kind == .identifier
    default: false
    }
  }

  /// Whether a line that begins with the item continues the statement above it.
  func goesOn(_ item: Item) -> Bool {
    switch item.kind {
    case .symbol(.pipe), .symbol(.dot), .keyword(.else), .keyword(.catch): true
    default: false
    }
  }

  /// Checks that the statement ends here.
  mutating func endOfStatement() throws {
    if atLineEnd || at(.semicolon) || at(.rightBrace) { return }
    var hint: String?
    switch kind {
    case .symbol(.question): hint = "a choice is written `if c { a } else { b }`"
    case .symbol(.assign): hint = "`==` compares; a name, `x[i]` or `x.name` can be assigned to"
    case .symbol(.comma): hint = hintForComma()
    case .symbol(.colon): hint = "a block is written in braces: `if c { ... }`; a range is `1..10`"
    case .symbol(.arrow): hint = "the parameters of a short function are `x ->` or `(a, b) ->`"
    case .keyword(.if): hint = "a choice is written `if c { a } else { b }`"
    default: hint = hintForCommand()
    }
    throw wanted("the end of the statement", hint: hint)
  }

  /// `print -x, y` is parsed as a difference up to the comma.
  private func hintForComma() -> String {
    let start = items[..<index].lastIndex { $0.span.start == statementStart } ?? index
    if start + 2 < index, case .identifier = items[start].kind, items[start + 1].spaceBefore,
      items[start + 1].kind == .symbol(.minus), !items[start + 2].spaceBefore
    {
      let rest = source.text(in: Span(items[start + 1].span.start, previousEnd))
      if rest.count < 60 { return "write `\(text(items[start]))(\(rest), ...)`" }
    }
    return items[start].kind == .keyword(.let)
      ? "a list is written in brackets: `[a, b]`"
      : "only `let a, b = e` and `for a, b in xs` take names apart; to change names, one `=` each"
  }

  /// A suggestion if a command's name is followed by something that can't begin its arguments.
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

  /// `{ ... }`, where a block is required.
  mutating func block(after what: String) throws -> Block {
    guard at(.leftBrace) else {
      let hint: String? =
        switch kind {
        case .symbol(.assign) where what == "the parameters", .symbol(.arrow):
          "a body is written in braces: `fn f(x) { x * 2 }`; a short function is `x -> x * 2`"
        case .symbol(.assign): "`==` compares"
        default: "a block is written in braces: `{ ... }`"
        }
      throw wanted("`{` after \(what)", hint: hint)
    }
    if newlinesMatter, current.newlineBefore {
      report(
        "syntax", "the `{` of a block must be on the line of \(what)", current.span)
    }
    let open = current.span
    advance()
    let statements = statements(inBlock: true)
    try close(.rightBrace, opened: open)
    return Block(statements, span(from: open.start))
  }
}
