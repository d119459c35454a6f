/// A function as written.
public final class FunctionLiteral {
  /// Its name: that of `fn name`, or of the `let` to whose right it is written.
  public var name: String?
  /// The parameters.
  public let parameters: [ParameterNode]
  /// The body; that of a short function is a single expression statement.
  public let body: Block
  /// The whole function, from `fn` or the first parameter on.
  public let span: Span
  /// The `##` lines directly above it, joined by newlines.
  public var documentation: String?
  /// The text that `source` shows: from the first `##` line or from the `let` or `fn` on; otherwise
  /// only the function.
  public var sourceSpan: Span
  /// Makes a function.
  public init(
    name: String?, parameters: [ParameterNode], body: Block, span: Span, documentation: String?
  ) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.span = span
    self.documentation = documentation
    sourceSpan = span
  }
}

/// A parameter of a function, as written.
public struct ParameterNode {
  /// Its name.
  public let name: Name
  /// Its default, evaluated at each call.
  public let fallback: Expression?
  /// The parameter as written, without a long default: `lr = 0.1`.
  public let written: String
  /// Makes a parameter.
  public init(name: Name, fallback: Expression?, written: String? = nil) {
    self.name = name
    self.fallback = fallback
    self.written = written ?? name.text
  }
}
