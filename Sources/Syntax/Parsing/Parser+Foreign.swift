/// What may have been meant by a statement that can't be parsed: constructs of other languages.
extension Parser {
  /// A recognised construct of another language.
  struct ForeignForm {
    /// The error message.
    let message: String
    /// Its place.
    let span: Span
    /// A suggestion of what to write instead.
    let hint: String
  }

  /// The construct of another language at this position or at the beginning of the statement; nil
  /// if it is not a known one.
  func foreignForm() -> ForeignForm? {
    foreignComment() ?? foreignWord() ?? foreignOperator() ?? foreignMark()
  }

  /// The index of the statement's first item.
  private var statementIndex: Int {
    items[..<min(index + 1, items.count)].lastIndex { $0.span.start == statementStart } ?? index
  }

  private var previous: Item? { index > 0 ? items[index - 1] : nil }

  /// Whether an item follows the one before it without a space.
  private func isAdjacent(_ item: Item) -> Bool { !item.spaceBefore && !item.newlineBefore }

  /// `// words`, `% words`, `/* words */`, `-- words`.
  private func foreignComment() -> ForeignForm? {
    let first = statementIndex
    for i in max(first, index - 200)...index where i + 1 < items.count {
      let (item, next) = (items[i], items[i + 1])
      let length: Int
      switch (item.kind, next.kind) {
      case (.symbol(.divide), .symbol(.times)) where isAdjacent(next): length = 2
      case (.symbol(.minus), .symbol(.minus)) where isAdjacent(next) && i + 1 < index: length = 2
      case (.symbol(.floorDivide), _): length = 1
      case (.symbol(.remainder), .symbol(.remainder)) where i == first: length = 2
      case (.symbol(.remainder), _): length = 1
      default: continue
      }
      let isAtStart = i == first
      if item.kind == .symbol(.remainder), isAtStart, next.kind == .identifier, isAdjacent(next) {
        return ForeignForm(
          message: "there are no magic commands", span: item.span.union(next.span),
          hint: "`time f(x)` takes the time, `help()` lists what there is")
      }
      // After an operand it is an operator, unless the words that follow do not form an expression.
      let words = i + length + 1
      let isProse =
        words <= index && words < items.count && items[words].kind == .identifier
        && items[words - 1].kind == .identifier
      guard isAtStart || isProse || length == 2 && item.kind == .symbol(.divide) else { continue }
      guard isAtStart || item.spaceBefore else { continue }
      return ForeignForm(
        message: "a comment begins with `#`",
        span: length == 2 ? item.span.union(next.span) : item.span,
        hint: length == 2 && item.kind == .symbol(.remainder)
          ? "a cell begins with `# %%`" : "`# ...`")
    }
    return nil
  }

  /// A word of another language at this position or at the beginning of the statement.
  private func foreignWord() -> ForeignForm? {
    let first = statementIndex
    let inside: Set<String> = ["lambda", "function", "func", "def", "new", "await"]
    for i in first...min(index, items.count - 1) where items[i].kind == .identifier {
      let word = text(items[i])
      guard let hint = Foreign.words[word] else { continue }
      let next = items[min(i + 1, items.count - 1)]
      if i > first {
        guard i >= index - 1 || inside.contains(word), items[i - 1].kind != .symbol(.dot),
          next.kind != .symbol(.assign), word != "type", word != "int"
        else { continue }
      } else {
        let isApart = next.spaceBefore || next.newlineBefore || next.kind == .symbol(.colon)
        guard isApart, next.kind != .symbol(.assign) else { continue }
      }
      let isOperator = ["is", "mod", "rem", "div"].contains(word)
      return ForeignForm(
        message: "`\(word)` is not \(isOperator ? "an operator" : "a keyword")",
        span: items[i].span, hint: Foreign.sentence(hint))
    }
    return nil
  }

