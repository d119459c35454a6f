/// Parses a source into its tree by recursive descent. A syntax error is reported once, and the
/// rest of its statement is skipped.
public struct Parser {
  /// The kind of source.
  public enum Mode: Sendable {
    /// A file.
    case file
    /// An entry of the prompt: `|> f` continues from `_`. If the entry before it was `let x = e`,
    /// that is an error, and `afterLet` is the `x` to write instead.
    case prompt(afterLet: String?)
  }

  /// A significant token, with the white space before it.
  struct Item {
    let kind: Token.Kind
    let span: Span
    let newlineBefore: Bool
    let spaceBefore: Bool
    /// Its index among all tokens.
    let raw: Int
    /// How many brackets enclose it.
    var depth = 0
    /// The index of the closing bracket, if it is an opening one.
    var close: Int?
  }

  /// Thrown if a statement can't be parsed further; the error has already been reported.
  struct Abandoned: Error {}

  /// The maximum nesting of expressions and blocks, and the maximum height of a tree. The limits
  /// keep every pass over the tree, and its release, from overflowing the stack.
  static let maximumDepth = 200
  static let maximumHeight = 1000

  let source: Source
  let mode: Mode
  let tokens: [Token]
  var items: [Item] = []
  var index = 0
  var diagnostics: [Diagnostic]
  /// Whether a newline ends a statement here: true in blocks, false in other brackets.
  var newlinesMatter = true
  var depth = 0
  /// The height of the most recently parsed tree; see `nested`.
  var height = 0
  var isIncomplete = false
  /// The offset at which the current statement begins.
  var statementStart = 0
  /// The `}` whose `{` was skipped after an error.
  var orphans: Set<Int> = []
  /// The names in the statements that could not be parsed.
  var skipped: Set<String> = []
  /// The offsets of the lexer's errors.
  let lexerErrors: [Int]

  init(_ lexer: Lexer, _ mode: Mode) {
    source = lexer.source
    self.mode = mode
    tokens = lexer.tokens
    diagnostics = lexer.diagnostics
    lexerErrors = lexer.diagnostics.compactMap { $0.place?.span.start }
    isIncomplete = lexer.endsInString && diagnostics.count == 1
    var newline = false
    var space = false
    for (raw, token) in tokens.enumerated() {
      switch token.kind {
      case .newline: newline = true
      case .space, .comment: space = true
      default:
        items.append(
          Item(
            kind: token.kind, span: token.span, newlineBefore: newline, spaceBefore: space,
            raw: raw))
        newline = false
        space = false
      }
    }
    matchBrackets()
  }

  /// Finds the partner of each bracket. A closing bracket of the wrong kind closes what it can, and
  /// a bracket without a partner does not add to the depth, so that the text after it can still be
  /// parsed.
  mutating func matchBrackets() {
    var open: [(index: Int, closer: Token.Kind)] = []
    var waiting: [Token.Kind: Int] = [:]
    for index in items.indices {
      let kind = items[index].kind
      let closer: Token.Kind
      switch kind {
      case .symbol(.rightParen), .symbol(.rightBracket), .symbol(.rightBrace), .formatClose:
        guard waiting[kind, default: 0] > 0 else { continue }
        while let last = open.popLast() {
          waiting[last.closer, default: 0] -= 1
          guard last.closer == kind else { continue }
          items[last.index].close = index
          break
        }
        continue
      case .symbol(.leftParen): closer = .symbol(.rightParen)
      case .symbol(.leftBracket): closer = .symbol(.rightBracket)
      case .symbol(.leftBrace): closer = .symbol(.rightBrace)
      case .formatOpen: closer = .formatClose
      default: continue
      }
      open.append((index, closer))
      waiting[closer, default: 0] += 1
    }
    var closers: [Int] = []
    for index in items.indices {
      if closers.last == index { closers.removeLast() }
      items[index].depth = closers.count
      if let close = items[index].close { closers.append(close) }
    }
  }

  // MARK: Looking

  /// The item at the position; the `end` item if the position is beyond it.
  var current: Item { items[min(index, items.count - 1)] }
  /// The item that is `ahead` items after the position.
  func peek(_ ahead: Int) -> Item { items[min(index + ahead, items.count - 1)] }
  /// The kind of the item at the position.
  var kind: Token.Kind { current.kind }
  /// Whether the item at the position begins a new line that ends the statement.
  var atLineEnd: Bool { kind == .end || (newlinesMatter && current.newlineBefore) }
  /// The end of the item before the position.
  var previousEnd: Int { index > 0 ? items[min(index, items.count) - 1].span.end : 0 }

