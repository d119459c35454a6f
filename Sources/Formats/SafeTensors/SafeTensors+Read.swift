import Host
import Tensors

extension SafeTensors {
  /// Reads the bytes of a file; `path` is used in errors, which are of kind `file-format`.
  /// Floating-point numbers of 16 and 8 bits become float32, and integers int32 or float64. Tensors
  /// with elements that neither type represents exactly are left out.
  public init(decoding bytes: [UInt8], path: String) throws {
    if let other = ForeignFile(bytes) {
      throw Failure(
        "file-format", "\(path) is \(other.what), not a safetensors file", hint: other.hint)
    }
    func wrong(_ text: String) -> Failure {
      Failure(
        "file-format", "\(path) is not a whole safetensors file: \(text)",
        hint: "files that `save` wrote, or that end in .safetensors, can be read")
    }
    guard bytes.count >= 8 else { throw wrong("it has \(bytes.count) bytes") }
    var length: UInt64 = 0
    for i in 0..<8 { length |= UInt64(bytes[i]) << UInt64(8 * i) }
    guard length <= SafeTensors.longestHeader, Int(length) <= bytes.count - 8 else {
      throw wrong(
        "its header should be \(length) bytes long, and \(bytes.count - 8) bytes follow")
    }
    let start = 8 + Int(length)
    let json = try JSON(parsing: bytes[8..<start], what: "\(path): its header")
    guard case .object(let entries) = json else { throw wrong("its header is not an object") }
    self.init([])
    var pieces: [(name: String, json: JSON, range: Range<Int>)] = []
    for (name, entry) in entries {
      if name == "__metadata__" {
        guard case .object(let pairs) = entry else { throw wrong("its metadata is not an object") }
        for (key, value) in pairs {
          guard case .string(let text) = value else {
            throw wrong("metadata \"\(key)\" is not a text")
          }
          metadata.append((key, text))
        }
        continue
      }
      guard let offsets = wholes(entry["data_offsets"]), offsets.count == 2,
        offsets[0] <= offsets[1], offsets[1] <= bytes.count - start
      else { throw wrong("\"\(name)\" lies outside its \(bytes.count - start) bytes of data") }
      pieces.append((name, entry, offsets[0]..<offsets[1]))
    }
    pieces.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for piece in pieces {
      guard piece.range.lowerBound == end else {
        throw wrong("\"\(piece.name)\" does not begin where the tensor before it ends")
      }
      end = piece.range.upperBound
      guard case .string(let type)? = piece.json["dtype"], let shape = wholes(piece.json["shape"])
      else { throw wrong("\"\(piece.name)\" has no dtype and shape") }
      let data = bytes[start + piece.range.lowerBound..<start + piece.range.upperBound]
      do {
        tensors.append(
          (piece.name, try SafeTensors.tensor(type, shape, data, "\(path): \"\(piece.name)\"")))
      } catch let failure as Failure where failure.kind == "element-type" {
        leftOut.append(failure)
      }
    }
    guard end == bytes.count - start else {
      throw wrong("\(bytes.count - start - end) bytes follow its last tensor")
    }
  }

  private static let types: [String: ElementType] = [
    "BOOL": .bool, "U8": .uint8, "I8": .int8, "U16": .uint16, "I16": .int16, "U32": .uint32,
    "I32": .int32, "U64": .uint64, "I64": .int64, "F8_E4M3": .float8_e4m3, "F8_E5M2": .float8_e5m2,
    "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64,
  ]

  private static func tensor(
    _ name: String, _ shape: [Int], _ data: ArraySlice<UInt8>, _ what: String
  ) throws -> Tensor {
    guard let count = DeclaredSize.product(shape), count <= 1 << 48 else {
      throw Failure("file-format", "\(what) has the shape \(Tensor.describe(shape))")
    }
    guard let type = types[name] else {
      throw Failure(
        "element-type", "\(what) holds numbers of the type \(name), which are not read")
    }
    guard count * type.size == data.count else {
      throw Failure(
        "file-format",
        "\(what) of \(name) \(Tensor.describe(shape)) should have \(count * type.size) bytes and has "
          + "\(data.count)")
    }
    return try data.withUnsafeBytes { try type.tensor($0, shape: shape, what: what) }
  }
}

/// Returns the non-negative integers of a JSON array.
private func wholes(_ json: JSON?) -> [Int]? {
  guard case .array(let items)? = json else { return nil }
  var numbers: [Int] = []
  for item in items {
    guard case .number(let x) = item, let whole = Int(exactly: x), whole >= 0 else { return nil }
    numbers.append(whole)
  }
  return numbers
}
