import Formats

/// The header of a script with the metadata of its notebook, in comments between two lines `# ---`, as
/// Jupytext writes it.
enum ScriptHeader {
  /// Returns the metadata, and the line behind the header; nil if the lines do not begin with one.
  static func read(_ lines: [String]) -> (metadata: JSON, end: Int)? {
    guard lines.first == "# ---", let end = lines.dropFirst().firstIndex(of: "# ---") else {
      return nil
    }
    let inner = lines[1..<end]
    guard inner.allSatisfy({ $0.hasPrefix("#") }) else { return nil }
    let texts = inner.map { String($0.dropFirst($0.hasPrefix("# ") ? 2 : 1)) }
    guard case .object(let entries)? = YAML.parse(texts) else { return nil }
    var metadata: [(String, JSON)] = []
    var others: [(String, JSON)] = []
    for (name, value) in entries {
      if name == "jupyter", case .object(let fields) = value {
        metadata += fields
      } else {
        others.append((name, value))
      }
    }
    if !others.isEmpty { metadata.append((root, .object(others))) }
    return (.object(metadata), end + 1)
  }

  /// The name under which the metadata have what is not below `jupyter` in the header.
  private static let root = "header"

  /// Returns the lines of a header; none if there are no metadata.
  static func lines(_ metadata: JSON) -> [String] {
    guard case .object(let entries) = metadata, !entries.isEmpty else { return [] }
    let fields = entries.filter { $0.0 != root }
    var all: [(String, JSON)] = []
    if case .object(let others)? = metadata[root] { all += others }
    if !fields.isEmpty { all.append(("jupyter", .object(fields))) }
    let texts = ["---"] + YAML.lines(.object(all)) + ["---"]
    return texts.map { "# " + $0 }
  }
}

/// The part of YAML that headers of notebooks use: maps and lists by indentation, and JSON.
enum YAML {
  /// Returns the value of lines; nil if they are anything else.
  static func parse(_ lines: [String]) -> JSON? {
    var rest = lines.filter { !$0.trimmed.isEmpty }[...]
    let value = block(&rest, indent: 0)
    return rest.isEmpty ? value : nil
  }

  private static func indent(_ line: String) -> Int { line.prefix { $0 == " " }.count }

  private static func block(_ lines: inout ArraySlice<String>, indent: Int) -> JSON? {
    guard let first = lines.first, self.indent(first) == indent else { return nil }
    if first.dropFirst(indent).hasPrefix("{") || first.dropFirst(indent).hasPrefix("[") {
      lines.removeFirst()
      return try? JSON(parsing: Array(first.utf8), what: "header")
    }
    return first.dropFirst(indent).hasPrefix("- ") ? list(&lines, indent) : map(&lines, indent)
  }

  private static func list(_ lines: inout ArraySlice<String>, _ indent: Int) -> JSON? {
    var items: [JSON] = []
    while let line = lines.first, self.indent(line) == indent,
      line.dropFirst(indent).hasPrefix("- ")
    {
      lines.removeFirst()
      guard let item = scalar(line.dropFirst(indent + 2)) else { return nil }
      items.append(item)
    }
    return .array(items)
  }

  private static func map(_ lines: inout ArraySlice<String>, _ indent: Int) -> JSON? {
    var entries: [(String, JSON)] = []
    while let line = lines.first, self.indent(line) == indent {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let name = line[..<colon].dropFirst(indent)
      guard !name.isEmpty, !name.hasPrefix("-"), !name.contains("\"") else { return nil }
      lines.removeFirst()
      let text = line[line.index(after: colon)...]
      if !text.trimmed.isEmpty {
        guard text.first == " ", let value = scalar(text) else { return nil }
        entries.append((String(name), value))
      } else if let next = lines.first,
        self.indent(next) > indent || next.dropFirst(indent).hasPrefix("- ")
      {
        guard let value = block(&lines, indent: self.indent(next)) else { return nil }
        entries.append((String(name), value))
      } else {
        entries.append((String(name), .null))
      }
    }
    return .object(entries)
  }

  private static func scalar(_ text: Substring) -> JSON? {
    let text = text.trimmed
    if let value = try? JSON(parsing: Array(text.utf8), what: "header") { return value }
    if text.hasPrefix("'"), text.hasSuffix("'"), text.count > 1 {
      return .string(
        text.dropFirst().dropLast().split(separator: "''", omittingEmptySubsequences: false)
          .joined(separator: "'"))
    }
    guard let first = text.first, !"\"[{&*!|>%@`".contains(first), !text.contains(" #") else {
      return nil
    }
    return ["~", "null"].contains(text) ? .null : .string(text)
  }

  /// Returns the lines of a value.
  static func lines(_ value: JSON) -> [String] {
    switch value {
    case .object(let entries):
      entries.flatMap { name, value -> [String] in
        switch value {
        case .object(let inner) where !inner.isEmpty:
          ["\(name):"] + lines(value).map { "  " + $0 }
        default: ["\(name): \(plain(value))"]
        }
      }
    default: [plain(value)]
    }
  }

  /// A string as a word if it reads as the same string, and JSON otherwise.
  private static func plain(_ value: JSON) -> String {
    guard case .string(let text) = value, !text.isEmpty, text == text.trimmed,
      text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || " ._+()/-".contains($0)) }),
      text.first?.isLetter == true,
      !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    else { return value.text }
    return text
  }
}
