import Formats
import Host
import Language

extension FileFormat {
  /// Writes a string unchanged and a table as it is printed.
  static let text = text { $0.printed + "\n" }
  /// Writes a string unchanged and a table as Markdown.
  static let markdown = text(\.markdown)
  /// Writes a string unchanged and a table as LaTeX.
  static let latex = text(\.latex)

  private static func text(_ form: @escaping (TableObject) -> String) -> FileFormat {
    FileFormat(
      read: { bytes, name, _ in
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw Failure("file-format", "read: \(name) is not text in UTF-8")
        }
        return Value(text)
      },
      write: { value in
        if case .string(let box) = value { return Array(box.text.utf8) }
        return try TableObject.of(value).map { Array(form($0).utf8) }
      }, takes: "a string, a table, or what makes one")
  }
}

extension TableObject {
  /// The table in Markdown.
  var markdown: String { written(Markdown.table) }
  /// The table as a LaTeX `tabular`.
  var latex: String { written(LaTeX.table) }

  /// The table in HTML.
  var html: String { written(HTML.table) }

  private func written(_ table: ([String], [[String]], [Bool]) -> String) -> String {
    let texts = texts()
    return table(columns, rows.indices.map { r in texts.map { $0.cells[r] } }, texts.map(\.isRight))
  }
}
