import Host
import Patterns

/// What replaces the matches of a pattern: a text in which $1 and ${name} stand for groups.
struct PatternTemplate {
  private enum Part {
    case text([UInt8])
    /// A group, or several of one name; 0 is the whole match.
    case groups([Int])
  }

  private var parts: [Part] = []

  /// Reads a template. Throws `regular-expression` for a group that the pattern does not have, and
  /// for a dollar sign that stands for nothing.
  init(_ text: String, for pattern: Pattern) throws {
    func wrong(_ what: String) -> Failure {
      Failure(
        "regular-expression", "new has \(what)",
        hint:
          "$1 or ${1} is the first group, ${name} one with a name, $0 the match, $$ a dollar sign")
    }
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      parts.append(.text(Array(rest[..<dollar].utf8)))
      rest = rest[dollar...].dropFirst()
      if rest.first == "$" {
        parts.append(.text(Array("$".utf8)))
        rest = rest.dropFirst()
        continue
      }
      var name = rest.prefix { ("0"..."9").contains($0) }
      if rest.first == "{", let end = rest.firstIndex(of: "}") {
        name = rest[..<end].dropFirst()
        rest = rest[end...].dropFirst()
      } else {
        rest = rest.dropFirst(name.count)
      }
      guard !name.isEmpty else { throw wrong("a $ that is not followed by a group") }
      let groups: [Int]
      if let number = Int(name) {
        groups = (0...pattern.groupCount).contains(number) ? [number] : []
      } else {
        groups = pattern.names.filter { $0.name == name }.map { $0.group + 1 }
      }
      guard !groups.isEmpty else {
        throw wrong("the group \(name), which the pattern \"\(pattern.text)\" does not have")
      }
      parts.append(.groups(groups))
    }
    parts.append(.text(Array(rest.utf8)))
  }

  /// Adds the text for a match in a text.
  func fill(
    with match: Pattern.Match, of text: UnsafeBufferPointer<UInt8>, into result: inout [UInt8]
  ) {
    for part in parts {
      switch part {
      case .text(let bytes): result += bytes
      case .groups(let groups):
        let ranges = groups.lazy.compactMap { $0 == 0 ? match.range : match.groups[$0 - 1] }
        if let range = ranges.first { result += text[range] }
      }
    }
  }
}
