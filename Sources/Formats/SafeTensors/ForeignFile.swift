/// The type of a file that is not a safetensors file, detected from its first bytes, with a hint on
/// how to convert it.
struct ForeignFile {
  /// The type as part of a sentence: `a PyTorch checkpoint`.
  let what: String
  /// A hint on what to do instead.
  let hint: String

  private init(_ what: String, _ hint: String) { (self.what, self.hint) = (what, hint) }

  /// The number of bytes of a file that decide on its type.
  static let telling = 512

  private static let fromPickle = """
    PyTorch's files are read; in Python: torch.save(dict of tensors, "x.pth"). Of other pickles only \
    Python can tell what they call
    """
  private static let fromArrays = """
    in Python: from safetensors.numpy import save_file; save_file(dict of arrays, "x.safetensors")
    """

  /// nil for bytes that may be a damaged safetensors file, which begins with a length and `{`.
  init?(_ bytes: [UInt8]) {
    if bytes.count > 8, bytes[8] == UInt8(ascii: "{"), bytes[6] == 0, bytes[7] == 0 { return nil }
    func begins(_ start: [UInt8]) -> Bool { bytes.starts(with: start) }
    func begins(_ start: String) -> Bool { bytes.starts(with: Array(start.utf8)) }
    if bytes.isEmpty {
      self.init("empty", "a download or a save that broke off leaves such a file")
    } else if begins("PK\u{3}\u{4}") {
      self = ForeignFile.zip(bytes)
    } else if PyTorchFile.isLegacy(bytes) {
      self = ForeignFile.torch
    } else if bytes.count > 2, bytes[0] == 0x80, (2...5).contains(bytes[1]) {
      self.init("a Python pickle, not PyTorch's", ForeignFile.fromPickle)
    } else if begins([0x89] + Array("HDF".utf8)) {
      self.init(
        "an HDF5 file (Keras, or MATLAB 7.3)",
        "in Python: read it with h5py and write its arrays. " + ForeignFile.fromArrays)
    } else if begins([0x93] + Array("NUMPY".utf8)) {
      self.init("a NumPy array", "read(path) gives the tensor")
    } else if begins("MATLAB 5.0 MAT-file") {
      self.init("a MATLAB file", "read(path) gives its variables")
    } else if begins([0x1F, 0x8B]) {
      self.init("compressed with gzip", "unpack it first: gunzip FILE")
    } else if begins("version https://git-lfs") {
      self.init("a pointer of Git LFS, not the file itself", "git lfs pull fetches the file")
    } else if begins([0x89] + Array("PNG".utf8)) || begins([0xFF, 0xD8, 0xFF]) {
      self.init("an image", "read(path) gives its pixels")
    } else if begins("GGUF") {
      self.init("a GGUF file", "files of safetensors and of PyTorch can be loaded")
    } else if ONNXModel.isOne(bytes) {
      self.init("an ONNX model", "load(path) gives its network")
    } else if ForeignFile.isText(bytes) {
      let isPage = bytes.prefix(200).contains(UInt8(ascii: "<"))
      self.init(
        isPage ? "a page of the web (HTML), or another text" : "a text",
        isPage
          ? "look at it: the server may have sent an error"
          : "`save` writes files that can be loaded")
    } else {
      return nil
    }
  }

  /// Returns the type of a zip archive, determined by the name of its first entry.
  private static func zip(_ bytes: [UInt8]) -> ForeignFile {
    let length = bytes.count > 28 ? Int(bytes[26]) | Int(bytes[27]) << 8 : 0
    let name = String(decoding: bytes.dropFirst(30).prefix(length), as: UTF8.self)
    if name.hasSuffix(".npy") {
      return ForeignFile("an npz archive of NumPy arrays", "read(path) gives its tensors")
    }
    let torch = ["data.pkl", "/byteorder", "/version", ".format_version", "/.data/"]
    if torch.contains(where: { name.hasSuffix($0) || name.contains($0) }) { return .torch }
    return ForeignFile("a zip archive", "unpack it first")
  }

  private static let torch = ForeignFile(
    "a PyTorch file",
    "load(path, into: g) takes its weights, and read(path, format: \"pth\") gives all that it holds"
  )

  /// Returns whether the bytes are a protocol buffer whose first field is a small version number
  /// and whose second field is the producer's name.
  private static func isONNX(_ bytes: [UInt8]) -> Bool {
    bytes.count > 8 && bytes[0] == 8 && bytes[1] < 64 && (bytes[2] == 0x12 || bytes[2] == 0x3A)
  }

  /// Returns whether the first bytes are printable characters in UTF-8, the last of which may be cut
  /// off, unlike the length at the start of a safetensors file.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    let start = bytes.prefix(256)
    return start.allSatisfy { $0 >= 32 && $0 != 127 || [9, 10, 12, 13].contains($0) }
      && (0...3).contains { String(validating: start.dropLast($0), as: UTF8.self) != nil }
  }
}
