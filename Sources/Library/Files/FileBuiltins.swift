import Host
import Language
import Pictures

/// `read`, `write`.
func fileBuiltins(_ library: Library) -> [Builtin] {
  func ending(_ call: Call, _ path: String) throws -> String {
    call.isNil("format") ? fileEnding(path) : try call.string("format").lowercased()
  }
  let format = Parameter.optional(
    "format", .string, .nil, "the ending that it is to count as; nil takes the file's own",
    namedOnly: true)
  return [
    Builtin(
      "read", "Reads a file by its ending.",
      details: """
        png jpg webp gif bmp tiff: an image, float32 [3, h, w] or [1, h, w] of 0..1, turned as the camera \
        noted; the first frame. npy: a \
        tensor, or lists of strings. npz safetensors: a map from names to these; int64 and its like are \
        int32, or float64 where that holds all exactly, and what nothing here holds is left out with a \
        note. mat (versions 4 to 7): a map of its \
        variables; matrices are tensors and single numbers numbers, characters strings, cells lists, a \
        struct is a map and a struct array a list of maps. json: lists, maps, numbers, strings. csv: a \
        list of maps, by the first line's names, numbers where a whole column is (00012 is none). txt md tex lbk: a string. A relative path begins in the \
        folder that limbeck was called in.
        """,
      [.required("path", .string, "the file"), format], result: "as the ending says",
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
      let path = try call.string("path")
      let format = try Library.format(ending(call, path), of: path, "read")
      return try format.read?(library.host.read(path), path, library) ?? .nil
    },
    Builtin(
      "write", "Writes a value to a file by its ending.",
      details: """
        png svg: a figure; png jpg: an image (jpg at quality 95). npy: a tensor. npz safetensors: a map \
        from names to tensors (a model: save). json: lists, maps, numbers, strings, tensors. csv md \
        tex: a table or what `table` takes, md as Markdown and tex as LaTeX. txt md tex lbk: a string. The file appears whole or \
        not at all.
        """,
      [
        .required("value", .any, "what to write"),
        .required("path", .string, "where to"), format,
      ], result: "nil",
      examples: [
        Example("write(\"done\", output_dir() + \"/a.txt\")"),
        Example("write([{epoch: 1, loss: 0.5}], output_dir() + \"/log.csv\")"),
      ]
    ) { call in
      let path = try call.string("path")
      let ending = try ending(call, path)
      let format = try Library.format(ending, of: path, "write")
      guard let bytes = try format.write?(call["value"]) else {
        throw call.wrong("value", "\(format.takes) for .\(ending)")
      }
      try library.host.write(bytes, to: path)
      if case .object(let object as TensorObject) = call["value"],
        ["png", "jpg", "jpeg"].contains(ending), try DrawnPixels(object.tensor).isStretched
      {
        library.note(DrawnPixels.note)
      }
      return .nil
    },
  ]
}
