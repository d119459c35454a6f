import Host

/// The names, members and parameters that completion needs from the session. The engine answers
/// from its variables and the library, a test from a table.
public protocol CompletionSource: AnyObject {
  /// All names that may begin an expression.
  var names: [String] { get }
  /// Returns the names that may follow the dot after `path`, e.g. `["opt"]` or
  /// `["g", "parameters"]`.
  func members(of path: [String]) -> [String]
  /// Returns the parameter names of the callable at `path`.
  func parameters(of path: [String]) -> [String]
  /// Returns the strings that a parameter of the callable at `path` accepts, if it accepts one of a
  /// fixed set.
  func choices(of path: [String], parameter: String) -> [String]
  /// Returns the strings by which the value at `path` can be indexed: a map's keys, a model's layers.
  func keys(of path: [String]) -> [String]
  /// Returns the names of the classes of the values among some names.
  func classes(of names: [String]) -> [String]
  /// Returns the call of the callable at `path` with its parameters; nil if nothing is known of it.
  func signature(of path: [String]) -> String?
}

/// Completes a line that is being typed: names, members after a dot, parameters inside a call, and
/// files inside a string.
public final class Completer {
  /// A possible completion.
  public struct Candidate: Equatable {
    /// The text that replaces the last word.
    public let text: String
    /// Whether the completion is a path.
    public let isFile: Bool
  }

  private let source: any CompletionSource
  private let host: any Host

  /// Creates a completer.
  public init(_ source: any CompletionSource, host: any Host) {
    self.source = source
    self.host = host
  }

  /// Returns the completions of a text, sorted.
  public func candidates(for text: String) -> [Candidate] {
    if let typed = Completer.openString(in: text) {
      let choices = choices(before: typed, in: text)
      if !choices.isEmpty { return sorted(choices, beginning: typed) }
      let classes = source.classes(of: Completer.names(in: text))
      return sorted(classes, beginning: typed) + files(typed)
    }
    let scalars = Array(text.unicodeScalars)
    let (start, word) = Completer.name(before: scalars.count, in: scalars)
    if let first = word.unicodeScalars.first, first.properties.numericType != nil { return [] }

    if start > 0, scalars[start - 1] == "." {
      // Two dots form a range, whose end is an expression.
      if start > 1, scalars[start - 2] == "." { return names(word) }
      guard let path = Completer.path(before: start - 1, in: scalars) else { return [] }
      return sorted(source.members(of: path), beginning: word)
    }
    var found: [Candidate] = []
    if let callee = Completer.callee(before: start, in: scalars) {
      found = sorted(source.parameters(of: callee).map { $0 + ": " }, beginning: word)
    }
    // At the start of an argument inside a call, only the parameters are offered; they would be
    // lost among all names.
    if word.isEmpty && !found.isEmpty { return found }
    return found + names(word, inCall: !found.isEmpty)
  }

  private func names(_ word: String, inCall: Bool = false) -> [Candidate] {
    guard !word.isEmpty else { return [] }
    let keywords = Completer.openers + (inCall ? [] : Completer.others)
    return sorted(source.names + keywords, beginning: word)
  }

  /// The keywords that may begin an expression, and the remaining keywords.
  private static let openers = ["fn", "if", "not", "true", "false", "nil", "try"]
  private static let others = [
    "let", "else", "for", "in", "while", "break", "continue", "return", "and", "or", "use", "as",
    "catch",
  ]

  private func sorted(_ texts: [String], beginning word: String) -> [Candidate] {
    // Names that begin with _ are offered only if the word begins with _.
    Set(texts).filter { $0.hasPrefix(word) && (!$0.hasPrefix("_") || word.hasPrefix("_")) }.sorted()
      .map { Candidate(text: $0, isFile: false) }
  }

  /// Returns the signature of the function whose call is open at the end of a text.
  public func signature(for text: String) -> String? {
    let scalars = Array(text.unicodeScalars)
    return Completer.openCall(before: scalars.count, in: scalars, crossing: true).flatMap(
      source.signature)
  }

