import Host
import Language

/// `glob`, `exists`, `mkdir`, `append_text`, `read_text`. Relative paths begin where limbeck was called.
func folderBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "glob", "Gives the paths that fit a pattern, sorted.",
      details: """
        `*` stands for any part of a name, `?` for a character, `[ab]` and `[a-z]` for one of several, `**` \
        for any number of folders. Names that begin with a dot fit only a pattern that does.
        """,
      [.required("pattern", .string, "such as \"runs/*/log.csv\" or \"photos/**/*.jpg\"")],
      result: "list of strings",
      examples: [
        Example(
          "write(\"b\", output_dir() + \"/b.txt\")\nwrite(\"a\", output_dir() + \"/a.txt\")\n"
            + "read_text(glob(output_dir() + \"/?.txt\")[0])", "\"a\"")
      ]
    ) { call in Value(strings: try Glob.paths(call.string("pattern"), host: host)) },
    Builtin(
      "exists", "Tells whether there is a file or folder.",
      [.required("path", .string, "the path")], result: "bool",
      examples: [Example("exists(\"no such file\")", "false")]
    ) { call in .bool(host.kind(of: try call.string("path")) != nil) },
    Builtin(
      "mkdir", "Makes a folder, and those above it, unless it is there.",
      [.required("path", .string, "the folder")], result: "nil",
      examples: [
        Example("mkdir(output_dir() + \"/a/b\")\nexists(output_dir() + \"/a/b\")", "true")
      ]
    ) { call in
      try host.makeFolder(try call.string("path"))
      return .nil
    },
    Builtin(
      "append_text",
      "Adds text to the end of a file, which is made if there is none.",
      details: "Nothing is put between: end a line with \\n.",
      [
        .required("text", .string, "what to add"), .required("path", .string, "the file"),
      ], result: "nil",
      examples: [
        Example(
          "let path = output_dir() + \"/log.txt\"\nappend_text(\"one \", path)\nappend_text(\"two\", path)\n"
            + "read_text(path)", "\"one two\"")
      ]
    ) { call in
      let (text, path) = (try call.string("text"), try call.string("path"))
      // What the host makes by itself only its owner may read.
      if host.kind(of: path) == nil { try host.write([], to: path) }
      try host.append(Array(text.utf8), to: path)
      return .nil
    },
    Builtin(
      "read_text", "Reads a file as text in UTF-8, whatever its ending.",
      [.required("path", .string, "the file")], result: "string",
      examples: [
        Example(
          "write([{x: 1}], output_dir() + \"/x.csv\")\nread_text(output_dir() + \"/x.csv\")",
          "\"x\\n1\\n\"")
      ]
    ) { call in
      let path = try call.string("path")
      guard let text = String(validating: try host.read(path), as: UTF8.self) else {
        throw Failure("file-format", "read_text: \(path) is not text in UTF-8")
      }
      return Value(text)
    },
  ]
}