  func at(_ symbol: Symbol) -> Bool { kind == .symbol(symbol) }
  func at(_ keyword: Keyword) -> Bool { kind == .keyword(keyword) }
  func text(_ item: Item) -> String { source.text(in: item.span) }
  func span(from start: Int) -> Span { Span(start, max(start, previousEnd)) }

  mutating func advance() {
    if index < items.count - 1 { index += 1 }
  }

  /// Advances past a symbol if it is at the position; returns whether it was.
  mutating func accept(_ symbol: Symbol) -> Bool {
    guard at(symbol) else { return false }
    advance()
    return true
  }

  // MARK: Errors

  /// Reports an error, unless the same text already has one.
  mutating func report(
    _ kind: String = "syntax", _ message: String, _ span: Span, label: String? = nil,
    notes: [String] = [], hint: String? = nil
  ) {
    if lexerErrors.contains(where: { $0 >= statementStart && $0 <= span.end }) { return }
    let isSaid = diagnostics.contains { $0.place?.span.start == span.start }
    if isSaid { return }
    diagnostics.append(
      Diagnostic(
        kind, message, at: Place(source, span), label: label, notes: notes, hint: hint))
    if diagnostics.count >= Diagnostic.limit { giveUp() }
  }

  /// Skips to the end: a source with this many errors is not a script.
  private mutating func giveUp() {
    for item in items[index...] where item.kind == .identifier { skipped.insert(text(item)) }
    index = items.count - 1
  }

  /// Reports that something else was expected at the position.
  mutating func wanted(_ what: String, hint: String? = nil, notes: [String] = []) -> Abandoned {
    if let form = foreignForm() {
      report("syntax", form.message, form.span, notes: notes, hint: form.hint)
      return Abandoned()
    }
    if kind == .end, diagnostics.isEmpty { isIncomplete = true }
    if atLineEnd, kind == .end || current.span.start != statementStart {
      let found = kind == .end ? "the end" : "the line's end"
      report(
        "syntax", "expected \(what), got \(found)", Span(previousEnd, previousEnd), notes: notes,
        hint: hint)
    } else {
      report(
        "syntax", "expected \(what), got \(describe(current))", current.span, notes: notes,
        hint: hint)
    }
    return Abandoned()
  }

  func describe(_ item: Item) -> String {
    switch item.kind {
    case .end: return "the end"
    case .string, .formatStart: return "a string"
    case .keyword: return "the keyword `\(text(item))`"
    default:
      let text = text(item)
      return text.count <= 40 ? "`\(text)`" : "`\(text.prefix(37))...`"
    }
  }

  /// Advances past a closing bracket; `opened` is the span of its partner.
  mutating func close(_ symbol: Symbol, opened: Span, or other: String? = nil) throws {
    if accept(symbol) { return }
    let line = source.position(of: opened.start).line
    let isElsewhere = line != source.position(of: min(current.span.start, previousEnd)).line
    let opener = source.text(in: opened)
    throw wanted(
      (other.map { "\($0) or " } ?? "") + "`\(symbol.rawValue)`",
      notes: isElsewhere ? ["the `\(opener)` of line \(line) is open"] : [])
  }

  // MARK: Nesting

  /// Parses one level deeper, within the limits.
  mutating func nested<T>(_ read: (inout Parser) throws -> T) throws -> T {
    guard depth < Parser.maximumDepth else {
      report(
        "nesting", "more than \(Parser.maximumDepth) levels of nesting", current.span,
        hint: "give an inner part a name with `let`")
      throw Abandoned()
    }
    let below = height
    depth += 1
    height = 0
    defer {
      depth -= 1
      height = max(below, height + 1)
    }
    return try read(&self)
  }

  /// Records that the most recently parsed tree got one more node on top.
  mutating func grow(at span: Span) throws {
    height += 1
    guard height <= Parser.maximumHeight else {
      report(
        "nesting", "more than \(Parser.maximumHeight) operations in one expression", span,
        hint: "give a part of it a name with `let`")
      throw Abandoned()
    }
  }

  /// Parses with newlines ignored, as in `(`, `[` and a map's `{`.
  mutating func ignoringNewlines<T>(_ read: (inout Parser) throws -> T) rethrows -> T {
    let before = newlinesMatter
    newlinesMatter = false
    defer { newlinesMatter = before }
    return try read(&self)
  }
}
