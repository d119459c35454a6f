/// Calls without parentheses, `?name`, and the beginnings that only a prompt entry may have.
extension Parser {
  /// Whether the statement at the position is a command: a name, a space, and the beginning of its
  /// first argument.
  func beginsCommand() -> Bool {
    guard case .identifier = kind else { return false }
    let next = peek(1)
    guard next.spaceBefore, !next.newlineBefore else { return false }
    switch next.kind {
    case .identifier, .number, .string, .formatStart: return true
    case .keyword(.true), .keyword(.false), .keyword(.nil): return true
    default: return false
    }
  }

  mutating func command() throws -> Expression {
    let callee = current
    advance()
    var arguments: [ArgumentNode] = []
    repeat { arguments.append(try argument(after: arguments)) } while accept(.comma)
    let name = Expression(.name(Name(text(callee), callee.span)), callee.span)
    if !(atLineEnd || at(.semicolon) || at(.rightBrace)) {
      throw wanted("`,` or the end of the statement")
    }
    return Expression(
      .call(CallNode(callee: name, arguments: arguments, isCommand: true)),
      span(from: callee.span.start))
  }

  /// `?topic` is `help topic`, `??topic` is `source topic`; `?` alone is `help()`, `??` is `help
  /// source`. A topic is a dotted name, a keyword or a string.
  mutating func helpQuery() throws -> Expression {
    let mark = current.span
    let asksForSource = at(.questionQuestion)
    advance()
    var name = asksForSource ? "source" : "help"
    var topic: Expression?
    if atLineEnd || at(.semicolon) || at(.rightBrace) {
      if asksForSource { (name, topic) = ("help", Expression(.string("source"), mark)) }
    } else if case .keyword = kind {
      topic = Expression(.string(text(current)), current.span)
      advance()
    } else if [.identifier, .string, .formatStart].contains(kind) {
      topic = try postfix()
    } else {
      throw wanted("a name", hint: "`\(source.text(in: mark))distill`")
    }
    let call = CallNode(
      callee: Expression(.name(Name(name, mark)), mark),
      arguments: topic.map { [ArgumentNode(name: nil, value: $0)] } ?? [], isCommand: true)
    return Expression(.call(call), span(from: mark.start))
  }

  /// A prompt entry that begins with `|>` continues from `_`.
  mutating func promptPipe() throws -> Expression {
    let pipe = current.span
    guard case .prompt(let last) = mode, index == 0 else {
      throw wanted("a statement", hint: "`|>` follows a value")
    }
    if let last {
      let rest = source.text(in: Span(pipe.start, min(source.bytes.count, pipe.start + 200)))
      let line = rest.prefix { $0 != "\n" }
      report(
        "syntax", "`|>` has no value on its left: the entry before declared `\(last)`", pipe,
        hint: "\(last) \(line)")
      throw Abandoned()
    }
    let here = Span(pipe.start, pipe.start)
    return try expression(from: Expression(.name(Name("_", here)), here))
  }
}
