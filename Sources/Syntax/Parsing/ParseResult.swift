/// The result of parsing a source.
public struct ParseResult {
  /// The tree. If there are errors, it lacks the parts that could not be parsed.
  public let tree: SyntaxTree
  /// Every syntax error, sorted by place.
  public let diagnostics: [Diagnostic]
  /// Whether the only error is that the source ends too early: the prompt then asks for another
  /// line.
  public let isIncomplete: Bool
  /// The names in the statements that could not be parsed: they may be declared there.
  public let skipped: Set<String>

  /// The result without errors that has only some of the statements, which keep their places in the
  /// whole source.
  public func selecting(_ isIncluded: (Statement) -> Bool) -> ParseResult {
    ParseResult(
      tree: SyntaxTree(source: tree.source, statements: tree.statements.filter(isIncluded)),
      diagnostics: [], isIncomplete: false, skipped: [])
  }

  /// The result with other statements.
  public func replacing(with statements: [Statement]) -> ParseResult {
    ParseResult(
      tree: SyntaxTree(source: tree.source, statements: statements),
      diagnostics: diagnostics, isIncomplete: isIncomplete, skipped: skipped)
  }
}

extension Parser {
  /// Parses a source.
  public static func parse(_ source: Source, mode: Mode = .file) -> ParseResult {
    var lexer = Lexer(source)
    lexer.run()
    var parser = Parser(lexer, mode)
    let statements = parser.statements(inBlock: false)
    return ParseResult(
      tree: SyntaxTree(source: source, statements: statements),
      diagnostics: parser.diagnostics.sortedByPlace(), isIncomplete: parser.isIncomplete,
      skipped: parser.skipped)
  }
}
