/// Words in columns, as `ls` lists them, and in lines.
enum Columns {
  /// The lines of a text that is broken between words; those behind the first are indented.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = "  "
      }
      line += (line.isEmpty || line.hasSuffix("  ") ? "" : " ") + word
    }
    return lines + [line]
  }

  /// The lines of a list for a terminal of some width, filled from top to bottom.
  static func lines(of words: [String], width: Int) -> [String] {
    guard !words.isEmpty else { return [] }
    let widths = words.map { $0.unicodeScalars.reduce(0) { $0 + Layout.width(of: $1) } }
    let cell = min((widths.max() ?? 0) + 2, max(width, 1))
    let across = max(1, width / cell)
    let height = (words.count + across - 1) / across
    return (0..<height).map { row in
      var line = ""
      for i in stride(from: row, to: words.count, by: height) {
        line += words[i]
        if i + height < words.count {
          line += String(repeating: " ", count: max(1, cell - widths[i]))
        }
      }
      return line
    }
  }
}
