/// A function as it is written.
public final class FunctionLiteral {
  /// Its name: of `fn name`, or of the `let` it stands right of.
  public var name: String?
  /// The parameters.
  public let parameters: [ParameterNode]
  /// The body; a short function's is one expression statement.
  public let body: Block
  /// The whole of it, from `fn` or the first parameter on.
  public let span: Span
  /// The `##` lines right above it, joined by newlines.
  public var documentation: String?
  /// What `source` shows: from the first `##` line or the `let` or `fn` on, else the function.
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

/// A parameter of a function as it is written.
public struct ParameterNode {
  /// Its name.
  public let name: Name
  /// Its default, evaluated at each call.
  public let fallback: Expression?
  /// As it is written, a long default left out: `lr = 0.1`.
  public let written: String
  /// Makes a parameter.
  public init(name: Name, fallback: Expression?, written: String? = nil) {
    self.name = name
    self.fallback = fallback
    self.written = written ?? name.text
  }
}
