/// What the parser makes of a file or an entry of the prompt. The tree says what is written and nothing
/// more: what its names mean is kept beside it by who finds that out, under the nodes' identities.
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

/// A name where it stands: declared or used.
public final class Name {
  /// The text.
  public let text: String
  /// Where.
  public let span: Span
  /// Makes a name.
  public init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// A block: its own scope of names. Its value is its last expression's.
public final class Block {
  /// The statements.
  public let statements: [Statement]
  /// With the braces.
  public let span: Span
  /// Makes a block.
  public init(_ statements: [Statement], _ span: Span) {
    self.statements = statements
    self.span = span
  }
}
