/// The part of YAML that headers of notebooks are written in: maps and lists by indentation or in brackets,
/// words and quoted texts of one or several lines, and blocks of text. Anchors, tags and several documents
/// are not read.
public enum YAML {
  /// Returns the value of lines; nil if they are anything else.
  public static func parse(_ lines: [String]) -> JSON? {
    var reader = YAMLReader(lines)
    return reader.document()
  }

  /// Returns the lines of a value, as PyYAML writes them.
  public static func lines(_ value: JSON) -> [String] {
    switch value {
    case .object(let entries) where !entries.isEmpty:
      entries.flatMap { name, value -> [String] in
        let key = text(.string(name)) + ":"
        switch value {
        case .object(let inner) where !inner.isEmpty:
          return [key] + lines(value).map { "  " + $0 }
        case .array(let items) where !items.isEmpty: return [key] + lines(value)
        default: return ["\(key) \(text(value))"]
        }
      }
    case .array(let items) where !items.isEmpty:
      items.flatMap { item in
        lines(item).enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
      }
    default: [text(value)]
    }
  }

  /// A value on one line. A string is a word if it reads as the same string.
  private static func text(_ value: JSON) -> String {
    guard case .string(let text) = value else { return value.text }
    if isWord(text) { return text }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
      return value.text
    }
    return "'"
      + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
      + "'"
  }

  private static func isWord(_ text: String) -> Bool {
    guard let first = text.first, let last = text.last, !first.isWhitespace, !last.isWhitespace,
      !"-?:,[]{}#&*!|>'\"%@`=".contains(first), last != ":",
      text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }),
      text.firstRange(of: ": ") == nil, text.firstRange(of: " #") == nil,
      resolved(text) == .string(text)
    else { return false }
    // Others may read these as a date, a time or a number in other digits.
    return !(first.isNumber && (first == "0" || text.contains { "-:_".contains($0) }))
      && !["y", "n"].contains(text.lowercased())
  }

  /// The value of a word.
  static func resolved(_ word: String) -> JSON {
    switch word.lowercased() {
    case "", "~", "null": return .null
    case "true", "yes", "on": return .bool(true)
    case "false", "no", "off": return .bool(false)
    default: break
    }
    if let value = try? JSON(parsing: Array(word.utf8), what: "word"), case .number = value {
      return value
    }
    return .string(word)
  }
}