  /// Operators of more than one character.
  private func foreignOperator() -> ForeignForm? {
    guard let previous, kind != .end else { return decrement() }
    let pair = text(previous) + (isAdjacent(current) ? text(current) : "")
    let before = index > 1 ? items[index - 2] : previous
    func form(_ text: String, _ hint: String) -> ForeignForm {
      ForeignForm(
        message: "`\(text)` is not an operator", span: previous.span.union(current.span), hint: hint
      )
    }
    switch pair {
    case "===", "==>", "!==": return form(pair, "`==` compares, `!=` tells apart")
    case "=>": return form(pair, "a short function is `x -> x * 2`, an entry of a map `key: x`")
    case "<>": return form(pair, "`!=` tells apart")
    case "<<": return form(pair, "`xs.append(x)` adds to a list")
    case ">>": return form(pair, "`x // 2 ^ n` shifts whole numbers")
    case "@=": return form(pair, "write `x = x @ y`")
    case "..=": return form(pair, "a range's end is excluded: `0..4` ends with 3")
    case "%%": return form(pair, "`x % y` is the remainder, never negative where `y` is positive")
    case "%*": return form("%*%", "`x @ y` is the product of matrices")
    case "%/": return form("%/%", "`x // y` divides down to a whole number")
    case "%in": return form("%in%", "write `x in xs`")
    case "%>": return form("%>%", "the pipe is `|>`")
    case "--": return decrement()
    default: break
    }
    guard previous.kind == .symbol(.dot), before.span.end <= previous.span.start else { return nil }
    let object = text(before)
    switch kind {
    case .symbol(.leftParen) where isAdjacent(current):
      return form(
        "\(object).(", "functions of tensors go element by element: `\(object)(x)`")
    case .number:
      return ForeignForm(
        message: "an element is not written after a dot", span: previous.span.union(current.span),
        hint: "write `\(object)[\(text(current))]`")
    case .symbol(let symbol) where isAdjacent(current) && symbol != .dot:
      return form(
        ".\(symbol.rawValue)", "`\(symbol.rawValue)` goes element by element on tensors")
    case .identifier where previous.spaceBefore && current.spaceBefore:
      return form(".", "`+` joins strings")
    default: return nil
    }
  }

  /// `x--` at the end of a line.
  private func decrement() -> ForeignForm? {
    guard index > 1, atLineEnd, items[index - 1].kind == .symbol(.minus),
      items[index - 2].kind == .symbol(.minus), isAdjacent(items[index - 1])
    else { return nil }
    return ForeignForm(
      message: "`--` is not an operator", span: items[index - 2].span.union(items[index - 1].span),
      hint: "`x -= 1` counts down")
  }

  /// Characters that have a meaning in other languages.
  private func foreignMark() -> ForeignForm? {
    guard !atLineEnd else { return nil }
    let next = peek(1)
    func form(_ message: String, _ hint: String) -> ForeignForm {
      ForeignForm(message: message, span: current.span, hint: hint)
    }
    switch kind {
    case .symbol(.assign) where next.kind == .symbol(.greater) && isAdjacent(next):
      return ForeignForm(
        message: "`=>` is not an operator", span: current.span.union(next.span),
        hint: "a short function is `x -> x * 2`, an entry of a map `key: x`")
    case .symbol(.colon) where next.kind == .symbol(.assign) && isAdjacent(next):
      return ForeignForm(
        message: "`:=` is not an operator", span: current.span.union(next.span),
        hint: "`let x = 1` declares, `x = 2` changes")
    case .symbol(.colon) where isColonOfRange(next):
      return form("a range is not written with `:`", rangeHint(next))
    case .symbol(.colon) where isAdjacent(next) && next.kind == .identifier && beginsOperand:
      return form("there are no symbols", "a name as a value is a string: `\"\(text(next))\"`")
    case .symbol(.ellipsis) where !beginsOperand && next.kind == .symbol(.rightParen):
      return form("a list is not spread over arguments", "a function may take the list: `f(xs)`")
    case .symbol(.ellipsis) where previous?.kind == .number || previous?.kind == .identifier:
      return form("a range is written with two dots", rangeHint(next))
    case .symbol(.times) where beginsOperand:
      return form("a list is not spread over arguments", "a function may take the list: `f(xs)`")
    case .symbol(.matmul) where beginsOperand:
      return next.kind == .symbol(.leftParen)
        ? form("`@` begins no function", "a short function is `x -> x * 2`")
        : form(
          "`@` begins no name",
          Foreign.hint(for: "@" + text(next))
            ?? "a function is changed by calling another with it: `let g = f(g)`")
    case .symbol(.questionQuestion):
      return form("`??` is not an operator", "write `if x == nil { y } else { x }`")
    case .keyword(.for)
    where previous.map { items[statementIndex].span.start < $0.span.end } == true:
      return form(
        "a list is not made by `for`",
        "`map(xs, x -> x * 2)` makes a list from another, `filter(xs, x -> x > 2)` chooses")
    case .string, .formatStart:
      guard let previous, isAdjacent(current), previous.kind == .identifier,
        ["r", "b", "u", "R", "L", "rb", "br"].contains(text(previous))
      else { return nil }
      return ForeignForm(
        message: "a string has no `\(text(previous))` before it", span: previous.span,
        hint: "a backslash in a string is written `\\\\`")
    default: return nil
    }
  }

