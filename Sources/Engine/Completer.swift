import Host
import Language

/// What completion may know of the session: names, members, parameters. The session answers from its
/// variables and the library, a test from a table.
public protocol CompletionSource: AnyObject {
  /// Every name that may begin an expression.
  var names: [String] { get }
  /// What may stand after the dot of `path`, e.g. `["opt"]` or `["g", "parameters"]`.
  func members(of path: [String]) -> [String]
  /// The names of the parameters of what `path` leads to.
  func parameters(of path: [String]) -> [String]
  /// The strings that a parameter of what `path` leads to takes, where it takes one of a few.
  func choices(of path: [String], parameter: String) -> [String]
}

/// How a line that is being typed may go on: names, members after a dot, parameters inside a call,
/// files inside a string.
public final class Completer {
  /// One way to go on.
  public struct Candidate: Equatable {
    /// What stands in place of the last word.
    public let text: String
    /// Whether it is a path.
    public let isFile: Bool
  }

  private let source: any CompletionSource
  private let host: any Host

  /// Makes a completer.
  public init(_ source: any CompletionSource, host: any Host) {
    self.source = source
    self.host = host
  }

  /// The ways to go on after a text, sorted.
  public func candidates(for text: String) -> [Candidate] {
    if let typed = Completer.openString(in: text) {
      let choices = choices(before: typed, in: text)
      return choices.isEmpty ? files(typed) : sorted(choices, beginning: typed)
    }
    let scalars = Array(text.unicodeScalars)
    var start = scalars.count
    while start > 0, Completer.isName(scalars[start - 1]) { start -= 1 }
    let word = String(String.UnicodeScalarView(scalars[start...]))
    if let first = word.unicodeScalars.first, first.properties.numericType != nil { return [] }

    if start > 0, scalars[start - 1] == "." {
      // Two dots are a range, whose end is an expression.
      if start > 1, scalars[start - 2] == "." { return names(word) }
      guard let path = Completer.path(before: start - 1, in: scalars) else { return [] }
      return sorted(source.members(of: path), beginning: word)
    }
    var found: [Candidate] = []
    if let callee = Completer.callee(before: start, in: scalars) {
      found = sorted(source.parameters(of: callee).map { $0 + ": " }, beginning: word)
    }
    // Nothing typed yet inside a call: the parameters alone; every name would bury them.
    if word.isEmpty && !found.isEmpty { return found }
    return found + names(word, inCall: !found.isEmpty)
  }

  private func names(_ word: String, inCall: Bool = false) -> [Candidate] {
    guard !word.isEmpty else { return [] }
    let keywords = Completer.openers + (inCall ? [] : Completer.others)
    return sorted(source.names + keywords, beginning: word)
  }

  /// The keywords that begin an expression, and the others.
  private static let openers = ["fn", "if", "not", "true", "false", "nil", "try"]
  private static let others = [
    "let", "else", "for", "in", "while", "break", "continue", "return", "and", "or", "use", "as",
    "catch",
  ]

  private func sorted(_ texts: [String], beginning word: String) -> [Candidate] {
    // What begins with _ is offered to who asks for it.
    Set(texts).filter { $0.hasPrefix(word) && (!$0.hasPrefix("_") || word.hasPrefix("_")) }.sorted()
      .map { Candidate(text: $0, isFile: false) }
  }

  /// What a string that is an argument by name may be: `method: "bi`.
  private func choices(before typed: String, in text: String) -> [String] {
    var scalars = Array(text.unicodeScalars.dropLast(typed.unicodeScalars.count + 1))
    func dropSpaces() {
      while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    }
    dropSpaces()
    guard scalars.popLast() == ":" else { return [] }
    dropSpaces()
    var start = scalars.count
    while start > 0, Completer.isName(scalars[start - 1]) { start -= 1 }
    guard let callee = Completer.callee(before: start, in: scalars) else { return [] }
    let name = String(String.UnicodeScalarView(scalars[start...]))
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

  /// Whether a character belongs to a name.
  public static func isName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isXIDContinue
  }

  /// What has been typed of a string that is still open at the text's end; nil outside strings.
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

  /// The dotted names that end before `end`: `g.parameters`; nil if something else stands there.
  static func path(before end: Int, in scalars: [Unicode.Scalar]) -> [String]? {
    var parts: [String] = []
    var at = end
    while true {
      var start = at
      while start > 0, isName(scalars[start - 1]) { start -= 1 }
      guard start < at else { return nil }
      parts.insert(String(String.UnicodeScalarView(scalars[start..<at])), at: 0)
      guard start > 0, scalars[start - 1] == "." else { return parts }
      at = start - 1
    }
  }

  /// What is called by the innermost bracket that is open before `end`, where a named argument may
  /// begin: right after the bracket or a comma.
  static func callee(before end: Int, in scalars: [Unicode.Scalar]) -> [String]? {
    var last = end
    while last > 0, scalars[last - 1].properties.isWhitespace { last -= 1 }
    guard last > 0, scalars[last - 1] == "(" || scalars[last - 1] == "," else { return nil }
    var depth = 0
    var at = last
    while at > 0 {
      at -= 1
      switch scalars[at] {
      case ")", "]", "}": depth += 1
      case "[", "{":
        if depth == 0 { return nil }
        depth -= 1
      case "(":
        if depth == 0 { return path(before: at, in: scalars) }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  /// The longest beginning that all texts share, by whole characters.
  public static func commonPrefix(of texts: [String]) -> String {
    guard var common = texts.first else { return "" }
    for text in texts.dropFirst() {
      while !text.hasPrefix(common) { common.removeLast() }
    }
    return common
  }
}
