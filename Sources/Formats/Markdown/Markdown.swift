/// Markdown, as GitHub reads it.
public enum Markdown {
  /// A table; what Markdown would read as its own is escaped. `isRight` says which columns are aligned to
  /// the right.
  public static func table(head: [String], rows: [[String]], isRight: [Bool]) -> String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map(escaped).joined(separator: " | ") + " |\n"
    }
    return line(head) + "|" + isRight.map { $0 ? "---:|" : "---|" }.joined() + "\n"
      + rows.map(line).joined()
  }

  private static func escaped(_ text: String) -> String {
    text.map { c in
      switch c {
      case "|", "\\", "*", "_", "`", "<", ">", "[", "]": "\\\(c)"
      case "\n", "\r\n", "\r": "<br>"
      default: String(c)
      }
    }.joined()
  }
}
