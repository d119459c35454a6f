import Host
import Language
import Stdlib
import Syntax

/// A function of a module as it is written, for `help` and `source`: read from the text, nothing runs.
struct WrittenFunction {
  /// The call: `train(g, data, epochs = 30)`.
  let signature: String
  /// The comment above it, without its `##`.
  let documentation: String?
  /// Its whole text with the comment.
  let text: String
  /// `stdlib/training.lbk:14`.
  let place: String
}

extension Library {
  /// A function that a module of stdlib declares; nil where there is none of the name.
  func function(_ name: String, in module: String) throws -> WrittenFunction? {
    try functions(of: module).first { $0.name == name }?.function
  }

  /// The functions that a module of stdlib shows, in the order of its text.
  func functions(of module: String) throws -> [(name: String, function: WrittenFunction)] {
    let source = try moduleSource(module)
    let parsed = Parser.parse(source)
    return parsed.tree.statements.compactMap { statement in
      guard case .function(let name, let literal) = statement.kind, !name.text.hasPrefix("_") else {
        return nil
      }
      return (name.text, WrittenFunction(name.text, literal, statement.span, source))
    }
  }
}

extension WrittenFunction {
  init(_ name: String, _ literal: FunctionLiteral, _ span: Span, _ source: Source) {
    let parameters = literal.parameters.map { parameter in
      parameter.fallback.map { "\(parameter.name.text) = \(source.text(in: $0.span))" }
        ?? parameter.name.text
    }
    signature = "\(name)(\(parameters.joined(separator: ", ")))"
    documentation = literal.documentation
    let comment = (literal.documentation ?? "").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { $0.isEmpty ? "##\n" : "## \($0)\n" }.joined()
    text = (literal.documentation == nil ? "" : comment) + source.text(in: span)
    place = "\(source.name):\(source.position(of: span.start).line)"
  }
}
