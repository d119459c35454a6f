import Host
import Tensors

/// A file of named tensors: eight bytes with the length of the header, the header in JSON, and the
/// numbers in little-endian byte order and row-major layout (github.com/huggingface/safetensors).
public struct SafeTensors {
  /// The tensors, in the file's order.
  public var tensors: [(name: String, tensor: Tensor)]
  /// The reasons why tensors of the file were left out, as errors of kind `element-type`.
  public internal(set) var leftOut: [Failure] = []
  /// The names of tensors of which it is known since they were read that all numbers are finite.
  public var finite: Set<String> = []
  /// The text metadata.
  public var metadata: [(String, String)]

  /// Creates the content of a file.
  public init(_ tensors: [(name: String, tensor: Tensor)], metadata: [(String, String)] = []) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The maximum length of a header, the same as in the original implementation.
  static let longestHeader = 100_000_000

  /// Returns the tensor of a name.
  public subscript(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }

  /// Returns the bytes of the file.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    parts { bytes += $0 }
    return bytes
  }

  /// Writes the file completely or not at all, without a copy of the tensors. Throws `file-format`
  /// if the names and metadata are too long for a reader.
  public func write(to path: String, on host: Host) throws {
    guard self["__metadata__"] == nil else {
      throw Failure(
        "file-format",
        "\(path): a tensor can't be called \"__metadata__\" in a safetensors file, which has its metadata there"
      )
    }
    let length = layout.header.count
    guard length <= SafeTensors.longestHeader else {
      throw Failure(
        "file-format",
        "\(path): a safetensors file has at most \(SafeTensors.longestHeader) bytes of names and "
          + "metadata, and these are \(length)")
    }
    try host.write(to: path, parts)
  }

  /// Passes on the parts of the file: the header, then the tensors.
  public func parts(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    let (header, order) = layout
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    try (length + header).withUnsafeBytes(write)
    for i in order { try tensors[i].tensor.readBytes(write) }
  }

  /// The header, and the order of the tensors' numbers. Those with larger elements come first, so
  /// that each is aligned to its elements; the header names them in their own order. If the
  /// metadata have no `format`, it is `pt`, which readers in Python ask for.
  private var layout: (header: [UInt8], order: [Int]) {
    let order = tensors.indices.sorted { a, b in
      (-tensors[a].tensor.dtype.size, a) < (-tensors[b].tensor.dtype.size, b)
    }
    var starts = [Int](repeating: 0, count: tensors.count)
    var position = 0
    for i in order {
      starts[i] = position
      position += tensors[i].tensor.byteCount
    }
    var texts = metadata
    if !texts.contains(where: { $0.0 == "format" }) { texts.insert(("format", "pt"), at: 0) }
    var entries = [("__metadata__", JSON.object(texts.map { ($0.0, .string($0.1)) }))]
    for (start, (name, tensor)) in zip(starts, tensors) {
      entries.append(
        (
          name,
          .object([
            ("dtype", .string(SafeTensors.name(of: tensor.dtype))), ("shape", JSON(tensor.shape)),
            ("data_offsets", JSON([start, start + tensor.byteCount])),
          ])
        ))
    }
    var header = Array(JSON.object(entries).text.utf8)
    while header.count % 8 != 0 { header.append(32) }
    return (header, order)
  }

  private static func name(of dtype: DType) -> String {
    switch dtype {
    case .bool: "BOOL"
    case .uint8: "U8"
    case .int32: "I32"
    case .float32: "F32"
    case .float64: "F64"
    }
  }
}
