import Formats
import Host

/// A notebook as a file of Jupyter's (nbformat 4.5).
public enum JupyterFile {
  /// The kernel that is named in files of ours.
  private static let kernel: JSON = .object([
    ("display_name", .string("Limbeck")), ("language", .string("limbeck")),
    ("name", .string("limbeck")),
  ])

  /// Reads a file. Outputs are left out, as a script has none. Throws `file-format`.
  public static func notebook(_ bytes: [UInt8], name: String) throws -> Notebook {
    let file = try JSON(parsing: bytes, what: name)
    guard case .number(let version)? = file["nbformat"], case .array(let items)? = file["cells"],
      version == 4
    else {
      throw Failure("file-format", "\(name) is not a Jupyter notebook of format 4")
    }
    let cells = try items.map { item -> Cell in
      guard case .string(let type)? = item["cell_type"], let kind = Cell.Kind(rawValue: type),
        let text = text(item["source"])
      else { throw Failure("file-format", "\(name): a cell has no type or no source") }
      var metadata: [(name: String, value: JSON)] = []
      if case .object(let entries)? = item["metadata"] {
        metadata = entries.filter { !forgotten.contains($0.0) }.map { ($0, $1) }
      }
      return Cell(kind, text, metadata: metadata)
    }
    return Notebook(metadata: .object(kept(file["metadata"])), cells: cells)
  }

  /// The metadata of a cell that say how it was last seen, which Jupytext leaves out as well.
  private static let forgotten: Set = [
    "autoscroll", "collapsed", "scrolled", "trusted", "execution", "ExecuteTime",
  ]

  /// The metadata of a notebook that a script keeps: without those of our own kernel, which are written
  /// again, and of the language.
  static func kept(_ value: JSON?) -> [(String, JSON)] {
    guard case .object(let entries)? = value else { return [] }
    return entries.filter { name, value in
      name != "language_info" && !(name == "kernelspec" && value["name"] == kernel["name"])
    }
  }

  /// Returns a text that is written as one string or as a list of lines.
  private static func text(_ value: JSON?) -> String? {
    switch value {
    case .string(let text): return text
    case .array(let lines):
      return lines.reduce(into: "") { if case .string(let line) = $1 { $0 += line } }
    default: return nil
    }
  }

  /// Writes a notebook with the outputs of its cells, if it has run.
  public static func text(_ notebook: Notebook, results: [CellResult] = []) -> String {
    let cells = notebook.cells.enumerated().map { i, cell -> JSON in
      var fields: [(String, JSON)] = [
        ("cell_type", .string(cell.kind.rawValue)), ("id", .string("cell-\(i + 1)")),
        ("metadata", .object(cell.metadata.map { ($0, $1) })), ("source", lines(cell.text)),
      ]
      if cell.kind == .code {
        let result = i < results.count ? results[i] : nil
        let number = results.prefix(i + 1).count { $0.hasRun }
        fields.append(
          ("execution_count", result?.hasRun == true ? .number(Double(number)) : .null))
        fields.append(("outputs", .array((result?.outputs ?? []).map { output($0, number) })))
      }
      return .object(fields)
    }
    var metadata: [(String, JSON)] = []
    if case .object(let entries) = notebook.metadata { metadata = entries }
    if notebook.metadata["kernelspec"] == nil { metadata.append(("kernelspec", kernel)) }
    metadata.append(
      (
        "language_info",
        .object([("file_extension", .string(".lbk")), ("name", .string("limbeck"))])
      ))
    return JSON.object([
      ("cells", .array(cells)), ("metadata", .object(metadata)), ("nbformat", .number(4)),
      ("nbformat_minor", .number(5)),
    ]).indentedText + "\n"
  }

  private static func output(_ output: CellOutput, _ number: Int) -> JSON {
    func stream(_ name: String, _ text: String) -> JSON {
      .object([
        ("output_type", .string("stream")), ("name", .string(name)), ("text", lines(text)),
      ])
    }
    switch output {
    case .text(let text, let isReport): return stream(isReport ? "stderr" : "stdout", text)
    case .progress(let line): return stream("stderr", line + "\n")
    case .result(let text):
      return .object([
        ("output_type", .string("execute_result")), ("execution_count", .number(Double(number))),
        ("data", .object([("text/plain", .string(text))])), ("metadata", .object([])),
      ])
    case .display(let forms):
      return .object([
        ("output_type", .string("display_data")), ("data", forms.bundle),
        ("metadata", .object([])),
      ])
    case .problem(let kind, let text, let isError):
      guard isError else { return stream("stderr", text) }
      return .object([
        ("output_type", .string("error")), ("ename", .string(kind)),
        ("evalue", .string(text.lines.first ?? "")),
        ("traceback", .array(text.lines.map { .string($0) })),
      ])
    }
  }

  /// A text as the list of its lines with their ends.
  private static func lines(_ text: String) -> JSON {
    let all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let last = all.count - 1
    return .array(
      all.enumerated().map { .string($0 < last ? $1 + "\n" : $1) }.filter { $0 != .string("") })
  }
}
