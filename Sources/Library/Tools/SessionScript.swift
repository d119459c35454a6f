import Language
import Syntax

/// Entries of the prompt as a percent script.
struct SessionScript {
  /// The script.
  private(set) var text = ""
  /// How many entries it has.
  private(set) var count = 0
  /// The names that it declares.
  private var declared: Set<String> = []
  private let library: Library
  private let modules: Modules

  /// The builtins whose entries only concern the prompt.
  private static let looking: Set<String> = [
    "help", "apropos", "source", "vars", "history", "edit", "clear", "doctor", "resume", "abandon",
    "save_script", "save_session", "quit", "exit",
  ]

  init(_ library: Library, _ entries: [String]) {
    self.library = library
    modules = Modules(environment: library)
    for entry in entries where !isOfPrompt(entry) { add(entry) }
  }

  /// Adds an entry in the first form that passes the check: as it is, with declarations of what is
  /// declared already as assignments, or as a comment.
  private mutating func add(_ entry: String) {
    let form = [entry, assigning(entry)].first { passes(text + $0) && !asksAboutPause($0) }
    if let form {
      text += "# %%\n\(form)\n\n"
      count += 1
      declared.formUnion(SessionScript.statements(of: form).flatMap(SessionScript.names))
    } else {
      let lines = entry.split(separator: "\n", omittingEmptySubsequences: false)
      text += "# %%\n# not possible in a script:\n" + lines.map { "# \($0)\n" }.joined() + "\n"
    }
  }

  private func passes(_ text: String) -> Bool {
    let checker = Checker(modules: modules)
    let source = Source(name: "", text: text, folder: library.host.workingFolder)
    return !checker.check(Parser.parse(source), mode: .script).hasErrors
  }

  /// Whether an entry asks for the training that was paused while it was entered: in a script, none is.
  private func asksAboutPause(_ entry: String) -> Bool {
    let search = TrainingSearch()
    search.walk(SessionScript.statements(of: entry))
    return search.isFound
  }

  private func isOfPrompt(_ entry: String) -> Bool {
    let word = entry.drop { $0.isWhitespace }
    if word.hasPrefix("?") { return true }
    return SessionScript.looking.contains(String(word.prefix { $0.isLetter || $0 == "_" }))
  }

  /// The entry with assignments in place of statements that declare what is declared already.
  private func assigning(_ entry: String) -> String {
    var bytes = Array(entry.utf8)
    for statement in SessionScript.statements(of: entry).reversed() {
      let names = SessionScript.names(statement)
      guard let name = names.first, declared.isSuperset(of: names) else { continue }
      let start = statement.span.start
      let isFunction = if case .function = statement.kind { true } else { false }
      let (old, new) = isFunction ? ("fn \(name)(", "\(name) = fn(") : ("let ", "")
      guard bytes[start...].starts(with: Array(old.utf8)) else { continue }
      bytes.replaceSubrange(start..<start + old.utf8.count, with: Array(new.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func statements(of text: String) -> [Statement] {
    Parser.parse(Source(name: "", text: text)).tree.statements
  }

  /// The names that a statement declares.
  private static func names(_ statement: Statement) -> [String] {
    switch statement.kind {
    case .let(let names, _): names.map(\.text)
    case .function(let name, _): [name.text]
    default: []
    }
  }
}

/// Looks for `training()` outside of functions, which may be called while something trains.
private final class TrainingSearch: TreeWalker {
  private(set) var isFound = false

  override func walk(_ function: FunctionLiteral) {}

  override func walk(_ expression: Expression) {
    if case .call(let call) = expression.kind, call.arguments.isEmpty,
      case .name(let name) = call.callee.kind, name.text == "training"
    {
      isFound = true
    }
    super.walk(expression)
  }
}
