import Engine
import Formats
import Host
import Library

/// A notebook as one HTML page that needs nothing else: no script, no other file.
public struct HTMLPage {
  private let notebook: Notebook
  private let results: [CellResult]
  private let name: String
  private let host: any Host
  /// The folder that the addresses of pictures in the prose are relative to.
  private let folder: String
  /// A script that loads newer pages.
  private let reloading: String

  /// Creates the page of a notebook with the given file name. Without results, it has not run.
  /// `reloading` is a script that loads newer pages; without it, the page has none.
  public init(
    _ notebook: Notebook, results: [CellResult], name: String, folder: String, host: any Host,
    reloading: String = ""
  ) {
    self.reloading = reloading
    (self.notebook, self.results, self.name) = (notebook, results, name)
    (self.folder, self.host) = (folder, host)
  }

  /// Returns the page. Throws `library` if there is prose, and cmark-gfm is not installed.
  public func text(provenance: [(name: String, text: String)]) throws -> String {
    let markdown = notebook.hasProse ? try MarkdownText() : nil
    var mathematics = Mathematics()
    let prose = notebook.cells.map { $0.kind == .markdown ? mathematics.taken(from: $0.text) : "" }
    mathematics.convert(on: host)
    var body = ""
    for (i, cell) in notebook.cells.enumerated() where !cell.has(tag: "remove-cell") {
      switch cell.kind {
      case .markdown:
        let html = mathematics.put(into: markdown?.html(prose[i]) ?? "")
        let whole = ProsePictures.embedded(html, folder: folder, host: host)
        body += "<section class=\"prose\">\n\(whole)</section>\n"
      case .raw: body += "<pre class=\"raw\">\(HTML.escaped(cell.text))</pre>\n"
      case .code: body += code(cell, i < results.count ? results[i] : CellResult(), number: i)
      }
    }
    let title = title
    if !body.contains("<h1>") { body = "<h1>\(HTML.escaped(title))</h1>\n" + body }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="limbeck \(Doctor.version)">
      <title>\(HTML.escaped(title))</title>
      <style>
      \(PageStyle.text)
      </style>
      </head>
      <body>
      <main>
      \(body)\(footer(provenance))</main>
      \(reloading)</body>
      </html>

      """
  }

  /// The first heading of the prose, or else the file's name.
  private var title: String {
    let heading = notebook.cells.lazy.filter { $0.kind == .markdown }.flatMap { $0.text.lines }
      .first { $0.hasPrefix("# ") }
    return heading.map { $0.dropFirst(2).trimmed } ?? name
  }

  private func code(_ cell: Cell, _ result: CellResult, number: Int) -> String {
    let code = cell.text.trimmedLines
    if code.isEmpty && result.outputs.isEmpty && cell.heading.isEmpty { return "" }
    var html = "<section class=\"cell\">\n"
    if !cell.heading.isEmpty { html += "<h2>\(HTML.escaped(cell.heading))</h2>\n" }
    if !code.isEmpty, !cell.has(tag: "remove-input") {
      html += scrolling(
        "code", "code of cell \(number + 1)", "<code>\(Highlighter.html(code))</code>")
    }
    if !cell.has(tag: "remove-output") {
      html += result.outputs.map { output($0, number) }.joined()
    }
    if !results.isEmpty, !code.isEmpty { html += "<p class=\"cost\">\(cost(result))</p>\n" }
    return html + "</section>\n"
  }

  private func output(_ output: CellOutput, _ number: Int) -> String {
    let what = "of cell \(number + 1)"
    switch output {
    case .text(let text, let isReport):
      return scrolling(
        isReport ? "report" : "output", "\(isReport ? "notes" : "output") \(what)",
        HTML.escaped(text.trimmedLines))
    case .progress(let line): return scrolling("report", "progress \(what)", HTML.escaped(line))
    case .result(let text): return scrolling("output", "result \(what)", HTML.escaped(text))
    case .display(let forms):
      return forms.html.hasPrefix("<table")
        ? "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"table \(what)\">\n\(forms.html)\n</div>\n"
        : "<p class=\"picture\">\(forms.html)</p>\n"
    case .problem(_, let text, let isError):
      return scrolling(
        isError ? "error" : "warning", "\(isError ? "error" : "warning") \(what)",
        HTML.escaped(text.trimmedLines))
    }
  }

  /// Preformatted text that scrolls by itself where it is wider than the page.
  private func scrolling(_ kind: String, _ label: String, _ html: String) -> String {
    "<pre class=\"\(kind)\" tabindex=\"0\" role=\"region\" aria-label=\"\(label)\">\(html)</pre>\n"
  }

  private func cost(_ result: CellResult) -> String {
    guard result.hasRun else { return "not run" }
    if result.isReused { return "from the cache, \(Elapsed.text(result.seconds)) saved" }
    let memory = result.peak > 0 ? ", \(Memory.describe(result.peak)) at most" : ""
    let reason = result.reason.map { "; not kept, since it \($0)" } ?? ""
    return Elapsed.text(result.seconds) + memory + HTML.escaped(reason)
  }

  private func footer(_ provenance: [(name: String, text: String)]) -> String {
    guard !provenance.isEmpty else { return "" }
    let rows = provenance.map {
      "<dt>\(HTML.escaped($0.name))</dt><dd>\(HTML.escaped($0.text))</dd>\n"
    }
    return "<footer>\n<h2>Made with</h2>\n<dl>\n\(rows.joined())</dl>\n</footer>\n"
  }
}

extension String {
  /// The text without empty lines at its ends.
  var trimmedLines: String {
    var lines = self.lines[...]
    while let first = lines.first, first.trimmed.isEmpty { lines.removeFirst() }
    while let last = lines.last, last.trimmed.isEmpty { lines.removeLast() }
    return lines.joined(separator: "\n")
  }
}
