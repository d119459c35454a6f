import Archives
import Host
import Images
import Language
import Models
import Pictures
import Tensors

/// How files of an ending are read and written.
struct FileFormat {
  /// Gives the value of a file's bytes; nil where it can't be read.
  var read: ((_ bytes: [UInt8], _ path: String, _ library: Library) throws -> Value)?
  /// Gives the file's bytes; nil for a value that the format does not take.
  var write: ((Value) throws -> [UInt8]?)?
  /// What it takes, for errors.
  var takes = ""
}

extension Library {
  /// The formats by ending. A new one is added here.
  static let fileFormats: [String: FileFormat] = [
    "png": FileFormat(
      read: FileFormat.image,
      write: { value in
        if case .object(let object as FigureObject) = value { return try object.figure.png() }
        return try bitmap(of: value)?.png()
      }, takes: "a figure or an image"),
    "jpg": .jpeg, "jpeg": .jpeg, "jpe": .jpeg, "jfif": .jpeg, "webp": .picture, "gif": .picture,
    "bmp": .picture, "tif": .picture, "tiff": .picture,
    "svg": FileFormat(
      write: { value in
        guard case .object(let object as FigureObject) = value else { return nil }
        return try object.figure.svg()
      }, takes: "a figure"),
    "npy": FileFormat(
      read: { bytes, path, _ in Value(try NPY.read(bytes, name: path)) },
      write: { value in
        guard case .object(let object as TensorObject) = value else { return nil }
        return NPY.encode(object.tensor)
      }, takes: "a tensor"),
    "json": FileFormat(
      read: { bytes, path, _ in
        try JSON(parsing: bytes, what: "read: \(path)", kind: "json").value
      },
      write: { Array((try JSON($0).indentedText + "\n").utf8) },
      takes: "numbers, strings, lists, maps and tensors"),
    "csv": FileFormat(
      read: { bytes, path, _ in .list(List(try CSV.decode(bytes, name: path))) },
      write: { value in try TableObject.of(value).map { Array($0.csv.utf8) } },
      takes: "a table, a list of maps or lists, a tensor, or a map of columns"),
    "npz": FileFormat(
      read: { bytes, path, library in
        var entries = NamedEntries()
        for (name, bytes) in try Zip(decoding: bytes, name: path).entries where !name.hasSuffix("/")
        {
          try entries.add(name.hasSuffix(".npy") ? String(name.dropLast(4)) : name) {
            guard name.hasSuffix(".npy") || NPY.isOne(bytes) else {
              throw Failure("element-type", "read: \(path): \(name) is not a .npy file")
            }
            return Value(try NPY.read(bytes, name: "\(path): \(name)"))
          }
        }
        return try entries.map(library)
      },
      write: { value in
        try FileFormat.tensors(of: value).map { tensors in
          try Zip(tensors.map { ($0.name + ".npy", NPY.encode($0.tensor)) }).encoded()
        }
      }, takes: FileFormat.namedTensors),
    "safetensors": FileFormat(
      read: { bytes, path, library in
        let file = try SafeTensors(decoding: bytes, path: path)
        var entries = NamedEntries()
        for (name, tensor) in file.tensors { try entries.add(name) { Value(tensor) } }
        for failure in file.leftOut { entries.leaveOut(failure) }
        return try entries.map(library)
      },
      write: { value in try FileFormat.tensors(of: value).map { SafeTensors($0).encoded() } },
      takes: FileFormat.namedTensors + " (a model: save(g, path))"),
    "mat": FileFormat(
      read: { bytes, path, library in
        try MATFile(bytes, name: path).values(path).map(library)
      }),
    "txt": .text, "lbk": .text,
    "md": .text { $0.markdown }, "tex": .text { $0.latex },
  ]

  /// The format of an ending, of which `operation` must be possible. Throws `file-format`, naming those
  /// that are known.
  static func format(_ ending: String, of path: String, _ operation: String) throws -> FileFormat {
    if let format = fileFormats[ending] {
      if operation == "read" ? format.read != nil : format.write != nil { return format }
      throw Failure(
        "file-format",
        "\(operation): .\(ending) files are only \(operation == "read" ? "written" : "read")")
    }
    let known = fileFormats.filter { operation == "read" ? $1.read != nil : $1.write != nil }
      .keys.sorted().joined(separator: " ")
    throw Failure(
      "file-format",
      "\(operation): no format is known for \"\(path)\"; the ending must be one of \(known)",
      hint: "or name it: \(operation)(..., format: \"npy\")")
  }
}

