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
      let (file, offset) = try place(proto, count * type.size, wrong)
      return try constant(type, shape, what) { at, room in
        try file.readInParallel(at: offset + at, into: room)
      }
    }
    return try bytes(proto, type, wrong) { bytes in
      guard bytes.count == count * type.size else {
        throw wrong(
          "of \(type.rawValue) \(Tensor.describe(shape)) should have \(count * type.size) bytes and "
            + "has \(bytes.count)")
      }
      return try constant(type, shape, what) { at, room in
        room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[at..<at + room.count]))
      }
    }
  }

  /// A constant whose bytes `fill` reads, each time those from an offset on.
  private func constant(
    _ type: ElementType, _ shape: [Int], _ what: String,
    fill: (_ offset: Int, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws -> ONNXModel.Constant {
    if type == .int64 {
      let count = shape.reduce(1, *)
      let numbers = try [Int](unsafeUninitializedCapacity: count) { buffer, filled in
        try fill(
          0,
          UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[..<(8 * count)]))
        filled = count
      }
      return .integers(numbers, shape: shape)
    }
    var position = 0
    return .tensor(
      try type.tensor(shape: shape, what: "\(path): \(what)") { room in
        try fill(position, room)
        position += room.count
      })
  }

  /// The place of a tensor that is in another file.
  private func place(_ proto: Onnx_TensorProto, _ count: Int, _ wrong: (String) -> Failure) throws
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

  /// Passes on the bytes of a tensor, which can be stored as numbers of the message too.
  private func bytes<R>(
    _ proto: Onnx_TensorProto, _ type: ElementType, _ wrong: (String) -> Failure,
    _ body: (UnsafeRawBufferPointer) throws -> R
  ) throws -> R {
    guard proto.rawData.isEmpty else { return try proto.rawData.withUnsafeBytes(body) }
    return switch type {
    case .float32: try proto.floatData.withUnsafeBytes(body)
    case .float64: try proto.doubleData.withUnsafeBytes(body)
    case .int64: try proto.int64Data.withUnsafeBytes(body)
    case .int32: try proto.int32Data.withUnsafeBytes(body)
    case .uint8, .bool:
      try proto.int32Data.map { UInt8(truncatingIfNeeded: $0) }.withUnsafeBytes(body)
    case .float16, .bfloat16:
      try proto.int32Data.map { UInt16(truncatingIfNeeded: $0) }.withUnsafeBytes(body)
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
