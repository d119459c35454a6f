import FoundationEssentials
import Host
import ONNXSchema
import Tensors

/// Reads the tensors of an ONNX file, whose sizes are compared with what is there.
struct ONNXTensorReader {
  /// The file, for errors.
  let path: String
  /// Opens another file by its path in the same folder.
  let others: (_ location: String) throws -> any OpenFile

  /// A constant; `what` begins the messages of errors.
  func constant(_ proto: Onnx_TensorProto, _ what: String) throws -> ONNXModel.Constant {
    func wrong(_ text: String) -> Failure { Failure("file-format", "\(path): \(what) \(text)") }
    guard let type = ONNXTensorReader.types[Int(proto.dataType)] else {
      throw wrong("has elements of type \(proto.dataType), which are not read")
    }
    let shape = proto.dims.map { Int($0) }
    guard shape.allSatisfy({ $0 >= 0 }), let count = DeclaredSize.product(shape), count <= 1 << 48
    else { throw wrong("has the shape \(Tensor.describe(shape))") }
    guard !proto.hasSegment else { throw wrong("is in several segments, which are not read") }
    if proto.dataLocation == .external {
      return try constant(type, shape, bytes(proto, count * type.size, wrong), what)
    }
    let stored =
      proto.rawData.isEmpty
      ? try unpacked(proto, type, wrong) : FileInMemory([UInt8](proto.rawData))
    guard stored.size == count * type.size else {
      throw wrong(
        "of \(type.rawValue) \(Tensor.describe(shape)) should have \(count * type.size) bytes and "
          + "has \(stored.size)")
    }
    return try constant(type, shape, (stored, 0), what)
  }

  private func constant(
    _ type: ElementType, _ shape: [Int], _ source: (file: any OpenFile, offset: Int), _ what: String
  ) throws -> ONNXModel.Constant {
    if type == .int64 {
      let bytes = try source.file.bytes(at: source.offset, count: shape.reduce(8, *))
      return .integers(
        stride(from: 0, to: bytes.count, by: 8).map { start in
          Int(
            truncatingIfNeeded: bytes[start..<start + 8].reversed().reduce(UInt64(0)) {
              $0 << 8 | UInt64($1)
            })
        }, shape: shape)
    }
    var position = source.offset
    return .tensor(
      try type.tensor(shape: shape, what: "\(path): \(what)") { room in
        try source.file.readInParallel(at: position, into: room)
        position += room.count
      })
  }

  /// The place of a tensor that is in another file.
  private func bytes(_ proto: Onnx_TensorProto, _ count: Int, _ wrong: (String) -> Failure) throws
    -> (
      file: any OpenFile, offset: Int
    )
  {
    let entries = Dictionary(
      proto.externalData.map { ($0.key, $0.value) }, uniquingKeysWith: { a, _ in a })
    guard let location = entries["location"], let offset = Int(entries["offset"] ?? "0"),
      let length = Int(entries["length"] ?? "\(count)"), offset >= 0
    else { throw wrong("is in another file, and the place is missing") }
    let steps = location.split(separator: "/", omittingEmptySubsequences: false)
    guard
      steps.allSatisfy({ !$0.isEmpty && $0 != ".." && !$0.contains("\\") && !$0.contains("\0") })
    else { throw wrong("is in \"\(location)\", which is not a file of the same folder") }
    let file = try others(location)
    guard length == count, offset <= file.size, count <= file.size - offset else {
      throw wrong(
        "should be bytes \(offset) to \(offset &+ length) of \"\(location)\", which has \(file.size); it "
          + "needs \(count)")
    }
    return (file, offset)
  }

  /// The numbers of a tensor that are stored as numbers of the message.
  private func unpacked(
    _ proto: Onnx_TensorProto, _ type: ElementType, _ wrong: (String) -> Failure
  ) throws -> FileInMemory {
    func bytes<T>(_ numbers: [T]) -> FileInMemory {
      FileInMemory(numbers.withUnsafeBytes { [UInt8]($0) })
    }
    return switch type {
    case .float32: bytes(proto.floatData)
    case .float64: bytes(proto.doubleData)
    case .int64: bytes(proto.int64Data)
    case .int32: bytes(proto.int32Data)
    case .uint8, .bool: bytes(proto.int32Data.map { UInt8(truncatingIfNeeded: $0) })
    case .float16, .bfloat16: bytes(proto.int32Data.map { UInt16(truncatingIfNeeded: $0) })
    default:
      throw wrong("has elements of \(type.rawValue) as numbers of the message, which are not read")
    }
  }

  /// ONNX's numbers for types.
  private static let types: [Int: ElementType] = [
    1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool,
    10: .float16, 11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16, 17: .float8_e4m3,
    19: .float8_e5m2,
  ]
}