extension FileFormat {
  /// An image file's pixels as float32 0..1, [3, h, w] or [1, h, w], turned as the camera noted.
  fileprivate static func image(_ bytes: [UInt8], _ path: String, _ library: Library) throws
    -> Value
  {
    let options = DecodeOptions(
      isOriented: true, pixelLimit: try DecodeOptions.pixelLimit(library.host))
    return Value(try Pixels.floats(try ImageFile.decode(bytes, name: path, options: options)))
  }

  /// An image that is only read.
  fileprivate static let picture = FileFormat(read: image)

  /// A JPEG, written at a quality that hardly shows.
  fileprivate static let jpeg = FileFormat(
    read: image,
    write: { value in
      guard case .object(let object as TensorObject) = value else { return nil }
      return try JPEG.encode(DrawnPixels(object.tensor).image, quality: 95)
    }, takes: "an image")

  fileprivate static let namedTensors = "a map from names to tensors"

  /// The tensors of a map by name; nil for anything else.
  fileprivate static func tensors(of value: Value) throws -> [(name: String, tensor: Tensor)]? {
    guard case .map(let map) = value else { return nil }
    var tensors: [(name: String, tensor: Tensor)] = []
    for (key, value) in map.entries {
      guard case .string(let name) = key else { return nil }
      tensors.append((name, try TensorObject.tensorOf(value, "write: \(name)").value))
    }
    return tensors
  }

  /// Text as it is, a table as it prints.
  fileprivate static let text = text { $0.printed + "\n" }

  /// Text as it is, and tables in some form.
  fileprivate static func text(_ form: @escaping (TableObject) -> String) -> FileFormat {
    FileFormat(
      read: { bytes, name, _ in
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw Failure("file-format", "read: \(name) is not text in UTF-8")
        }
        return Value(text)
      },
      write: { value in
        if case .string(let box) = value { return Array(box.text.utf8) }
        return try TableObject.of(value).map { Array(form($0).utf8) }
      }, takes: "a string, a table, or what makes one")
  }
}

private let source = Argument("path", .string, "the file")
private let target = Argument("path", .string, "where to write it")
private let written = Argument("value", .any, "what to write")
private let format = Argument(
  "format", .optional(.string), "the ending that counts; nil takes the file's own", named: true)

/// `read`, `write`.
func fileBuiltins(_ library: Library) -> [Builtin] {
  func ending(_ call: Call, _ path: String) throws -> String {
    try call[format]?.lowercased() ?? fileEnding(path)
  }
  return [
    Builtin(
      "read", "Reads a file in the format of its ending.",
      details: """
        png jpg webp gif bmp tiff: an image, float32 [3, h, w] or [1, h, w] of 0..1, turned as the camera \
        noted; the first frame. npy: a tensor, or lists of strings. npz safetensors: a map from names to \
        these; int64 and similar types become int32, or float64 where that holds all exactly, and what has \
        no type here is left out with a note. mat (versions 4 to 7): a map of its variables; matrices \
        are tensors and single numbers numbers, characters strings, cells lists, a struct is a map and a \
        struct array a list of maps. json: lists, maps, numbers, strings. csv: a list of maps, by the \
        names in the first line; a column becomes numbers if all its cells are numbers (00012 is not one). \
        txt md tex lbk: a string. A relative path begins in the folder that limbeck was called in.
        """,
      searchTerms: ["load", "open", "imread", "read_csv", "loadmat", "np.load"], [source, format],
      result: "as the ending says",
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
      return try format.read?(library.host.read(path), path, library) ?? .nil
    },
    Builtin(
      "write", "Writes a value to a file in the format of its ending.",
      details: """
        png svg: a figure; png jpg: an image (jpg at quality 95). npy: a tensor. npz safetensors: a map \
        from names to tensors (a model: save). json: lists, maps, numbers, strings, tensors. csv md \
        tex: a table or what `table` takes, md as Markdown and tex as LaTeX. txt md tex lbk: a string. \
        The file appears whole or not at all.
        """,
      searchTerms: ["save", "export", "imwrite", "to_csv", "savemat", "np.save"],
      [written, target, format], result: "nil",
      examples: [
        Example("write(\"done\", output_dir() + \"/a.txt\")"),
        Example("write([{epoch: 1, loss: 0.5}], output_dir() + \"/log.csv\")"),
      ]
    ) { call in
      let (value, path) = (try call[written], try call[target])
      let ending = try ending(call, path)
      let format = try Library.format(ending, of: path, "write")
      guard let bytes = try format.write?(value) else {
        throw call.wrong(written, "\(format.takes) for .\(ending)")
      }
      try library.host.write(bytes, to: path)
      if case .object(let object as TensorObject) = value,
        ["png", "jpg", "jpeg"].contains(ending), try DrawnPixels(object.tensor).isStretched
      {
        library.note(DrawnPixels.note)
      }
      return .nil
    },
  ]
}
