import Glibc
import Host

/// Edits a text in the user's editor.
enum Editor {
  /// Opens a file that contains `text` in `$VISUAL`, `$EDITOR` or vi and returns its content
  /// afterwards; nil if it is unchanged.
  static func edit(_ text: String, host: any Host) throws -> String? {
    let folder = host.environment("TMPDIR") ?? "/tmp"
    let path = "\(folder)/limbeck-\(getpid()).lbk"
    try host.write(Array((text + "\n").utf8), to: path)
    defer { unlink(path) }
    let editor =
      [host.environment("VISUAL"), host.environment("EDITOR")].compactMap { $0 }
      .first { !$0.isEmpty } ?? "vi"
    // The shell splits a command such as `code --wait` into words; the path is passed as a separate
    // argument.
    let status = try ChildProcess.run(["/bin/sh", "-c", "exec \(editor) \"$1\"", "sh", path])
    guard status == 0 else {
      throw Failure(
        "editor", "edit: \(editor) ended with an error",
        hint: "set EDITOR to the editor you want: export EDITOR=nano")
    }
    var edited = String(decoding: try host.read(path), as: UTF8.self)
    while edited.last?.isNewline == true { edited.removeLast() }
    return edited == text ? nil : edited
  }
}
