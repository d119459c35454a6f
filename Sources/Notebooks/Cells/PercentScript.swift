import Engine
import Formats
import Syntax

/// A notebook as a script in which comment lines such as `# %% Title` begin cells and `# %% [markdown]`
/// begins prose in comments. A marker inside a string is text.
public enum PercentScript {
  /// Returns the notebook that a script is.
  public static func notebook(_ source: Source) -> Notebook {
    var reader = PercentReader(source)
    return reader.notebook()
  }

  /// Returns the script of a notebook, which gives the same notebook again.
  public static func text(_ notebook: Notebook) -> String {
    var lines = ScriptHeader.lines(notebook.metadata)
    if !lines.isEmpty, !notebook.cells.isEmpty { lines.append("") }
    for (i, cell) in notebook.cells.enumerated() {
      if cell[ScriptMark.unmarked] != .bool(true) { lines.append(MarkerLine.text(cell)) }
      let text = cell.text.isEmpty ? [] : cell.text.lines
      lines += cell.kind == .code ? text : text.map { $0.isEmpty ? "#" : "# " + $0 }
      let isLast = i == notebook.cells.count - 1
      var blank = isLast ? 0 : 1
      if case .number(let count)? = cell[ScriptMark.lines], (0...100).contains(count) {
        blank = Int(count)
      }
      lines += [String](repeating: "", count: blank)
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

/// Reads a percent script line by line.
private struct PercentReader {
  private let source: Source
  private let lines: [String]
  /// The lines that begin with a comment, so that they may be markers or prose.
  private var comments: Set<Int> = []
  private var metadata: JSON = .object([])
  private var cells: [Cell] = []

  init(_ source: Source) {
    self.source = source
    var lines = source.text.lines
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
    var line = 0
    var isFirst = true
    var holes = 0
    for token in Lexer.tokens(of: source) {
      switch token.kind {
      case .space: continue
      case .comment: if isFirst, holes == 0 { comments.insert(line) }
      case .formatOpen: holes += 1
      case .formatClose: holes -= 1
      default: break
      }
      isFirst = token.kind == .newline
      for i in token.span.start..<token.span.end where source.bytes[i] == 10 { line += 1 }
    }
  }

  mutating func notebook() -> Notebook {
    var at = 0
    if let (metadata, end) = ScriptHeader.read(lines) {
      self.metadata = metadata
      at = end
      if at < lines.count, lines[at].isEmpty { at += 1 }
    }
    var fence: String?
    var start = at
    var cell: Cell?
    while at < lines.count {
      let line = lines[at]
      let isComment = comments.contains(at)
      if fence == nil, isComment, let next = MarkerLine.parse(line) {
        add(cell, start, at)
        (cell, start) = (next, at + 1)
      } else if let prose = cell, prose.kind != .code {
        if isComment {
          follow(&fence, at)
        } else if !line.trimmed.isEmpty {
          // Code below prose is run, so it is a cell of its own.
          add(cell, start, at)
          (cell, start, fence) = (
            Cell(.code, "", metadata: [(ScriptMark.unmarked, .bool(true))]), at, nil
          )
        }
      } else if cell == nil, !line.trimmed.isEmpty {
        cell = Cell(.code, "", metadata: [(ScriptMark.unmarked, .bool(true))])
      }
      at += 1
    }
    add(cell, start, lines.count)
    return Notebook(metadata: metadata, cells: cells)
  }

  /// Follows the fenced blocks of prose, in which a line may begin with `%%`. A fence that does not
  /// close is text.
  private func follow(_ fence: inout String?, _ at: Int) {
    let text = PercentReader.uncommented(lines[at])
    if let open = fence {
      if PercentReader.closes(text, open) { fence = nil }
      return
    }
    let mark = text.drop { $0 == " " }
    for character in ["`", "~"] {
      let open = String(mark.prefix { String($0) == character })
      guard open.count >= 3 else { continue }
      let isClosed = lines[(at + 1)...].enumerated().prefix {
        comments.contains(at + 1 + $0.offset)
      }
      .contains { PercentReader.closes(PercentReader.uncommented($0.element), open) }
      if isClosed { fence = open }
    }
  }

  private static func closes(_ text: String, _ open: String) -> Bool {
    let mark = text.trimmed
    return mark.hasPrefix(open) && mark.allSatisfy { $0 == open.first }
  }

  /// Adds a cell whose text is some of the lines.
  private mutating func add(_ cell: Cell?, _ start: Int, _ end: Int) {
    guard var cell else { return }
    let isLast = end == lines.count
    var text = Array(lines[start..<end])
    var blank = 0
    // Of code, all but one empty line are kept with it, unless it has nothing else.
    let most = cell.kind == .code && !text.allSatisfy(\.isEmpty) ? (isLast ? 0 : 1) : text.count
    while blank < most, text.last?.trimmed == "" {
      text.removeLast()
      blank += 1
    }
    if blank != (isLast ? 0 : 1) { cell[ScriptMark.lines] = .number(Double(blank)) }
    cell.text =
      (cell.kind == .code ? text : text.map(PercentReader.uncommented)).joined(separator: "\n")
    func offset(_ line: Int) -> Int {
      line < source.lineStarts.count ? source.lineStarts[line] : source.bytes.count
    }
    cell.span = Span(offset(start), offset(end))
    cells.append(cell)
  }

  private static func uncommented(_ line: String) -> String {
    let text = line.drop { $0 == " " || $0 == "\t" }
    guard text.hasPrefix("#") else { return line.trimmed.isEmpty ? "" : line }
    return String(text.dropFirst(text.hasPrefix("# ") ? 2 : 1))
  }
}

extension String {
  /// The lines, without their ends.
  var lines: [String] {
    split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
  }
}
