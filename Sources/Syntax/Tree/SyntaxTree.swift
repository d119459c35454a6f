/// The parser's result for a file or an entry of the prompt. The tree represents only the text: the
/// meaning of its names is kept separately, under the nodes' identities, by the code that
/// determines it.
public final class SyntaxTree {
  /// The source.
  public let source: Source
  /// The statements.
  public let statements: [Statement]
  /// Makes a tree.
  public init(source: Source, statements: [Statement]) {
    self.source = source
    self.statements = statements
  }
}

/// An occurrence of a name, in a declaration or a use.
public final class Name {
  /// The text.
  public let text: String
  /// Its place in the source.
  public let span: Span
  /// Makes a name.
  public init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// A block, which has its own scope. Its value is that of its last expression.
public final class Block {
  /// The statements.
  public let statements: [Statement]
  /// The span, including the braces.
  public let span: Span
  /// Makes a block.
  public init(_ statements: [Statement], _ span: Span) {
    self.statements = statements
    self.span = span
  }
}
