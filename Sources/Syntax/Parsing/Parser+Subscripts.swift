/// The positions between the brackets of an index.
extension Parser {
  /// `[a, b..c, :]`.
  mutating func index(of value: Expression) throws -> Expression {
    let open = current.span
    advance()
    let subscripts = try ignoringNewlines { parser in
      var result: [SubscriptNode] = []
      while !parser.at(.rightBracket) {
        result.append(try parser.subscriptNode())
        if !parser.accept(.comma) { break }
      }
      if result.isEmpty, parser.at(.rightBracket) { throw parser.wanted("an index") }
      try parser.close(.rightBracket, opened: open, or: "`,`")
      return result
    }
    return Expression(.index(value, subscripts), span(from: value.span.start))
  }

  private mutating func subscriptNode() throws -> SubscriptNode {
    let start = current.span.start
    if accept(.ellipsis) { return .ellipsis(span(from: start)) }
    if accept(.colon) {
      guard at(.comma) || at(.rightBracket) else {
        throw slice(low: nil)
      }
      return .slice(nil, nil, span(from: start))
    }
    var low: Expression?
    if !at(.dotDot) {
      if at(.not) || beginsShortFunction() { return .value(try expression()) }
      let first = try nested { parser in try parser.binary(.sum) }
      guard at(.dotDot) else {
        let value = try expression(from: first)
        if at(.colon) { throw slice(low: first) }
        return .value(value)
      }
      low = first
    }
    advance()
    let isOpen = at(.comma) || at(.rightBracket)
    let high = isOpen ? nil : try nested { parser in try parser.binary(.sum) }
    return .slice(low, high, span(from: start))
  }

  /// Reports a slice that is written with `:`. The part before the colon is already parsed.
  private mutating func slice(low: Expression?) -> Abandoned {
    let from = low.map { source.text(in: $0.span) } ?? ""
    let start = low == nil ? index : index + 1
    let depth = current.depth
    var end = start
    while end < items.count - 1, items[end].depth > depth || !endsBound(items[end].kind) {
      end += 1
    }
    var high =
      end > start ? source.text(in: Span(items[start].span.start, items[end - 1].span.end)) : ""
    if ["end", "None"].contains(high) { high = "" }
    var hint = "a slice is written `x[\(from)..\(high)]`, the end excluded"
    if items[end].kind == .symbol(.colon) {
      let isTurned =
        from.isEmpty && high.isEmpty && items[min(end + 1, items.count - 1)].kind == .symbol(.minus)
      hint =
        isTurned
        ? "`reversed(xs)` turns a list, `flip(x)` a tensor"
        : "steps are a range's: `x[range(0, len(x), 2)]`"
    }
    report("syntax", "a slice is not written with `:`", current.span, hint: hint)
    return Abandoned()
  }

  /// Whether a token of this kind ends a bound of a slice.
  private func endsBound(_ kind: Token.Kind) -> Bool {
    [.symbol(.colon), .symbol(.comma), .symbol(.rightBracket), .end].contains(kind)
  }
}