  /// Returns the completions of a string that is an index or a named argument: `m["ke`,
  /// `method: "bi`.
  private func choices(before typed: String, in text: String) -> [String] {
    var scalars = Array(text.unicodeScalars.dropLast(typed.unicodeScalars.count + 1))
    func dropSpaces() {
      while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    }
    dropSpaces()
    if scalars.last == "[" {
      return Completer.path(before: scalars.count - 1, in: scalars).map(source.keys) ?? []
    }
    guard scalars.popLast() == ":" else { return [] }
    dropSpaces()
    let (start, name) = Completer.name(before: scalars.count, in: scalars)
    guard let callee = Completer.callee(before: start, in: scalars) else { return [] }
    return source.choices(of: callee, parameter: name)
  }

  private func files(_ typed: String) -> [Candidate] {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let beginning = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
    guard let names = try? host.list(folder.isEmpty ? "." : folder) else { return [] }
    return names.filter {
      $0.hasPrefix(beginning) && (!$0.hasPrefix(".") || beginning.hasPrefix("."))
    }
    .map { name in
      let isFolder = host.kind(of: folder + name) == .folder
      return Candidate(text: folder + name + (isFolder ? "/" : ""), isFile: true)
    }
  }

  // MARK: Reading the text

  /// Returns whether a character may be part of a name.
  public static func isName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isXIDContinue
  }

  /// Returns the typed part of a string that is still open at the end of the text; nil outside
  /// strings.
  public static func openString(in text: String) -> String? {
    var quote: Unicode.Scalar?
    var typed = ""
    var escaped = false
    var inComment = false
    for scalar in text.unicodeScalars {
      if inComment {
        inComment = scalar != "\n"
      } else if let open = quote {
        if escaped {
          escaped = false
          typed.unicodeScalars.append(scalar)
        } else if scalar == "\\" {
          escaped = true
        } else if scalar == open || scalar == "\n" {
          quote = nil
        } else {
          typed.unicodeScalars.append(scalar)
        }
      } else if scalar == "\"" || scalar == "'" {
        quote = scalar
        typed = ""
      } else if scalar == "#" {
        inComment = true
      }
    }
    return quote == nil ? nil : typed
  }

  /// Returns the name that ends before `end`, and where it begins; it may be empty.
  private static func name(before end: Int, in scalars: [Unicode.Scalar]) -> (
    start: Int, text: String
  ) {
    let start = scalars[..<end].lastIndex { !isName($0) }.map { $0 + 1 } ?? 0
    return (start, String(String.UnicodeScalarView(scalars[start..<end])))
  }

  /// Returns the dotted name that ends before `end`, such as `g.parameters`; nil if there is none.
  static func path(before end: Int, in scalars: [Unicode.Scalar]) -> [String]? {
    var parts: [String] = []
    var at = end
    while true {
      let (start, part) = name(before: at, in: scalars)
      guard start < at else { return nil }
      parts.insert(part, at: 0)
      guard start > 0, scalars[start - 1] == "." else { return parts }
      at = start - 1
    }
  }

  /// Returns the callee of the innermost parenthesis that is open before `end`, if a named argument
  /// may begin there, that is, right after the parenthesis or a comma.
  static func callee(before end: Int, in scalars: [Unicode.Scalar]) -> [String]? {
    var last = end
    while last > 0, scalars[last - 1].properties.isWhitespace { last -= 1 }
    guard last > 0, scalars[last - 1] == "(" || scalars[last - 1] == "," else { return nil }
    return openCall(before: last, in: scalars)
  }

  /// Returns the callee of the innermost parenthesis that is open before `end`; unless `crossing`, only
  /// if no other bracket is open inside it.
  static func openCall(
    before end: Int, in scalars: [Unicode.Scalar], crossing: Bool = false
  ) -> [String]? {
    var depth = 0
    var at = end
    while at > 0 {
      at -= 1
      switch scalars[at] {
      case ")", "]", "}": depth += 1
      case "[", "{":
        if depth > 0 { depth -= 1 } else if !crossing { return nil }
      case "(":
        if depth == 0 { return path(before: at, in: scalars) }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  /// Returns the names in a text.
  static func names(in text: String) -> [String] {
    text.unicodeScalars.split { !isName($0) }.map { String($0) }
  }

  /// Returns the longest common prefix of all texts, in whole characters.
  public static func commonPrefix(of texts: [String]) -> String {
    guard var common = texts.first else { return "" }
    for text in texts.dropFirst() {
      while !text.hasPrefix(common) { common.removeLast() }
    }
    return common
  }
}
