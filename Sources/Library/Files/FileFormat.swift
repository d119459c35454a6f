import Host
import Language

/// How files of an ending become values and values files. Each format's is declared in a file of its own,
/// beside the translation between values and what `Formats` reads and writes.
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
    "png": .png, "jpg": .jpeg, "jpeg": .jpeg, "jpe": .jpeg, "jfif": .jpeg, "webp": .picture,
    "gif": .picture, "bmp": .picture, "tif": .picture, "tiff": .picture, "svg": .svg, "npy": .npy,
    "npz": .npz, "safetensors": .safeTensors, "mat": .mat, "json": .json, "csv": .csv, "txt": .text,
    "lbk": .text, "md": .markdown, "tex": .latex,
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
