import Glibc
import Host
import Tensors

extension SafeTensors {
  /// Reads a file's bytes; `path` is for errors, of kind `file-format`. Numbers of 16 and 8 bits become
  /// float32; integers int32 or float64. What neither holds exactly is left out.
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
    guard case .object(let entries) = json else { throw wrong("its header is no object") }
    self.init([])
    var pieces: [(name: String, json: JSON, range: Range<Int>)] = []
    for (name, entry) in entries {
      if name == "__metadata__" {
        guard case .object(let pairs) = entry else { throw wrong("its metadata are no object") }
        for (key, value) in pairs {
          guard case .string(let text) = value else {
            throw wrong("metadata \"\(key)\" is no text")
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

  private static func tensor(
    _ type: String, _ shape: [Int], _ data: ArraySlice<UInt8>, _ what: String
  ) throws -> Tensor {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= 1 << 48 else {
        throw Failure("file-format", "\(what) has the shape \(Tensor.describe(shape))")
      }
      count = product
    }
    func check(_ size: Int) throws {
      guard count * size == data.count else {
        throw Failure(
          "file-format",
          "\(what) of \(type) \(Tensor.describe(shape)) should have \(count * size) bytes and has "
            + "\(data.count)")
      }
    }
    func plain<T: Element>(_: T.Type) throws -> Tensor {
      try check(MemoryLayout<T>.size)
      var tensor = try Tensor(uninitialized: shape, T.dtype)
      try tensor.write(T.self) { target in
        data.withUnsafeBytes { source in
          if let base = source.baseAddress { memcpy(target, base, source.count) }
        }
      }
      return tensor
    }
    func converted<S: BitwiseCopyable, T: Element>(_: S.Type, _ convert: (S) throws -> T) throws
      -> Tensor
    {
      try check(MemoryLayout<S>.size)
      let elements = try data.withUnsafeBytes { source in
        try (0..<count).map {
          try convert(source.loadUnaligned(fromByteOffset: $0 * MemoryLayout<S>.size, as: S.self))
        }
      }
      return try Tensor(elements, shape: shape)
    }
    func wholes<S: FixedWidthInteger>(_: S.Type) throws -> Tensor {
      try check(MemoryLayout<S>.size)
      let numbers = data.withUnsafeBytes { source in
        (0..<count).map {
          source.loadUnaligned(fromByteOffset: $0 * MemoryLayout<S>.size, as: S.self)
        }
      }
      return try Tensor(exactly: numbers, shape: shape, what: what)
    }
    switch type {
    case "F32": return try plain(Float.self)
    case "F64": return try plain(Double.self)
    case "I32": return try plain(Int32.self)
    case "U8": return try plain(UInt8.self)
    case "BOOL": return try converted(UInt8.self) { $0 != 0 }
    case "I8": return try converted(Int8.self) { Int32($0) }
    case "I16": return try converted(Int16.self) { Int32($0) }
    case "U16": return try converted(UInt16.self) { Int32($0) }
    case "U32": return try wholes(UInt32.self)
    case "I64": return try wholes(Int64.self)
    case "U64": return try wholes(UInt64.self)
    case "F16": return try converted(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case "BF16": return try converted(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case "F8_E5M2":
      return try converted(UInt8.self) { Float(Float16(bitPattern: UInt16($0) << 8)) }
    case "F8_E4M3": return try converted(UInt8.self, eighth)
    default:
      throw Failure(
        "element-type", "\(what) holds numbers of the type \(type), which are not read")
    }
  }

  /// The number that 8 bits are, 4 of them an exponent; there is no infinity.
  private static func eighth(_ bits: UInt8) -> Float {
    if bits & 0x7F == 0x7F { return .nan }
    let (exponent, fraction) = (Int(bits >> 3 & 15), Float(bits & 7) / 8)
    let size =
      exponent == 0
      ? fraction * 0x1p-6 : Float(sign: .plus, exponent: exponent - 7, significand: 1 + fraction)
    return bits & 0x80 == 0 ? size : -size
  }
}

/// The whole numbers, 0 or more, of a JSON list.
private func wholes(_ json: JSON?) -> [Int]? {
  guard case .array(let items)? = json else { return nil }
  var numbers: [Int] = []
  for item in items {
    guard case .number(let x) = item, let whole = Int(exactly: x), whole >= 0 else { return nil }
    numbers.append(whole)
  }
  return numbers
}
