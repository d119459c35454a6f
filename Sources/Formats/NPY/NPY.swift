import Host
import Tensors

/// NumPy's .npy files, versions 1.0 to 3.0 (numpy.lib.format).
public enum NPY {
  private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// Returns a tensor as the bytes of a .npy file.
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

  /// Returns whether the bytes begin like a .npy file.
  public static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// The content of a .npy file.
  public enum Content {
    /// Numbers.
    case tensor(Tensor)
    /// Strings, whose last index varies fastest.
    case texts([String], shape: [Int])
  }

  /// Returns the tensor of a .npy file. Throws the errors of `read`, and `element-type` for
  /// strings.
  public static func decode(_ bytes: [UInt8], name: String) throws -> Tensor {
    guard case .tensor(let tensor) = try read(bytes, name: name) else {
      throw Failure("element-type", "read: \(name) holds texts, not numbers")
    }
    return tensor
  }

  /// Reads a .npy file in any form that NumPy writes or reads. An element type that tensors do not
  /// have is converted to the smallest type that represents all elements exactly. Throws
  /// `npy-format`, `npy-truncated`, and `element-type` for elements that cannot be represented;
  /// `name` is used in the messages.
  public static func read(_ bytes: [UInt8], name: String) throws -> Content {
    guard bytes.count >= 10, Array(bytes[..<6]) == magic else {
      throw Failure(
        "npy-format", "read: \(name) is not a .npy file: it does not begin with \\x93NUMPY")
    }
    guard (1...3).contains(bytes[6]) else {
      throw Failure(
        "npy-format", "read: \(name) is a .npy file of version \(bytes[6]); 1 to 3 are read")
    }
    let wide = bytes[6] >= 2
    let start = wide ? 12 : 10
    guard bytes.count >= start else { throw truncated(name) }
    let length =
      wide
      ? (0..<4).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
      : Int(bytes[8]) | Int(bytes[9]) << 8
    guard bytes.count - start >= length else { throw truncated(name) }
    let header = bytes[start..<start + length]
    guard case .map(let fields)? = PythonLiteral(header), let descr = fields["descr"],
      let shape = fields["shape"].flatMap(sizes),
      case .bool(let isFortran)? = fields["fortran_order"] ?? .bool(false)
    else {
      let text = String(decoding: header.prefix(80), as: UTF8.self)
      throw Failure("npy-format", "read: \(name): its header can't be read: \(text)")
    }
    let what = "read: \(name)"
    guard case .text(let code) = descr else {
      throw Failure("element-type", "\(what) holds records of several fields, which are not read")
    }
    guard let type = NPYType(code) else {
      throw Failure("npy-format", "\(what) holds \(code), which is not a type of NumPy's")
    }
    if let kind = type.unread {
      throw Failure("element-type", "\(what) holds \(kind) (\(code)), which are not read")
    }
    let (count, data) = try elements(shape, type.size, bytes[(start + length)...], name)
    // In Fortran order, the first index varies fastest.
    if let tensor = try type.tensor(data, isFortran ? shape.reversed() : shape, what: what) {
      return .tensor(isFortran ? try tensor.transposed() : tensor)
    }
    let texts = try type.texts(data, count: count, what: what)
    return .texts(isFortran ? places(shape).map { texts[$0] } : texts, shape: shape)
  }

  /// Returns the number of elements and their bytes. The size is checked before memory is
  /// allocated, because a header may declare any size.
  private static func elements(
    _ shape: [Int], _ size: Int, _ data: ArraySlice<UInt8>, _ name: String
  ) throws -> (count: Int, bytes: ArraySlice<UInt8>) {
    // Empty strings take no bytes at all.
    guard let count = DeclaredSize.product(shape),
      let needed = DeclaredSize.product(shape, elementSize: size), data.count >= needed,
      size > 0 || count <= 1 << 20
    else { throw truncated(name) }
    return (count, data.prefix(needed))
  }

  /// Returns the positions of the elements of a shape whose first index varies fastest.
  private static func places(_ shape: [Int]) -> [Int] {
    var (places, step) = ([0], 1)
    for side in shape {
      places = places.flatMap { place in (0..<side).map { place + $0 * step } }
      step *= side
    }
    return places
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

  private static func sizes(_ shape: PythonLiteral) -> [Int]? {
    guard case .list(let items) = shape else { return nil }
    let sizes = items.compactMap { item in
      if case .whole(let size) = item, size >= 0 { size } else { nil }
    }
    return sizes.count == items.count ? sizes : nil
  }
}
