import Syntax

/// Collects the modules of stdlib and the files that a program mentions, and the fields that it
/// assigns to values.
final class Mentions: TreeWalker {
  var modules: [(String, Span)] = []
  var files: [Module] = []
  var fields: Set<String> = []
  var strings: Set<String> = []
  var patterns: Set<[String]> = []

  private let script: Script

  init(_ script: Script) { self.script = script }

  override func walk(_ statement: Statement) {
    switch statement.kind {
    case .use(_, _, let name):
      if let module = script.binding(name)?.module { files.append(module) }
    case .assign(let target, _, _):
      switch target.kind {
      case .member(_, let name): fields.insert(name.text)
      case .index(_, let nodes):
        if case .value(let index)? = nodes.first, case .string(let key) = index.kind {
          fields.insert(key)
        }
      default: break
      }
    default: break
    }
    super.walk(statement)
  }

  override func walk(_ expression: Expression) {
    switch expression.kind {
    case .name(let name):
      switch script[name] {
      case .known(.module(let module)), .known(.export(let module, _)):
        if !modules.contains(where: { $0.0 == module }) { modules.append((module, name.span)) }
      default: break
      }
    case .string(let text):
      strings.insert(text)
    case .interpolated(let pieces):
      var ends = ["", ""]
      if case .text(let text)? = pieces.first { ends[0] = text }
      if case .text(let text)? = pieces.last { ends[1] = text }
      if ends.contains(where: { !$0.isEmpty }) { patterns.insert(ends) }
    case .map(let entries):
      for case .literal(.string(let key), _) in entries.map(\.key) { fields.insert(key) }
    default: break
    }
    super.walk(expression)
  }
}
