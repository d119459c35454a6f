import Formats
import Host

/// Writes a notebook to a file.
public struct NotebookWriter {
  /// What the file is.
  public enum Form: String, CaseIterable, Sendable {
    /// One page that needs nothing else.
    case html
    /// Text, with the pictures in a folder next to it.
    case markdown
    /// The page, printed.
    case pdf
    /// A notebook of Jupyter's.
    case ipynb
    /// A script.
    case lbk
  }

  /// What the file is.
  public let form: Form
  /// The file.
  public let path: String
  /// The file that the notebook was read from.
  private let file: String
  private let host: any Host
  /// The number of the page, if a browser that shows it is to load the next one by itself.
  public var version: Int?
  /// The file next to the page that has the number of the newest one.
  private var versionFile: String { path + ".js" }

  /// Creates a writer of a notebook that is read from a file. Without a path, it is written next to that
  /// file. Throws `argument` if it would replace it.
  public init(_ form: Form, of file: String, to path: String?, host: any Host) throws {
    (self.form, self.file, self.host) = (form, file, host)
    let ending = form == .markdown ? "md" : form.rawValue
    let stem =
      [".lbk", ".ipynb"].contains { file.hasSuffix($0) } ? FilePath.withoutEnding(file) : file
    self.path = path ?? "\(stem).\(ending)"
    if let stamp = host.stamp(of: file), host.stamp(of: self.path) == stamp {
      throw Failure(
        "argument", "notebook: the output would replace \(file), which it is made from",
        hint: "limbeck notebook --output PATH \(file) writes another file")
    }
  }

  /// Checks before a notebook runs what writing it needs: a folder in which files can be made, and the
  /// library and the program for its form. Throws what writing would throw.
  public func check(_ notebook: Notebook) throws {
    let folder = FilePath.folder(of: path)
    if host.kind(of: path) == .folder {
      throw Failure("file-is-folder", "notebook: the output \(path) is a folder")
    }
    guard host.kind(of: folder) == .folder else {
      throw Failure(
        "file-missing", "notebook: the folder \(folder) of the output does not exist",
        hint: "mkdir -p \(folder) makes it")
    }
    let trial = "\(folder)/.\(FilePath.name(of: path)).trial"
    try host.write([], to: trial)
    try host.remove(trial)
    guard form == .html || form == .pdf else { return }
    if notebook.hasProse { _ = try MarkdownText() }
    if form == .pdf { _ = try PDFPrinter(host) }
  }

  /// Writes a notebook with the results of its cells, if it has run.
  public func write(
    _ notebook: Notebook, _ results: [CellResult], _ provenance: [(name: String, text: String)]
  ) throws {
    switch form {
    case .html:
      try host.write(Array(page(notebook, results, provenance).utf8), to: path)
      if let version {
        try host.write(Array("limbeckVersion(\(version))\n".utf8), to: versionFile)
      }
    case .pdf: try PDFPrinter(host).print(page(notebook, results, provenance), to: path)
    case .markdown: try writeMarkdown(notebook, results, provenance)
    case .ipynb: try host.write(Array(JupyterFile.text(notebook, results: results).utf8), to: path)
    case .lbk: try host.write(Array(PercentScript.text(notebook).utf8), to: path)
    }
  }

  private func page(
    _ notebook: Notebook, _ results: [CellResult], _ provenance: [(name: String, text: String)]
  ) throws -> String {
    try HTMLPage(
      notebook, results: results, name: FilePath.name(of: file),
      folder: FilePath.folder(of: file), host: host,
      reloading: version.map { ReloadingScript.text($0, from: FilePath.name(of: versionFile)) }
        ?? ""
    ).text(provenance: provenance)
  }

  /// Removes the file by which pages learn of newer ones.
  public func endReloading() throws {
    if host.kind(of: versionFile) == .file { try host.remove(versionFile) }
  }

  private func writeMarkdown(
    _ notebook: Notebook, _ results: [CellResult], _ provenance: [(name: String, text: String)]
  ) throws {
    let pictures = FilePath.withoutEnding(FilePath.name(of: path)) + "_files"
    let page = MarkdownPage(
      notebook, results: results, provenance: provenance, folder: pictures)
    let folder = FilePath.folder(of: path)
    if !page.files.isEmpty { try host.makeFolder("\(folder)/\(pictures)") }
    for (name, bytes) in page.files { try host.write(bytes, to: "\(folder)/\(name)") }
    try host.write(Array(page.text.utf8), to: path)
  }
}
