import Host
import Language

private let pattern = Argument(
  "pattern", .string, "such as \"runs/*/log.csv\" or \"photos/**/*.jpg\"")
private let path = Argument("path", .string, "the path")
private let folder = Argument("path", .string, "the folder")
private let file = Argument("path", .string, "the file")
private let newPath = Argument("to", .string, "the new path")
private let waits = Argument(
  "wait", .bool, default: false, "whether to wait while another run has locked it")
private let text = Argument("text", .string, "what to add")

/// The builtins `glob`, `exists`, `mkdir`, `append_text`, `read_text` and others. Relative paths are
/// resolved against the folder that limbeck was started in.
func folderBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "glob", "Lists the paths that match a pattern, sorted.",
      details: """
        `*` stands for any part of a name, `?` for a character, `[ab]` and `[a-z]` for one of several, `**` \
        for any number of folders. Names that begin with a dot match only a pattern that does.
        """,
      searchTerms: ["find files", "listdir", "wildcard"], [pattern],
      result: "list of strings",
      examples: [
        Example(
          "write(\"b\", output_dir() + \"/b.txt\")\nwrite(\"a\", output_dir() + \"/a.txt\")\n"
            + "read_text(glob(output_dir() + \"/?.txt\")[0])", "\"a\"")
      ]
    ) { call in
      guard call.ranks != nil else {
        return Value(strings: try Glob.paths(call[pattern], host: host))
      }
      let found = try call.agreed {
        try Glob.paths(call[pattern], host: host).joined(separator: "\0")
      }
      return Value(strings: (found ?? "").split(separator: "\0").map(String.init))
    },
    Builtin(
      "exists", "Tells whether a file or folder exists.", [path], result: "bool",
      examples: [Example("exists(\"no such file\")", "false")]
    ) { call in .bool(try call.agreedKind(of: call[path], on: host) != nil) },
    Builtin(
      "mkdir", "Makes a folder, and those above it, unless it exists.",
      searchTerms: ["makedirs", "directory"], [folder],
      examples: [
        Example("mkdir(output_dir() + \"/a/b\")\nexists(output_dir() + \"/a/b\")", "true")
      ]
    ) { call in try host.makeFolder(try call[folder]) },
    Builtin(
      "move", "Renames a file; a file that has the new name is replaced.",
      details: "Both paths lie in one file system.", searchTerms: ["rename", "mv"],
      [file, newPath],
      examples: [
        Example(
          "let folder = output_dir()\nwrite(\"a\", folder + \"/old.txt\")\nmove(folder + \"/old.txt\", folder + \"/new.txt\")\nexists(folder + \"/old.txt\")",
          "false")
      ]
    ) { call in try host.move(try call[file], to: try call[newPath]) },
    Builtin(
      "remove_file", "Deletes a file.", searchTerms: ["delete", "unlink", "rm"], [file],
      examples: [
        Example(
          "let path = output_dir() + \"/x.txt\"\nappend_text(\"x\", path)\nremove_file(path)\nexists(path)",
          "false")
      ]
    ) { call in
      let path = try call[file]
      guard let kind = try call.agreedKind(of: path, on: host) else {
        throw Failure("file-missing", "remove_file: \(path) does not exist")
      }
      guard kind == .file else {
        throw Failure("file-missing", "remove_file: \(path) is not a file")
      }
      try host.remove(path)
    },
    Builtin(
      "remove_folder", "Deletes an empty folder.", searchTerms: ["rmdir", "delete"], [folder],
      examples: [
        Example(
          "let path = output_dir() + \"/empty\"\nmkdir(path)\nremove_folder(path)\nexists(path)",
          "false")
      ]
    ) { call in
      let path = try call[folder]
      let state = try call.agreed {
        guard host.kind(of: path) == .folder else { return nil }
        return try host.list(path).isEmpty ? "empty" : "full"
      }
      guard let state else {
        throw Failure("file-missing", "remove_folder: the folder \"\(path)\" does not exist")
      }
      guard state == "empty" else {
        throw Failure("argument", "remove_folder: \(path) is not empty")
      }
      try host.remove(path)
    },
    Builtin(
      "lock_folder", "Locks a folder, so that no other run works in it at the same time.",
      details: """
        The lock holds until the result is gone or the process ends in whatever way: it is the system's \
        (`flock`), and nothing is left behind. Files that a killed process left half written (`.NAME.PID.part`) \
        are removed. If another run has locked the folder, that is an error; with `wait`, a note says so and the \
        call waits. Set `.done` when the work there is over: then this run can't lock the folder again.
        """,
      searchTerms: ["flock", "mutex"], [folder, waits], result: "lock",
      examples: [Example("lock_folder(output_dir()).done", "false")],
      traits: .touchesHidden
    ) { call in
      // Rank 0 may have yet to make the folder.
      _ = try call.agreed { nil }
      return .object(try FolderLock(call[folder], waits: call[waits], library: library))
    },
    Builtin(
      "append_text",
      "Appends text to a file, which is made if it does not exist.",
      details:
        "Nothing is put in between: end a line with \\n. What several processes of one machine append "
        + "at once is all there.",
      searchTerms: ["log"], [text, file],
      examples: [
        Example(
          "let path = output_dir() + \"/log.txt\"\nappend_text(\"one \", path)\nappend_text(\"two\", path)\n"
            + "read_text(path)", "\"one two\"")
      ]
    ) { call in
      try host.append(Array(call[text].utf8), to: call[file])
    },
    Builtin(
      "read_text", "Reads a file as text in UTF-8, whatever its extension.",
      searchTerms: ["load text"], [file], result: "string",
      examples: [
        Example(
          "write([{x: 1}], output_dir() + \"/x.csv\")\nread_text(output_dir() + \"/x.csv\")",
          "\"x\\n1\\n\"")
      ]
    ) { call in
      let path = try call[file]
      guard let text = String(validating: try host.read(path), as: UTF8.self) else {
        throw Failure("file-format", "read_text: \(path) is not text in UTF-8")
      }
      return Value(text)
    },
  ]
}

extension Call {
  /// The kind of what is at a path, as rank 0 finds it: another rank may be ahead of what rank 0 writes
  /// and removes.
  func agreedKind(of path: String, on host: any Host) throws -> FileKind? {
    let found = try agreed { host.kind(of: path).map { $0 == .folder ? "folder" : "file" } }
    return found.map { $0 == "folder" ? .folder : .file }
  }
}
