import Host
import Syntax

/// The files of notebooks.
public enum NotebookFiles {
  /// Reads a script, or a Jupyter notebook as the script that it is. Throws `file-format`.
  public static func source(_ path: String, host: any Host) throws -> Source {
    let text: String
    if path.hasSuffix(".ipynb") {
      text = PercentScript.text(try JupyterFile.notebook(try host.read(path), name: path))
    } else {
      text = try host.readScript(path)
    }
    let full = path.hasPrefix("/") ? path : "\(host.workingFolder)/\(path)"
    return Source(name: path, text: text, folder: folder(of: full))
  }

  /// The folder of a file; `.` if the path has none.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The name of a file, without its folder.
  public static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The path next to a notebook with another ending.
  public static func path(of notebook: String, ending: String) -> String {
    for known in [".lbk", ".ipynb"] where notebook.hasSuffix(known) {
      return "\(notebook.dropLast(known.count)).\(ending)"
    }
    return "\(notebook).\(ending)"
  }
}
