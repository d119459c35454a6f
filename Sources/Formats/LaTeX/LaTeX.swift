/// LaTeX for papers.
public enum LaTeX {
  /// Returns a `tabular` with booktabs rules; characters that are special in LaTeX are escaped.
  /// `isRight` tells which columns are right-aligned.
  public static func table(head: [String], rows: [[String]], isRight: [Bool]) -> String {
    func line(_ cells: [String]) -> String {
      cells.map(escaped).joined(separator: " & ") + " \\\\\n"
    }
    return "% \\usepackage{booktabs}\n\\begin{tabular}{" + isRight.map { $0 ? "r" : "l" }.joined()
      + "}\n\\toprule\n" + line(head) + "\\midrule\n" + rows.map(line).joined()
      + "\\bottomrule\n\\end{tabular}\n"
  }

  private static func escaped(_ text: String) -> String {
    text.map { c in
      switch c {
      case "&", "%", "$", "#", "_", "{", "}": "\\\(c)"
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "\n", "\r\n", "\r": " "
      // LaTeX's fonts have these in mathematics only.
      case "±": "$\\pm$"
      case "×": "$\\times$"
      case "→": "$\\to$"
      case "∗": "$^\\ast$"
      case "λ": "$\\lambda$"
      case "τ": "$\\tau$"
      default: String(c)
      }
    }.joined()
  }
}
