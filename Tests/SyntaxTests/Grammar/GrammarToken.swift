@testable import Syntax

/// A token as the grammar in docs/language.md has it.
struct GrammarToken {
  /// The terminals of the grammar that it can be.
  let terminals: Set<String>
  /// Its place in the text.
  let span: Span

  /// The tokens of a text, by the rules that docs/language.md gives for newlines, brackets and
  /// commands.
  static func tokens(of source: Source) -> [GrammarToken] {
    var reader = GrammarTokenReader(source)
    reader.run()
    return reader.result
  }
}

private struct GrammarTokenReader {
  private let source: Source
  private let items: [(kind: Token.Kind, span: Span, newline: Bool, space: Bool)]
  private(set) var result: [GrammarToken] = []

  /// Whether newlines end statements in each of the open brackets.
  private var brackets = [true]
  private var startsStatement = true
  private var endsOperand = false
  private var goesOn = false

  init(_ source: Source) {
    self.source = source
    var items: [(kind: Token.Kind, span: Span, newline: Bool, space: Bool)] = []
    var (newline, space) = (false, false)
    for token in Lexer.tokens(of: source) {
      switch token.kind {
      case .newline: newline = true
      case .space, .comment: space = true
      case .end: break
      default:
        items.append((token.kind, token.span, newline, space))
        (newline, space) = (false, false)
      }
    }
    self.items = items
  }

  mutating func run() {
    for (i, item) in items.enumerated() {
      let isInStatements = brackets.last == true
      if item.newline, isInStatements, !goesOn, !continues(item.kind) {
        result.append(GrammarToken(terminals: ["END"], span: item.span))
        (startsStatement, endsOperand) = (true, false)
      }
      let isMember = i > 0 && items[i - 1].kind == .symbol(.dot)
      let terminals = terminals(i, isMember: isMember)
      result.append(GrammarToken(terminals: terminals, span: item.span))
      switch item.kind {
      case .symbol(.leftBrace): brackets.append(terminals.contains("BLOCK"))
      case .symbol(.leftParen), .symbol(.leftBracket), .formatOpen: brackets.append(false)
      case .symbol(.rightBrace), .symbol(.rightParen), .symbol(.rightBracket), .formatClose:
        if brackets.count > 1 { brackets.removeLast() }
      default: break
      }
      startsStatement = terminals.contains("END") || terminals.contains("BLOCK")
      endsOperand = isMember || endsOperand(item.kind)
      goesOn = !isMember && goesOn(item.kind)
    }
  }

  private func terminals(_ i: Int, isMember: Bool) -> Set<String> {
    let item = items[i]
    let text = source.text(in: item.span)
    let isAttached = endsOperand && !item.space && !item.newline
    switch item.kind {
    case .identifier:
      if startsStatement, let next = following(i + 1), !next.newline {
        if text == "test", next.kind == .string, let brace = following(i + 2), !brace.newline,
          brace.kind == .symbol(.leftBrace)
        {
          return ["TEST"]
        }
        if next.space, beginsArgument(next.kind) { return ["COMMAND"] }
      }
      return ["NAME"]
    case .keyword: return [text, "KEYWORD"]
    case .number: return ["NUMBER"]
    case .string: return ["STRING"]
    case .formatStart: return ["FSTART"]
    case .formatText: return ["FTEXT"]
    case .formatOpen: return ["FOPEN"]
    case .formatSpec: return ["FSPEC"]
    case .formatClose: return ["FCLOSE"]
    case .formatEnd: return ["FEND"]
    case .symbol(.semicolon): return brackets.last == true ? ["END"] : [text]
    case .symbol(.leftParen): return [isAttached ? "CALL" : text]
    case .symbol(.leftBracket): return [isAttached ? "INDEX" : text]
    case .symbol(.leftBrace):
      let last = i > 0 ? items[i - 1].kind : .end
      let opens =
        endsOperand || last == .keyword(.else) || last == .keyword(.try) || last == .keyword(.catch)
      return [opens && !startsStatement ? "BLOCK" : text]
    default: return [text]
    }
  }

  private func following(_ i: Int) -> (kind: Token.Kind, span: Span, newline: Bool, space: Bool)? {
    i < items.count ? items[i] : nil
  }

  private func beginsArgument(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .identifier, .number, .string, .formatStart, .keyword(.true), .keyword(.false),
      .keyword(.nil):
      true
    default: false
    }
  }

  private func endsOperand(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .identifier, .number, .string, .formatEnd, .symbol(.rightParen), .symbol(.rightBracket),
      .symbol(.rightBrace), .keyword(.true), .keyword(.false), .keyword(.nil):
      true
    default: false
    }
  }

  /// Whether a statement goes on after a token on the next line.
  private func goesOn(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .keyword(.and), .keyword(.or), .keyword(.not), .keyword(.in): true
    case .symbol(.rightParen), .symbol(.rightBracket), .symbol(.rightBrace), .symbol(.leftBrace),
      .symbol(.semicolon), .symbol(.question), .symbol(.questionQuestion):
      false
    case .symbol: true
    default: false
    }
  }

  /// Whether a line that begins with a token continues the statement above it.
  private func continues(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .symbol(.pipe), .symbol(.dot), .keyword(.else), .keyword(.catch): true
    default: false
    }
  }
}
