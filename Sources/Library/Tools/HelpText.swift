import Host
import Language
import Stdlib
import Syntax

/// Help as text, generated from the declarations of builtins and the comments of functions.
enum HelpText {
  /// Returns the page of a builtin: its call, its parameters, its result and, last, its examples.
  static func builtinPage(_ builtin: Builtin, columns: Int) -> String {
    var text =
      wrapped("\(builtin.signature) -> \(builtin.result)", columns, first: "", indent: 4) + "\n\n"
    text += wrapped(builtin.about, columns, indent: 2) + "\n"
    for paragraph in paragraphs(builtin.details) {
      text += "\n" + wrapped(paragraph, columns, indent: 2) + "\n"
    }
    if !builtin.parameters.isEmpty {
      text += "\n"
      let width = min(16, builtin.parameters.map(\.name.count).max() ?? 0)
      for parameter in builtin.parameters {
        let name = parameter.name.padded(to: width)
        let value = parameter.fallback.map { "; default \($0.brief)" } ?? ""
        text +=
          wrapped(
            "\(parameter.about) (\(parameter.takes)\(value))", columns,
            first: "  \(name)  ", indent: width + 4) + "\n"
      }
    }
    if let input = builtin.awaited {
      text +=
        "\n"
        + wrapped(
          "Without its first argument (\(input.name)) it gives "
            + (builtin.chains
              ? "a transform that waits for it; behind another transform, a chain of both."
              : "a layer or transform that waits for it."),
          columns, indent: 2) + "\n"
    }
    text += "\n"
    for example in builtin.examples {
      for line in example.code.split(separator: "\n") { text += "  > \(line)\n" }
      if let result = example.result {
        for line in result.split(separator: "\n") { text += "  \(line)\n" }
      }
    }
    return text
  }

  /// Returns the help on a function written in the language: its call and the comment above it.
  static func function(
    signature: String, documentation: String?, place: String, columns: Int
  ) -> String {
    let comment = documentation ?? "(No help: ## lines right above a function are its help.)"
    return wrapped(signature, columns, first: "", indent: 4) + "\n\n"
      + wrappedComment(comment, columns, indent: 2) + "\n  \(place)\n"
  }

  /// Returns the help on a function of stdlib, whose module is written before its name.
  static func function(
    _ function: WrittenFunction, in module: String? = nil, columns: Int
  ) -> String {
    self.function(
      signature: (module.map { $0 + "." } ?? "") + function.signature,
      documentation: function.documentation, place: function.place, columns: columns)
  }

  /// Returns a comment wrapped to the width of the terminal. Indented lines, which are code, and those
  /// of lists and tables begin lines of their own.
  private static func wrappedComment(_ text: String, _ columns: Int, indent: Int) -> String {
    let space = String(repeating: " ", count: indent)
    var result = ""
    var paragraph = ""
    func close() {
      if !paragraph.isEmpty { result += wrapped(paragraph, columns, indent: indent) + "\n" }
      paragraph = ""
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        close()
        result += "\n"
      } else if line.hasPrefix("  ") || line.hasPrefix("|") {
        close()
        result += space + line + "\n"
      } else {
        if line.hasPrefix("- ") { close() }
        paragraph += (paragraph.isEmpty ? "" : " ") + line
      }
    }
    close()
    return result
  }

  /// Returns all names, grouped by area.
  static func overview(_ library: Library) -> String {
    let columns = library.host.columns
    var text = """
      help NAME explains a function, source NAME shows its text; at the prompt ?NAME and ??NAME.
      apropos "words" finds what has the words in its help: apropos "data loader".


      """
    var areas = Area.allCases.map { area in
      (name: area.title, names: (library.areas[area] ?? []).map(\.name).sorted())
    }
    areas.append(("in the language", Stdlib.globals.keys.sorted()))
    areas.append(("modules", Stdlib.modules.sorted()))
    for area in areas {
      text += area.name + "\n"
      text += wrapped(area.names.joined(separator: " "), columns, indent: 2) + "\n"
    }
    return text
  }

  /// Returns the items whose help contains the given words, one per line.
  static func search(_ words: String, _ library: Library) -> String {
    let found = library.search().found(words)
    guard !found.isEmpty else {
      let near = NearestMatch.of(words, among: library.names).map { "; did you mean \($0)?" } ?? ""
      return "nothing is called \"\(words)\" or has it in its help\(near)\n"
    }
    let width = min(24, found.map(\.name.count).max() ?? 0)
    return found.map { name, summary in
      wrapped(
        summary, library.host.columns, first: name.padded(to: width) + "  ", indent: width + 2)
        + "\n"
    }
    .joined()
  }

  /// Returns a text wrapped to the width of the terminal, at most 100 columns.
  static func wrapped(
    _ text: String, _ columns: Int, first: String? = nil, indent: Int
  ) -> String {
    let width = max(40, min(columns, 100))
    let space = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = first ?? space
    var isEmpty = true
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = space
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// Returns the paragraphs of a text, which are separated by blank lines.
  private static func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .split { $0.allSatisfy(\.isWhitespace) }.map { $0.joined(separator: "\n") }
  }
}

extension String {
  /// Returns the text padded with spaces to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The text up to and including the first full stop.
  var firstSentence: String {
    var text = ""
    for character in self {
      if character == "\n" { text += " " } else { text.append(character) }
      if text.hasSuffix(". ") { break }
    }
    return text
  }

  /// Returns whether the text contains a substring. (The function in Swift's standard library
  /// belongs to its regular expressions, which would slow down the start.)
  func hasPart(_ part: String) -> Bool {
    let (text, wanted) = (Array(utf8), Array(part.utf8))
    guard wanted.count <= text.count else { return false }
    return (0...text.count - wanted.count).contains {
      text[$0..<$0 + wanted.count].elementsEqual(wanted)
    }
  }
}
