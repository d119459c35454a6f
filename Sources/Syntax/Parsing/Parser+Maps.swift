extension Parser {
  /// `{lr: 0.1, "two words": 2, (k): v}`.
  mutating func map() throws -> Expression {
    let open = current.span
    let isBody = index > 0 && items[index - 1].kind == .symbol(.arrow)
    advance()
    return try ignoringNewlines { parser in
      var entries: [(key: MapKey, value: Expression)] = []
      while !parser.at(.rightBrace) {
        let key = try parser.mapKey(isBody: isBody)
        guard parser.accept(.colon) else {
          throw parser.wanted("`:` and a value", hint: Parser.mapHint(isBody))
        }
        entries.append((key, try parser.expression()))
        if !parser.accept(.comma) { break }
      }
      try parser.close(.rightBrace, opened: open, or: "`,`")
      return Expression(.map(entries), parser.span(from: open.start))
    }
  }

  private static func mapHint(_ isBody: Bool) -> String {
    isBody
      ? "`x -> {...}` gives a map; a function with a block is `fn(x) { ... }`"
      : "where a value stands, `{` opens a map: `{key: value}`"
  }

  private mutating func mapKey(isBody: Bool) throws -> MapKey {
    let item = current
    switch item.kind {
    case .identifier, .keyword:
      guard peek(1).kind == .symbol(.colon) else {
        throw wanted("a key and `:`", hint: Parser.mapHint(isBody))
      }
      advance()
      switch item.kind {
      case .keyword(.true): return .literal(.bool(true), item.span)
      case .keyword(.false): return .literal(.bool(false), item.span)
      default: return .literal(.string(text(item)), item.span)
      }
    case .string:
      advance()
      return .literal(.string(stringValue(item)), item.span)
    case .formatStart:
      return .computed(try formatString())
    case .number:
      advance()
      return .literal(.number(Lexer.value(ofNumber: text(item)) ?? 0), item.span)
    case .symbol(.minus) where peek(1).kind == .number:
      advance()
      let number = Lexer.value(ofNumber: text(current)) ?? 0
      advance()
      return .literal(.number(-number), span(from: item.span.start))
    case .symbol(.leftParen):
      return .computed(try parenthesised())
    default:
      throw wanted("a key", hint: Parser.mapHint(isBody))
    }
  }
}
