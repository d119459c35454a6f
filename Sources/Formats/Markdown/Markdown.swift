/// GitHub-flavoured Markdown.
public enum Markdown {
  /// Returns a table; characters that are special in Markdown are escaped. `isRight` tells which
  /// columns are right-aligned.
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
