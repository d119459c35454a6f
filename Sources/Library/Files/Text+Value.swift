import Formats
import Host
import Language

extension FileFormat {
  /// A string as it is, a table as it prints.
  static let text = text { $0.printed + "\n" }
  /// A string as it is, a table in Markdown.
  static let markdown = text(\.markdown)
  /// A string as it is, a table in LaTeX.
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
  /// A Markdown table.
  var markdown: String { written(Markdown.table) }
  /// A `tabular` of LaTeX.
  var latex: String { written(LaTeX.table) }

  private func written(_ table: ([String], [[String]], [Bool]) -> String) -> String {
    let texts = texts()
    return table(columns, rows.indices.map { r in texts.map { $0.cells[r] } }, texts.map(\.isRight))
  }
}
