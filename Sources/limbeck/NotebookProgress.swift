import Engine
import Host
import Notebooks

/// Says on standard error how far a notebook is.
final class NotebookProgress {
  private let notebook: Notebook
  private let host: any Host
  /// When a line was written last, by the host's clock.
  private var last = -Double.infinity

  init(_ notebook: Notebook, host: any Host) {
    (self.notebook, self.host) = (notebook, host)
  }

  /// Says that a cell begins: `cell 3 of 12: The data`.
  func begin(_ number: Int) {
    let cell = notebook.cells[number]
    let name = (cell.heading.isEmpty ? cell.firstLine : cell.heading).map {
      $0.isNewline ? " " : $0
    }
    let line = "cell \(number + 1) of \(notebook.cells.count): " + String(name.prefix(60))
    if host.redrawsLine { host.redraw(line, isLast: false) } else { host.report(line + "\n") }
    last = host.clock()
  }

  /// Shows the progress of a cell; without a terminal, every half minute and at its end. The rest is for
  /// the page.
  func show(_ given: Given) {
    guard case .progress(let line, let isLast) = given else { return }
    if host.redrawsLine {
      host.redraw(line, isLast: isLast)
    } else if isLast || host.clock() - last >= 30 {
      host.report(line + "\n")
      last = host.clock()
    }
  }
}
