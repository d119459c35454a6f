import Host
import Images
import Language
import Models
import Pictures
import Tensors

/// How files of an ending are read and written.
struct FileFormat {
  /// Gives the value of a file's bytes; nil where it can't be read.
  var read: ((_ bytes: [UInt8], _ path: String, _ host: Host) throws -> Value)?
  /// Gives the file's bytes; nil for a value that the format does not take.
  var write: ((Value) throws -> [UInt8]?)?
  /// What it takes, for errors.
  var takes = ""
}

extension Library {
  /// The formats by ending. A new one is added here.
  static let fileFormats: [String: FileFormat] = [
    "png": FileFormat(
      read: { .object(TensorObject(try image($0, $1, $2))) },
      write: { value in
        if case .object(let object as FigureObject) = value { return try object.figure.png() }
        return try bitmap(of: value)?.png()
      }, takes: "a figure or an image"),
    "jpg": FileFormat(read: { .object(TensorObject(try image($0, $1, $2))) }),
    "jpeg": FileFormat(read: { .object(TensorObject(try image($0, $1, $2))) }),
    "svg": FileFormat(
      write: { value in
        guard case .object(let object as FigureObject) = value else { return nil }
        return try object.figure.svg()
      }, takes: "a figure"),
    "npy": FileFormat(
      read: { bytes, path, _ in .object(TensorObject(try NPY.decode(bytes, name: path))) },
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
      write: { value in
        guard case .object(let object as TableObject) = value else { return nil }
        return Array(object.csv.utf8)
      }, takes: "a table: table(rows)"),
    "txt": .text, "md": .text, "tex": .text, "lbk": .text,
  ]

  /// An image file's pixels as float32 0..1, [3, h, w] or [1, h, w], turned as the camera noted.
  private static func image(_ bytes: [UInt8], _ path: String, _ host: Host) throws -> Tensor {
    let options = DecodeOptions(isOriented: true, pixelLimit: try DecodeOptions.pixelLimit(host))
    return try Pixels.floats(try ImageFile.decode(bytes, name: path, options: options))
  }

  static func format(of path: String, _ operation: String) throws -> FileFormat {
    let ending = fileEnding(path)
    guard let format = fileFormats[ending] else {
      let known = fileFormats.filter { operation == "read" ? $1.read != nil : $1.write != nil }
        .keys.sorted().joined(separator: " ")
      throw Failure(
        "file-format",
        "\(operation): no format is known for \"\(path)\"; the ending must be one of \(known)")
    }
    return format
  }
}

extension FileFormat {
  /// Text as it is.
  fileprivate static let text = FileFormat(
    read: { bytes, name, _ in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Failure("file-format", "read: \(name) is no text in UTF-8")
      }
      return Value(text)
    },
    write: { value in
      switch value {
      case .string(let box): Array(box.text.utf8)
      case .object(is TableObject): Array((value.printed + "\n").utf8)
      default: nil
      }
    }, takes: "a string or a table")
}

/// `read`, `write`.
func fileBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "read", area: "files", "Reads a file by its ending.",
      details: """
        png jpg: an image, float32 [3, h, w] or [1, h, w] of 0..1, turned as the camera noted. npy: a tensor. json: lists, maps, \
        numbers, strings. csv: a list of maps, by the first line's names. txt md tex lbk: a string. \
        A relative path begins in the folder that limbeck was called in.
        """,
      [.required("path", .string, "the file")], result: "as the ending says",
      examples: [
        Example(
          "write({lr: 0.1}, output_dir() + \"/a.json\")\nread(output_dir() + \"/a.json\").lr", "0.1"
        )
      ]
    ) { call in
      let path = try call.string("path")
      guard let read = try Library.format(of: path, "read").read else {
        throw Failure("file-format", "read: .\(fileEnding(path)) files are only written")
      }
      return try read(try library.host.read(path), path, library.host)
    },
    Builtin(
      "write", area: "files", "Writes a value to a file by its ending.",
      details: """
        png svg: a figure; png: an image. npy: a tensor. json: lists, maps, numbers, strings, \
        tensors. csv: a table. txt md tex lbk: a string or table. The file appears whole or not at \
        all.
        """,
      [
        .required("value", .any, "what to write"),
        .required("path", .string, "where to"),
      ], result: "nil", examples: [Example("write(\"done\", output_dir() + \"/a.txt\")")]
    ) { call in
      let path = try call.string("path")
      let format = try Library.format(of: path, "write")
      guard let write = format.write else {
        throw Failure("file-format", "write: .\(fileEnding(path)) files are only read")
      }
      guard let bytes = try write(call["value"]) else {
        throw call.wrong("value", "\(format.takes) for .\(fileEnding(path))")
      }
      try library.host.write(bytes, to: path)
      return .nil
    },
  ]
}
