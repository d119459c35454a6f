import Host
import Tensors

extension SafeTensors {
  /// Reads the bytes of a file.
  public init(decoding bytes: [UInt8], path: String) throws {
    try self.init(FileInMemory(bytes), path: path)
  }

  /// Reads a file; `path` is used in errors, which are of kind `file-format`. Floating-point
  /// numbers of 16 and 8 bits become float32, and integers int32 or float64. Tensors with elements
  /// that neither type represents exactly are left out.
  public init(_ file: any OpenFile, path: String) throws {
    if let other = ForeignFile(try file.bytes(count: ForeignFile.telling)) {
      throw Failure(
        "file-format", "\(path) is \(other.what), not a safetensors file", hint: other.hint)
    }
    func wrong(_ text: String) -> Failure {
      Failure(
        "file-format", "\(path) is not a whole safetensors file: \(text)",
        hint: "files that `save` wrote, or that end in .safetensors, can be read")
    }
    guard file.size >= 8 else { throw wrong("it has \(file.size) bytes") }
    let length = try file.bytes(count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= SafeTensors.longestHeader, Int(length) <= file.size - 8 else {
      throw wrong("its header should be \(length) bytes long, and \(file.size - 8) bytes follow")
    }
    let start = 8 + Int(length)
    let header = try file.bytes(at: 8, count: Int(length))
    let json = try JSON(parsing: header, what: "\(path): its header")
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
        offsets[0] <= offsets[1], offsets[1] <= file.size - start
      else { throw wrong("\"\(name)\" lies outside its \(file.size - start) bytes of data") }
      pieces.append((name, entry, offsets[0]..<offsets[1]))
    }
    var end = 0
    for piece in pieces.sorted(by: { SafeTensors.precedes($0.range, $1.range) }) {
      guard piece.range.lowerBound >= end else {
        throw wrong("\"\(piece.name)\" begins before the tensor in front of it ends")
      }
      guard piece.range.lowerBound == end else {
        throw wrong(
          "\(piece.range.lowerBound - end) bytes before \"\(piece.name)\" belong to no tensor")
      }
      end = piece.range.upperBound
    }
    guard end == file.size - start else {
      throw wrong("\(file.size - start - end) bytes follow its last tensor")
    }
    for piece in pieces {
      guard case .string(let type)? = piece.json["dtype"], let shape = wholes(piece.json["shape"])
      else { throw wrong("\"\(piece.name)\" has no dtype and shape") }
      let range = start + piece.range.lowerBound..<start + piece.range.upperBound
      do {
        let (tensor, isFinite) = try SafeTensors.tensor(
          type, shape, file, range, "\(path): \"\(piece.name)\"")
        tensors.append((piece.name, tensor))
        if isFinite { finite.insert(piece.name) }
      } catch let failure as Failure where failure.kind == "element-type" {
        leftOut.append(failure)
      }
    }
  }

  /// The order of tensors in a file.
  private static func precedes(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    (a.lowerBound, a.upperBound) < (b.lowerBound, b.upperBound)
  }

  private static let types: [String: ElementType] = [
    "BOOL": .bool, "U8": .uint8, "I8": .int8, "U16": .uint16, "I16": .int16, "U32": .uint32,
    "I32": .int32, "U64": .uint64, "I64": .int64, "F8_E4M3": .float8_e4m3, "F8_E5M2": .float8_e5m2,
    "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64,
  ]

  /// Reads a tensor. `isFinite` is false where it is not known whether all numbers are finite.
  private static func tensor(
    _ name: String, _ shape: [Int], _ file: any OpenFile, _ range: Range<Int>, _ what: String
  ) throws -> (tensor: Tensor, isFinite: Bool) {
    guard let count = DeclaredSize.product(shape), count <= 1 << 48 else {
      throw Failure("file-format", "\(what) has the shape \(Tensor.describe(shape))")
    }
    guard let type = types[name] else {
      throw Failure(
        "element-type", "\(what) holds numbers of the type \(name), which are not read")
    }
    guard count * type.size == range.count else {
      throw Failure(
        "file-format",
        "\(what) of \(name) \(Tensor.describe(shape)) should have \(count * type.size) bytes and has "
          + "\(range.count)")
    }
    let floats: DType? = type == .float32 ? .float32 : type == .float64 ? .float64 : nil
    var (position, isFinite) = (range.lowerBound, false)
    let tensor = try type.tensor(shape: shape, what: what) { room in
      if let floats {
        isFinite = try file.readInParallel(at: position, into: room, lookingAt: floats)
      } else {
        try file.readInParallel(at: position, into: room)
      }
      position += room.count
    }
    return (tensor, isFinite)
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
