import Host
import Tensors

/// Files of named tensors: eight bytes that say how long the header is, a header in JSON, the numbers,
/// little-endian and row-major (github.com/huggingface/safetensors).
public struct SafeTensors {
  /// The tensors, in the file's order.
  public var tensors: [(name: String, tensor: Tensor)]
  /// Why tensors of the file are not among these: of each the error, of kind `element-type`.
  public internal(set) var leftOut: [Failure] = []
  /// Text about them.
  public var metadata: [(String, String)]

  /// Makes a file's content.
  public init(_ tensors: [(name: String, tensor: Tensor)], metadata: [(String, String)] = []) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Headers beyond this are refused, as by the original.
  static let longestHeader = 100_000_000

  /// The tensor of a name.
  public subscript(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }

  /// The file's bytes.
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
