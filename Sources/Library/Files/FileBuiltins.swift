import Host
import Language
import Pictures

private let source = Argument("path", .string, "the file")
private let target = Argument("path", .string, "the file to write")
/// The endings of the files that pictures are written to.
private let pictureEndings: Set = ["png", "jpg", "jpeg", "svg", "pdf"]

private let written = Argument("value", .any, "the value to write")
private let format = Argument(
  "format", .optional(.string), "the extension of the format; nil uses the file's own", named: true)

/// The builtins `read` and `write`.
func fileBuiltins(_ library: Library) -> [Builtin] {
  func ending(_ call: Call, _ path: String) throws -> String {
    try call[format]?.lowercased() ?? fileEnding(path)
  }
  return [
    Builtin(
      "read", "Reads a file in the format given by its extension.",
      details: """
        png jpg webp gif bmp tiff: an image, float32 [3, h, w] or [1, h, w] of 0..1, rotated by \
        its EXIF orientation; of several frames the first. npy: a tensor, or lists of strings. npz \
        safetensors: a map from names to these; int64 and similar types become int32, or float64 where \
        that holds all exactly, and what has no type here is left out with a note. pth pt: what torch.save \
        wrote, with maps for dicts and lists for lists, tuples and sets; a file that would call anything \
        but what rebuilds tensors is refused. mat (versions 4 to 7): a map of its variables; matrices \
        are tensors and single numbers numbers, characters strings, cells lists, a struct is a map and a \
        struct array a list of maps. json: lists, maps, numbers, strings. csv: a list of maps, \
        keyed by the names in the first line; a column is read as numbers if all its cells are \
        numbers (00012 is not one). txt md tex lbk: a string. A relative path is relative to the \
        folder that limbeck was started in.
        """,
      searchTerms: ["load", "open", "imread", "read_csv", "loadmat", "np.load", "torch.load"],
      [source, format], result: "a value that depends on the format",
      examples: [
        Example(
          "write({lr: 0.1}, output_dir() + \"/a.json\")\nread(output_dir() + \"/a.json\").lr", "0.1"
        ),
        Example(
          "let path = output_dir() + \"/a.npz\"\nwrite({x: eye(2), y: [1, 2, 3]}, path)\nread(path).y.shape",
          "[3]"),
        Example("let truth = try { read(\"truth.mat\").groundTruth[0] } catch e { nil }"),
      ]
    ) { call in
      let path = try call[source]
      let format = try Library.format(ending(call, path), of: path, "read")
      return try format.read?(path, library) ?? .nil
    },
    Builtin(
      "write", "Writes a value to a file in the format given by its extension.",
      details: """
        png svg pdf: a figure; png jpg: an image (jpg at quality 95). npy: a tensor. npz safetensors: a map \
        from names to tensors (a model: save). json: lists, maps, numbers, strings, tensors. csv md \
        tex: a table or what `table` takes, md as Markdown and tex as LaTeX. txt md tex lbk: a string. \
        If writing fails, no partial file is left behind.
        """,
      searchTerms: ["save", "export", "imwrite", "to_csv", "savemat", "np.save"],
      [written, target, format],
      examples: [
        Example("write(\"done\", output_dir() + \"/a.txt\")"),
        Example("write([{epoch: 1, loss: 0.5}], output_dir() + \"/log.csv\")"),
      ]
    ) { call in
      let (value, path) = (try call[written], try call[target])
      let ending = try ending(call, path)
      let format = try Library.format(ending, of: path, "write")
      guard let parts = try format.write?(value) else {
        throw call.wrong(written, "\(format.takes) for .\(ending)")
      }
      try library.host.write(to: path, parts)
      if pictureEndings.contains(ending) { try library.showWritten(value, to: path) }
    },
  ]
}
