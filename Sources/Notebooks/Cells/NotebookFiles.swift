import Host
import Syntax

/// The files of notebooks.
public enum NotebookFiles {
  /// Reads a script, or a Jupyter notebook as the script that it is, in which errors name the cell. Throws
  /// `file-format`.
  public static func source(_ path: String, host: any Host) throws -> Source {
    let folder = FilePath.folder(of: host.absolute(path))
    guard path.hasSuffix(".ipynb") else {
      return Source(name: path, text: try host.readScript(path), folder: folder)
    }
    let text = PercentScript.text(try JupyterFile.notebook(try host.read(path), name: path))
    let cells = PercentScript.notebook(Source(name: path, text: text)).cells
    let parts = cells.enumerated().map { i, cell in
      Source.Part(name: "\(path) (cell \(i + 1))", start: cell.span.start)
    }
    return Source(name: path, text: text, folder: folder, parts: parts)
  }
}