  /// Whether a value is required here.
  private var beginsOperand: Bool {
    guard let previous, index > statementIndex else { return true }
    switch previous.kind {
    case .symbol(.leftParen), .symbol(.leftBracket), .symbol(.comma), .symbol(.assign),
      .symbol(.colon):
      return true
    default: return false
    }
  }

  /// Whether the `:` at the position is between two numbers or names: `1:10`.
  private func isColonOfRange(_ next: Item) -> Bool {
    guard let previous, !next.newlineBefore else { return false }
    switch next.kind {
    case .number, .identifier, .symbol(.leftParen): break
    default: return false
    }
    switch previous.kind {
    case .number, .identifier, .symbol(.rightParen), .symbol(.rightBracket): break
    default: return false
    }
    switch items[statementIndex].kind {
    case .keyword(.for):
      // In `for i in xs: print(i)` a block follows the colon; in `for i in 1:n` it belongs to a
      // range.
      if case .number = previous.kind { return true }
      if case .number = next.kind { return true }
      return peek(2).kind == .symbol(.leftBrace)
    case .keyword(.if), .keyword(.while), .keyword(.fn), .keyword(.try), .symbol(.leftBrace):
      return false
    case .keyword(.let) where index <= statementIndex + 2: return false
    default: return true
    }
  }

  /// A suggestion of how to write the range in Limbeck.
  private func rangeHint(_ next: Item) -> String {
    guard let previous, case .number = previous.kind, case .number = next.kind else {
      return "a range is written `low..high`, the end excluded; steps `range(0, 10, 2)`"
    }
    if peek(2).kind == .symbol(.colon), case .number = peek(3).kind {
      return "write `range(\(text(previous)), \(text(peek(3))), \(text(next)))`, the end excluded"
    }
    return "write `\(text(previous))..\(text(next))`, the end excluded"
  }

  // MARK: Bodies without braces

  /// Skips the body of a statement of another language that could not be parsed: the lines with
  /// deeper indentation, and those that end or continue the statement.
  mutating func skipForeignBody(of first: Item) {
    let lineStart = source.lineStarts[source.position(of: first.span.start).line - 1]
    let indentation = first.span.start - lineStart
    let ends: Set<String> = [
      "end", "elif", "elsif", "elseif", "except", "finally", "endif", "endfor", "endwhile",
      "endfunction", "fi", "done", "case", "otherwise",
    ]
    while kind != .end, current.newlineBefore {
      let start = source.lineStarts[source.position(of: current.span.start).line - 1]
      let own = current.span.start - start
      let isEnd =
        own == indentation && (at(.else) || kind == .identifier && ends.contains(text(current)))
      guard own > indentation || isEnd else { return }
      repeat { advance() } while kind != .end && !current.newlineBefore
    }
  }

  /// Whether there is a word of another language here that has a body on the lines below it.
  var beginsForeignBody: Bool {
    guard case .identifier = kind, Foreign.blocks.contains(text(current)),
      hasForeignBody(from: index),
      let next = items[(index + 1)...].first(where: { $0.newlineBefore }), next.kind != .end
    else { return false }
    func column(_ item: Item) -> Int {
      item.span.start - source.lineStarts[source.position(of: item.span.start).line - 1]
    }
    return column(next) > column(current)
  }

  /// Whether the statement at a position has a body without braces: its first line ends with `:`,
  /// or with all of its brackets closed although its first word requires a body.
  func hasForeignBody(from start: Int) -> Bool {
    let first = items[start]
    var last = start
    while last + 1 < items.count, items[last + 1].kind != .end, !items[last + 1].newlineBefore {
      last += 1
      // A line this long is not the head of a loop.
      if last - start > 200 { return false }
    }
    if items[last].kind == .symbol(.colon) { return true }
    if items[start...last].contains(where: { $0.kind == .symbol(.leftBrace) }) { return false }
    switch first.kind {
    case .keyword(.if), .keyword(.for), .keyword(.while), .keyword(.fn), .keyword(.try): return true
    case .identifier: return Foreign.blocks.contains(text(first))
    default: return false
    }
  }
}
