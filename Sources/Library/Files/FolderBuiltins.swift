import Host
import Language

private let pattern = Argument(
  "pattern", .string, "such as \"runs/*/log.csv\" or \"photos/**/*.jpg\"")
private let path = Argument("path", .string, "the path")
private let folder = Argument("path", .string, "the folder")
private let file = Argument("path", .string, "the file")
private let text = Argument("text", .string, "what to add")

/// The builtins `glob`, `exists`, `mkdir`, `append_text` and `read_text`. Relative paths are
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
    ) { call in Value(strings: try Glob.paths(call[pattern], host: host)) },
    Builtin(
      "exists", "Tells whether a file or folder exists.", [path], result: "bool",
      examples: [Example("exists(\"no such file\")", "false")]
    ) { call in .bool(host.kind(of: try call[path]) != nil) },
    Builtin(
      "mkdir", "Makes a folder, and those above it, unless it exists.",
      searchTerms: ["makedirs", "directory"], [folder], result: "nil",
      examples: [
        Example("mkdir(output_dir() + \"/a/b\")\nexists(output_dir() + \"/a/b\")", "true")
      ]
    ) { call in
      try host.makeFolder(try call[folder])
      return .nil
    },
    Builtin(
      "append_text",
      "Appends text to a file, which is made if it does not exist.",
      details: "Nothing is put in between: end a line with \\n.",
      searchTerms: ["log"], [text, file], result: "nil",
      examples: [
        Example(
          "let path = output_dir() + \"/log.txt\"\nappend_text(\"one \", path)\nappend_text(\"two\", path)\n"
            + "read_text(path)", "\"one two\"")
      ]
    ) { call in
      let path = try call[file]
      // A file that the host itself creates is readable only by its owner.
      if host.kind(of: path) == nil { try host.write([], to: path) }
      try host.append(Array(call[text].utf8), to: path)
      return .nil
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
