import Host
import Language

/// The conversions between values and the files with a given extension. Each format is declared in
/// its own file, next to the conversion between values and the types that `Formats` reads and
/// writes.
struct FileFormat {
  /// Returns the value of a file; nil if the format cannot be read.
  let read: ((_ path: String, _ library: Library) throws -> Value)?
  /// Returns the parts of the file, or nil for a value that the format does not support.
  let write: ((Value) throws -> FileParts?)?
  /// The values that the format supports, for error messages.
  let takes: String

  /// A format that is read, or written, in parts.
  init(
    reading read: @escaping (any OpenFile, String, Library) throws -> Value,
    writing write: ((Value) throws -> FileParts?)? = nil, takes: String = ""
  ) {
    self.read = { try read($1.host.open($0), $0, $1) }
    (self.write, self.takes) = (write, takes)
  }

  /// A format whose files are in memory as a whole.
  init(
    read: (([UInt8], String, Library) throws -> Value)? = nil,
    write: ((Value) throws -> [UInt8]?)? = nil, takes: String = ""
  ) {
    self.read = read.map { read in { try read($1.host.read($0), $0, $1) } }
    self.write = write.map { write in
      { try write($0).map { bytes in { part in try bytes.withUnsafeBytes(part) } } }
    }
    self.takes = takes
  }
}

extension Library {
  /// The formats by file extension. To add a format, add it here.
  static let fileFormats: [String: FileFormat] = [
    "png": .png, "jpg": .jpeg, "jpeg": .jpeg, "jpe": .jpeg, "jfif": .jpeg, "webp": .picture,
    "gif": .picture, "bmp": .picture, "tif": .picture, "tiff": .picture, "svg": .svg, "pdf": .pdf,
    "npy": .npy,
    "npz": .npz, "safetensors": .safeTensors, "pth": .torch, "pt": .torch, "mat": .mat,
    "json": .json, "csv": .csv, "txt": .text,
    "lbk": .text, "md": .markdown, "tex": .latex,
  ]

  /// Returns the format of a file extension, which must support `operation`. Throws `file-format`,
  /// which lists the known extensions.
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
      "\(operation): no format is known for \"\(path)\"; the extension must be one of \(known)",
      hint: "or name it: \(operation)(..., format: \"npy\")")
  }
}
