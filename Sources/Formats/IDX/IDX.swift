import Host
import Tensors

/// IDX files, plain or gzipped: the format of MNIST and related data sets.
public enum IDX {
  /// Returns the numbers of an IDX file in its shape: uint8, float32 and float64 unchanged, and
  /// int8, int16 and int32 as int32. `name` is used in the errors `idx-format` and `idx-truncated`.
  public static func decode(_ bytes: [UInt8], name: String) throws -> Tensor {
    let isGzip = bytes.starts(with: [0x1F, 0x8B])
    let input =
      try isGzip
      ? Inflate(bytes[...], .gzip) { Failure("idx-format", "idx: \(name): \($0)") } : nil
    var plain = 0
    func take(_ count: Int, _ into: UnsafeMutableRawPointer) throws -> Int {
      if let input { return try input.read(count, into: into) }
      let available = min(count, bytes.count - plain)
      bytes.withUnsafeBytes { source in
        if let base = source.baseAddress {
          into.copyMemory(from: base + plain, byteCount: available)
        }
      }
      plain += available
      return available
    }
    func header(_ count: Int) throws -> [UInt8] {
      try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = try buffer.baseAddress.map { try take(count, $0) } ?? 0
      }
    }

    let magic = try header(4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0, let type = types[magic[2]], magic[3] > 0
    else {
      throw Failure(
        "idx-format",
        "idx: \(name) is not an IDX file: it begins with \(hex(magic)), not with 00 00, a type "
          + "(08, 09, 0b, 0c, 0d, 0e) and a number of axes")
    }
    let sizes = try header(4 * Int(magic[3]))
    guard sizes.count == 4 * Int(magic[3]) else {
      throw Failure("idx-truncated", "idx: \(name) is cut short: it ends in its header")
    }
    let shape = stride(from: 0, to: sizes.count, by: 4).map { i in
      sizes[i..<i + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let wanted = DeclaredSize.product(shape, elementSize: type.size) ?? .max
    // A declared size that the file cannot contain is not allocated.
    let possible = isGzip ? bytes.count &* Inflate.mostPerByte : bytes.count - 4 - sizes.count
    guard wanted <= possible else {
      throw cut(name, shape, wanted: wanted, came: isGzip ? nil : possible)
    }
    var raw = try Tensor(uninitialized: [wanted], .uint8)
    let got = try raw.write(UInt8.self) { try take(wanted, UnsafeMutableRawPointer($0)) }
    guard got == wanted else { throw cut(name, shape, wanted: wanted, came: got) }
    let rest = try header(1)
    guard rest.isEmpty else {
      throw Failure(
        "idx-format", "idx: \(name) holds more than the \(Tensor.describe(shape)) it declares")
    }
    if let input, !input.isComplete {
      throw Failure(
        "idx-truncated", "idx: \(name) is cut short: its last bytes, the checksum, are missing")
    }
    // The bytes are already laid out as in a tensor.
    if type == .uint8 { return try raw.reshaped(shape) }
    return try raw.readBytes {
      try type.tensor($0, shape: shape, isBigEndian: true, what: "idx: \(name)")
    }
  }

  private static let types: [UInt8: ElementType] = [
    8: .uint8, 9: .int8, 11: .int16, 12: .int32, 13: .float32, 14: .float64,
  ]

  private static func cut(_ name: String, _ shape: [Int], wanted: Int, came: Int?) -> Failure {
    let lack = came.map { ", \(wanted - $0) of \(wanted) bytes are missing" } ?? ""
    return Failure(
      "idx-truncated", "idx: \(name) is cut short: it declares \(Tensor.describe(shape))\(lack)")
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.isEmpty
      ? "nothing"
      : bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
