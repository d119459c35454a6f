import Host
import Tensors

/// A file of named tensors: eight bytes with the length of the header, the header in JSON, and the
/// numbers in little-endian byte order and row-major layout (github.com/huggingface/safetensors).
public struct SafeTensors {
  /// The tensors, in the file's order.
  public var tensors: [(name: String, tensor: Tensor)]
  /// The reasons why tensors of the file were left out, as errors of kind `element-type`.
  public internal(set) var leftOut: [Failure] = []
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
    var entries: [(String, JSON)] = []
    if !metadata.isEmpty {
      entries.append(("__metadata__", .object(metadata.map { ($0.0, .string($0.1)) })))
    }
    var position = 0
    for (name, tensor) in tensors {
      entries.append(
        (
          name,
          .object([
            ("dtype", .string(SafeTensors.name(of: tensor.dtype))), ("shape", JSON(tensor.shape)),
            ("data_offsets", JSON([position, position + tensor.byteCount])),
          ])
        ))
      position += tensor.byteCount
    }
    var header = Array(JSON.object(entries).text.utf8)
    while header.count % 8 != 0 { header.append(32) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + position)
    for i in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * i))) }
    bytes += header
    for (_, tensor) in tensors { tensor.readBytes { bytes += $0 } }
    return bytes
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
