import Engine
import Formats
import Host

/// A notebook as Markdown, with its pictures in files.
public struct MarkdownPage {
  /// The text.
  public private(set) var text = ""
  /// The pictures, by their path relative to the page.
  public private(set) var files: [(path: String, bytes: [UInt8])] = []
  private let folder: String

  /// Writes a notebook. The pictures are in a folder next to the page.
  public init(
    _ notebook: Notebook, results: [CellResult], provenance: [(name: String, text: String)],
    folder: String
  ) {
    self.folder = folder
    for (i, cell) in notebook.cells.enumerated() where !cell.has(tag: "remove-cell") {
      switch cell.kind {
      case .markdown: add(cell.text.trimmedLines)
      case .raw: add(MarkdownPage.fenced(cell.text, ""))
      case .code:
        if !cell.heading.isEmpty {
          add("## \(String(cell.heading.map { $0.isNewline ? " " : $0 }))")
        }
        if !cell.has(tag: "remove-input") { add(MarkdownPage.fenced(cell.text, "limbeck")) }
        guard i < results.count else { continue }
        if !cell.has(tag: "remove-output") { for output in results[i].outputs { add(output) } }
        if !results[i].hasRun, !cell.text.isEmpty { add("*not run*") }
        if results[i].isReused {
          add("*from the cache, \(Elapsed.text(results[i].seconds)) saved*")
        }
        if let reason = results[i].reason { add("*not kept, since it \(reason)*") }
      }
    }
    guard !provenance.isEmpty else { return }
    add("## Made with")
    add(provenance.map { "- \($0.name): \($0.text)" }.joined(separator: "\n"))
  }

  private mutating func add(_ part: String) {
    if part.isEmpty { return }
    text += (text.isEmpty ? "" : "\n") + part + "\n"
  }

  private mutating func add(_ output: CellOutput) {
    switch output {
    case .text(let text, _): add(MarkdownPage.fenced(text, "output"))
    case .progress(let line): add(MarkdownPage.fenced(line, "output"))
    case .result(let text): add(MarkdownPage.fenced(text, "output"))
    case .problem(_, let text, _): add(MarkdownPage.fenced(text, "output"))
    case .display(let forms):
      guard let bytes = forms.svg ?? forms.png else {
        // Markdown may contain a table in HTML.
        add(forms.html)
        return
      }
      let path = "\(folder)/picture-\(files.count + 1).\(forms.svg == nil ? "png" : "svg")"
      files.append((path, bytes))
      let special: Set<Character> = ["[", "]", "\\", "*", "_", "`", "<"]
      add("![\(forms.text.map { special.contains($0) ? "\\\($0)" : "\($0)" }.joined())](<\(path)>)")
    }
  }

  /// Returns a block of code with a fence that is longer than those inside.
  private static func fenced(_ text: String, _ language: String) -> String {
    let text = text.trimmedLines
    if text.isEmpty { return "" }
    var fence = "```"
    while text.contains(fence) { fence += "`" }
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }
}
