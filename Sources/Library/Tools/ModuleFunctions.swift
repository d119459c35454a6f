import Stdlib
import Syntax

/// A function of a module as it is written, for `help` and `source`. It is parsed from the text;
/// nothing is executed.
struct WrittenFunction {
  /// The signature: `train(g, data, epochs = 30)`.
  let signature: String
  /// The comment above the function, without its `##`.
  let documentation: String?
  /// The full text of the function, including the comment.
  let text: String
  /// The location: `stdlib/training.lbk:14`.
  let place: String
}

extension Library {
  /// Returns the stdlib function of a name, `distill` or `saliency.tau`; nil if there is none.
  func writtenFunction(_ name: String) throws -> WrittenFunction? {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    let module = parts.count == 2 ? parts[0] : Stdlib.globals[name]
    guard let module, Stdlib.modules.contains(module) else { return nil }
    return try functions(of: module).first { $0.name == parts.last }?.function
  }

  /// Returns the signature of the stdlib function of a name, `distill` or `saliency.tau`.
  public func signature(ofWritten name: String) -> String? {
    guard let function = try? writtenFunction(name) else { return nil }
    let module = name.split(separator: ".").dropLast().map { $0 + "." }.joined()
    return module + function.signature
  }

  /// Returns the public functions of a stdlib module, in the order of the text.
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
