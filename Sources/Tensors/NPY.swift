import Host

/// NumPy's .npy files, version 1.0 to 3.0 (numpy.lib.format), little-endian.
public enum NPY {
  private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// A tensor as a .npy file.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    let sizes = tensor.shape.map(String.init).joined(separator: ", ")
    let shape = tensor.rank == 1 ? "(\(sizes),)" : "(\(sizes))"
    var header =
      "{'descr': '\(code(of: tensor.dtype))', 'fortran_order': False, 'shape': \(shape), }"
    // The data begins at a multiple of 64 bytes; the header ends with a newline.
    let unpadded = magic.count + 4 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = header.utf8.count
    var bytes = magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8)
    tensor.readBytes { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// The tensor of a .npy file. Types that tensors do not have are read as the next that holds them:
  /// int8, int16, uint16 as int32, float16 as float32, int64 and uint32 as int32 where every element
  /// fits. Throws `npy-format`, `npy-truncated`; `name` stands in the message.
  public static func decode(_ bytes: [UInt8], name: String) throws -> Tensor {
    guard bytes.count >= 10, Array(bytes[..<6]) == magic else {
      throw Failure(
        "npy-format", "read: \(name) is no .npy file: it does not begin with \\x93NUMPY")
    }
    let wide = bytes[6] >= 2
    let start = wide ? 12 : 10
    guard bytes.count >= start else { throw truncated(name) }
    let length =
      wide
      ? (0..<4).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
      : Int(bytes[8]) | Int(bytes[9]) << 8
    guard bytes.count - start >= length else { throw truncated(name) }
    let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
    guard let descr = quoted(after: "'descr'", in: header), let shape = sizes(in: header) else {
      throw Failure("npy-format", "read: \(name): its header can't be read: \(header.prefix(80))")
    }
    let isFortran = value(after: "'fortran_order'", in: header)?.hasPrefix("True") == true
    guard let type = Stored(descr) else {
      throw Failure("npy-format", "read: \(name) holds \(descr), which is no type of a tensor")
    }
    // In Fortran's order the first index runs fastest.
    let tensor = try type.tensor(
      isFortran ? shape.reversed() : shape, bytes[(start + length)...], truncated: truncated(name),
      name: name)
    return isFortran ? try tensor.transposed() : tensor
  }

  private static func code(of dtype: DType) -> String {
    switch dtype {
    case .bool: "|b1"
    case .uint8: "|u1"
    case .int32: "<i4"
    case .float32: "<f4"
    case .float64: "<f8"
    }
  }

  private static func truncated(_ name: String) -> Failure {
    Failure("npy-truncated", "read: \(name) ends before its data does")
  }

  /// What stands after `key` and a colon, up to the header's end.
  private static func value(after key: String, in header: String) -> Substring? {
    let text = Array(header.utf8)
    let wanted = Array(key.utf8)
    guard text.count >= wanted.count,
      let at = (0...text.count - wanted.count).first(where: {
        text[$0..<$0 + wanted.count].elementsEqual(wanted)
      })
    else { return nil }
    let rest = String(decoding: text[(at + wanted.count)...], as: UTF8.self)
    return Substring(rest).drop { $0 == ":" || $0 == " " }
  }

  private static func quoted(after key: String, in header: String) -> String? {
    guard let value = value(after: key, in: header), value.first == "'" else { return nil }
    return String(value.dropFirst().prefix { $0 != "'" })
  }

  private static func sizes(in header: String) -> [Int]? {
    guard let value = value(after: "'shape'", in: header), value.first == "(" else { return nil }
    let inside = value.dropFirst().prefix { $0 != ")" }
    var sizes: [Int] = []
    for part in inside.split(separator: ",") {
      let digits = part.filter { $0 != " " }
      if digits.isEmpty { continue }
      guard let size = Int(digits), size >= 0 else { return nil }
      sizes.append(size)
    }
    return sizes
  }
}

/// How a .npy file stores its elements.
private enum Stored {
  case direct(DType)
  case whole(bytes: Int, signed: Bool)
  case half

  init?(_ descr: String) {
    switch descr {
    case "|b1": self = .direct(.bool)
    case "|u1": self = .direct(.uint8)
    case "<i4": self = .direct(.int32)
    case "<f4": self = .direct(.float32)
    case "<f8": self = .direct(.float64)
    case "|i1": self = .whole(bytes: 1, signed: true)
    case "<i2": self = .whole(bytes: 2, signed: true)
    case "<u2": self = .whole(bytes: 2, signed: false)
    case "<u4": self = .whole(bytes: 4, signed: false)
    case "<i8": self = .whole(bytes: 8, signed: true)
    case "<u8": self = .whole(bytes: 8, signed: false)
    case "<f2": self = .half
    default: return nil
    }
  }

  private var dtype: DType {
    switch self {
    case .direct(let dtype): dtype
    case .whole: .int32
    case .half: .float32
    }
  }
  private var size: Int {
    switch self {
    case .direct(let dtype): dtype.size
    case .whole(let bytes, _): bytes
    case .half: 2
    }
  }

  func tensor(_ shape: [Int], _ data: ArraySlice<UInt8>, truncated: Failure, name: String) throws
    -> Tensor
  {
    // Before anything is allocated: a header may claim any size.
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw truncated }
      count = product
    }
    let (needed, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, data.count >= needed else { throw truncated }
    let bytes = data.prefix(needed)
    switch self {
    case .direct(.bool): return try Tensor(bytes.map { $0 != 0 }, shape: shape)
    case .direct(.uint8): return try Tensor(Array(bytes), shape: shape)
    case .direct(.int32):
      return try Tensor(words(bytes, 4).map { Int32(truncatingIfNeeded: $0) }, shape: shape)
    case .direct(.float32):
      return try Tensor(
        words(bytes, 4).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }, shape: shape)
    case .direct(.float64):
      return try Tensor(words(bytes, 8).map { Double(bitPattern: $0) }, shape: shape)
    case .half:
      return try Tensor(words(bytes, 2).map(Stored.float), shape: shape)
    case .whole(let size, let signed):
      let values = try words(bytes, size).map { word -> Int32 in
        let shift = UInt64(64 - 8 * size)
        let value: Int32? =
          signed
          ? Int32(exactly: Int64(bitPattern: word << shift) >> Int64(shift)) : Int32(exactly: word)
        guard let value else {
          throw Failure("npy-format", "read: \(name) holds a number that does not fit in int32")
        }
        return value
      }
      return try Tensor(values, shape: shape)
    }
  }

  /// The little-endian words of `size` bytes.
  private func words(_ bytes: ArraySlice<UInt8>, _ size: Int) -> [UInt64] {
    let array = Array(bytes)
    return (0..<array.count / size).map { i in
      (0..<size).reduce(UInt64(0)) { $0 | UInt64(array[i &* size &+ $1]) << (8 &* UInt64($1)) }
    }
  }

  /// IEEE 754's half precision.
  private static func float(_ word: UInt64) -> Float {
    let sign: Float = word & 0x8000 == 0 ? 1 : -1
    let exponent = Int(word >> 10 & 31)
    let fraction = Float(word & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}
