import Engine
import Formats

/// The line that begins a cell: `# %% Title [markdown] tags=["slow"]`.
enum MarkerLine {
  /// Returns the kind and the metadata of a cell that begins with a line; nil for another comment, such
  /// as one that is indented.
  static func parse(_ line: some StringProtocol) -> Cell? {
    guard line.hasPrefix("#") else { return nil }
    var rest = line.dropFirst().drop { $0 == " " || $0 == "\t" }
    guard rest.hasPrefix("%%") else { return nil }
    rest = rest.dropFirst(2)
    let depth = rest.prefix { $0 == "%" }.count
    rest = rest.dropFirst(depth)
    guard rest.isEmpty || rest.first?.isWhitespace == true else { return nil }
    return cell(String(rest), depth: depth)
  }

  private static func cell(_ text: String, depth: Int) -> Cell {
    var (title, options) = MarkerOptions.split(text)
    var cell = Cell(.code, "")
    for (word, kind) in regions {
      let mark = "[\(word)]"
      guard title == mark || title.hasSuffix(" " + mark) else { continue }
      title = String(title.dropLast(mark.count)).trimmed
      cell.kind = kind
      if word != kind.rawValue { options.append((ScriptMark.region, .string(word))) }
    }
    if !title.isEmpty { cell.metadata.append(("title", .string(title))) }
    if depth > 0 { cell.metadata.append((ScriptMark.depth, .number(Double(depth)))) }
    cell.metadata += options
    return cell
  }

  private static let regions: [(String, Cell.Kind)] = [
    ("markdown", .markdown), ("md", .markdown), ("raw", .raw), ("code", .code),
  ]

  /// Returns the line of a cell.
  static func text(_ cell: Cell) -> String {
    var depth = 0
    if case .number(let number)? = cell[ScriptMark.depth] { depth = Int(clamping: number) }
    let mark = "# %%" + String(repeating: "%", count: depth)
    var region = ""
    if case .string(let name)? = cell[ScriptMark.region] {
      region = " [\(name)]"
    } else if cell.kind != .code {
      region = " [\(cell.kind.rawValue)]"
    }
    var kept = [ScriptMark.lines, ScriptMark.unmarked, ScriptMark.depth, ScriptMark.region]
    let titled = cell.title.isEmpty ? mark : "\(mark) \(cell.title)"
    // A title that would not be read as one, such as one with a line end, is an option.
    if !cell.title.isEmpty, let read = parse(titled), read.title == cell.title, read.kind == .code,
      !titled.contains(where: \.isNewline)
    {
      kept.append("title")
    }
    let line = (kept.contains("title") ? titled : mark) + region
    let options = cell.metadata.filter { !kept.contains($0.name) }
    return options.isEmpty ? line : line + " " + MarkerOptions.text(options)
  }
}

extension Int {
  fileprivate init(clamping number: Double) {
    self = number.isFinite ? Int(Swift.max(0, Swift.min(8, number))) : 0
  }
}
