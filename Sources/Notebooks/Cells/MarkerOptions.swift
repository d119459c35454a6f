import Engine
import Formats

/// The options at the end of a marker line, as Jupytext writes them: `tags=["a", "b"] slow=true`, or one
/// JSON object if a name is not a word.
enum MarkerOptions {
  /// Splits the text of a marker line into a title and options. Everything else is title.
  static func split(_ text: String) -> (title: String, options: [(name: String, value: JSON)]) {
    let text = text.trimmed
    for start in starts(of: text) {
      let rest = text[start...]
      if rest.first == "{" {
        if case .object(let entries)? = try? JSON(parsing: Array(rest.utf8), what: "options") {
          return (text[..<start].trimmed, entries.map { ($0, $1) })
        }
      } else if let options = options(rest) {
        return (text[..<start].trimmed, options)
      }
    }
    return (text, [])
  }

  /// The places at which words begin.
  private static func starts(of text: String) -> [String.Index] {
    text.indices.filter { i in
      !text[i].isWhitespace && (i == text.startIndex || text[text.index(before: i)].isWhitespace)
    }
  }

  /// Returns the options that a text consists of; nil if it is anything else.
  private static func options(_ text: Substring) -> [(name: String, value: JSON)]? {
    var rest = text
    var options: [(name: String, value: JSON)] = []
    while !rest.isEmpty {
      let name = rest.prefix(while: isWord)
      let next = rest.dropFirst(name.count).first
      // A name alone, behind other options, is null.
      if !name.isEmpty, !options.isEmpty, next?.isWhitespace ?? true {
        options.append((String(name), .null))
        rest = rest.dropFirst(name.count).drop { $0.isWhitespace }
        continue
      }
      guard !name.isEmpty, next == "=" else { return nil }
      rest = rest.dropFirst(name.count + 1)
      guard let (value, length) = value(rest) else { return nil }
      options.append((String(name), value))
      rest = rest.dropFirst(length).drop { $0.isWhitespace }
    }
    return options.isEmpty ? nil : options
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "_.@/-".contains(character))
  }

  /// Returns the shortest JSON value that a text begins with, and its length in characters.
  private static func value(_ text: Substring) -> (JSON, Int)? {
    var length = 0
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      length += word.count
      let part = text.prefix(length)
      if let value = try? JSON(parsing: Array(part.utf8), what: "option") { return (value, length) }
      length += 1
    }
    return nil
  }

  /// Returns options as text.
  static func text(_ options: [(name: String, value: JSON)]) -> String {
    guard options.allSatisfy({ !$0.name.isEmpty && $0.name.allSatisfy(isWord) }) else {
      return spaced(.object(options.map { ($0, $1) }))
    }
    return options.map { "\($0.name)=\(spaced($0.value))" }.joined(separator: " ")
  }

  /// JSON with a space behind commas and colons.
  private static func spaced(_ value: JSON) -> String {
    switch value {
    case .array(let items): "[" + items.map(spaced).joined(separator: ", ") + "]"
    case .object(let entries):
      "{" + entries.map { "\(JSON.string($0).text): \(spaced($1))" }.joined(separator: ", ") + "}"
    default: value.text
    }
  }
}
