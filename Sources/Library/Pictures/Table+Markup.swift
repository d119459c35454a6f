/// Tables for papers and pages.
extension TableObject {
  /// A Markdown table; what Markdown would read as its own is escaped.
  var markdown: String {
    let texts = texts()
    func line(_ cells: [String]) -> String {
      "| " + cells.map(TableObject.markdown).joined(separator: " | ") + " |\n"
    }
    return line(columns) + "|" + texts.map { $0.isRight ? "---:|" : "---|" }.joined() + "\n"
      + rows.indices.map { r in line(texts.map { $0.cells[r] }) }.joined()
  }

  /// A `tabular` of LaTeX with the rules of booktabs; what LaTeX would read as its own is escaped.
  var latex: String {
    let texts = texts()
    func line(_ cells: [String]) -> String {
      cells.map(TableObject.latex).joined(separator: " & ") + " \\\\\n"
    }
    return "% \\usepackage{booktabs}\n\\begin{tabular}{"
      + texts.map { $0.isRight ? "r" : "l" }.joined() + "}\n\\toprule\n" + line(columns)
      + "\\midrule\n" + rows.indices.map { r in line(texts.map { $0.cells[r] }) }.joined()
      + "\\bottomrule\n\\end{tabular}\n"
  }

  private static func markdown(_ text: String) -> String {
    text.map { c in
      switch c {
      case "|", "\\", "*", "_", "`", "<", ">", "[", "]": "\\\(c)"
      case "\n", "\r\n", "\r": "<br>"
      default: String(c)
      }
    }.joined()
  }

  private static func latex(_ text: String) -> String {
    text.map { c in
      switch c {
      case "&", "%", "$", "#", "_", "{", "}": "\\\(c)"
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "\n", "\r\n", "\r": " "
      default: String(c)
      }
    }.joined()
  }
}
