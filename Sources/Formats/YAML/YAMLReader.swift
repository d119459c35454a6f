/// Reads YAML by lines. What is not read gives nil.
struct YAMLReader {
  private var lines: [String]
  private var at = 0
  private var depth = 0

  init(_ lines: [String]) { self.lines = lines }

  /// Reads all lines as one value.
  mutating func document() -> JSON? {
    skip()
    guard at < lines.count, let value = node(above: -1) else { return nil }
    skip()
    return at == lines.count ? value : nil
  }

  // MARK: Lines

  private static func indent(_ line: String) -> Int { line.prefix { $0 == " " }.count }

  private static func isBlank(_ line: some StringProtocol) -> Bool {
    line.allSatisfy(\.isWhitespace)
  }

  /// Whether a text has nothing, or a comment only.
  private static func isVoid(_ text: some StringProtocol) -> Bool {
    let rest = text.drop { $0.isWhitespace }
    return rest.isEmpty || rest.hasPrefix("#")
  }

  private mutating func skip() { while at < lines.count, YAMLReader.isVoid(lines[at]) { at += 1 } }

  /// The text of the line, if it has exactly this indentation.
  private func text(indent: Int) -> Substring? {
    guard at < lines.count, YAMLReader.indent(lines[at]) == indent else { return nil }
    return lines[at].dropFirst(indent)
  }

  private static func isItem(_ text: Substring) -> Bool { text == "-" || text.hasPrefix("- ") }

  // MARK: Nodes

  /// Reads what is indented more than `above`; null if nothing is.
  private mutating func node(above: Int) -> JSON? {
    guard depth < JSON.deepest else { return nil }
    depth += 1
    defer { depth -= 1 }
    skip()
    guard at < lines.count, YAMLReader.indent(lines[at]) > above else { return .null }
    let indent = YAMLReader.indent(lines[at])
    let text = lines[at].dropFirst(indent)
    if YAMLReader.isItem(text) { return list(indent) }
    return YAMLReader.key(text) == nil ? scalar(text, above: above) : map(indent)
  }

  private mutating func list(_ indent: Int) -> JSON? {
    var items: [JSON] = []
    while let text = text(indent: indent), YAMLReader.isItem(text) {
      // What follows the dash is a node that is indented by it.
      lines[at] = String(repeating: " ", count: indent + 1) + text.dropFirst()
      guard let item = node(above: indent) else { return nil }
      items.append(item)
      skip()
    }
    return .array(items)
  }

  private mutating func map(_ indent: Int) -> JSON? {
    var entries: [(String, JSON)] = []
    while let text = text(indent: indent), let (name, rest) = YAMLReader.key(text) {
      let value: JSON?
      if YAMLReader.isVoid(rest) {
        at += 1
        skip()
        let isList = self.text(indent: indent).map(YAMLReader.isItem) ?? false
        value = isList ? list(indent) : node(above: indent)
      } else {
        value = scalar(rest, above: indent)
      }
      guard let value else { return nil }
      entries.append((name, value))
      skip()
    }
    return .object(entries)
  }

  /// The key that a line begins with, and what follows its colon.
  private static func key(_ text: Substring) -> (name: String, rest: Substring)? {
    var flow = YAMLFlow(text)
    guard let first = text.first, !"[{".contains(first), let name = flow.key(inBrackets: false)
    else { return nil }
    let rest = flow.rest
    guard rest.hasPrefix(":"), rest.dropFirst().first.map(\.isWhitespace) ?? true else {
      return nil
    }
    return (name, rest.dropFirst())
  }

  // MARK: Texts

  /// Reads a value that begins in the line and may go on in lines that are indented more than `above`.
  private mutating func scalar(_ text: Substring, above: Int) -> JSON? {
    let text = text.drop { $0.isWhitespace }
    at += 1
    guard let first = text.first else { return .null }
    if first == "|" || first == ">" { return block(text, above: above) }
    var parts = [YAMLReader.stripped(text)]
    func complete() -> JSON? {
      var flow = YAMLFlow(YAMLReader.folded(parts, isQuoted: first == "\"")[...])
      guard let value = flow.value(), YAMLReader.isVoid(flow.rest) else { return nil }
      return value
    }
    if "\"'[{".contains(first) {
      while true {
        if let value = complete() { return value }
        guard goesOn(above: above) else { return nil }
        parts.append(YAMLReader.stripped(lines[at][...]))
        at += 1
      }
    }
    guard !"&*!%@`".contains(first), first != "-" || text.dropFirst().first?.isWhitespace == false
    else { return nil }
    while goesOn(above: above) {
      parts.append(YAMLReader.stripped(lines[at][...]))
      at += 1
    }
    while parts.last == "" { parts.removeLast() }
    parts = parts.map(YAMLReader.uncommented)
    let word = YAMLReader.folded(parts, isQuoted: false)
    return word.firstRange(of: ": ") == nil && !word.hasSuffix(":") ? YAML.resolved(word) : nil
  }

  /// Whether the line belongs to the value that began above it.
  private func goesOn(above: Int) -> Bool {
    at < lines.count
      && (YAMLReader.isBlank(lines[at]) || YAMLReader.indent(lines[at]) > above)
  }

  private static func stripped(_ text: Substring) -> String {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// A text without the comment at its end.
  private static func uncommented(_ text: String) -> String {
    guard let comment = text.firstRange(of: " #") else { return text }
    return stripped(text[..<comment.lowerBound])
  }

  /// Lines as one: joined by spaces, with a line end for each empty line.
  private static func folded(_ parts: [String], isQuoted: Bool) -> String {
    var text = parts.first ?? ""
    var breaks = 0
    for part in parts.dropFirst() {
      if part.isEmpty {
        breaks += 1
      } else {
        if isQuoted, text.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 {
          text.removeLast()
        } else {
          text += breaks == 0 ? " " : String(repeating: "\n", count: breaks)
        }
        text += part
        breaks = 0
      }
    }
    return text
  }

  /// Reads the lines below `|` or `>`.
  private mutating func block(_ header: Substring, above: Int) -> JSON? {
    let marks = YAMLReader.uncommented(String(header)).dropFirst()
    guard marks.allSatisfy({ "+-".contains($0) || $0.isNumber }),
      marks.count(where: \.isNumber) <= 1
    else { return nil }
    var inner: [String] = []
    while goesOn(above: above) {
      inner.append(lines[at])
      at += 1
    }
    let first = inner.first { !YAMLReader.isBlank($0) }
    let depth =
      Int(String(marks.filter(\.isNumber))).map { max(above, 0) + $0 }
      ?? first.map(YAMLReader.indent) ?? 0
    inner = inner.map { String($0.dropFirst(min(depth, YAMLReader.indent($0)))) }
    var blank = 0
    while inner.last.map(YAMLReader.isBlank) == true {
      inner.removeLast()
      blank += 1
    }
    if header.hasPrefix(">"), inner.contains(where: { $0.hasPrefix(" ") }) { return nil }
    var text =
      header.hasPrefix("|")
      ? inner.joined(separator: "\n") : YAMLReader.folded(inner, isQuoted: false)
    if !marks.contains("-"), !inner.isEmpty { text += "\n" }
    if marks.contains("+") { text += String(repeating: "\n", count: blank) }
    return .string(text)
  }
}
