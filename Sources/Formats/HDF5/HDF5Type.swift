/// The type of the elements of a data set or an attribute.
struct HDF5Type {
  /// What the elements are.
  indirect enum Kind {
    case number(ElementType)
    /// Text of a fixed number of bytes.
    case text
    /// The addresses of objects.
    case reference
    /// Lists of different lengths.
    case list(of: HDF5Type)
    /// A record of several members, as complex numbers are.
    case record
    case other
  }

  let kind: Kind
  /// The size of an element in bytes.
  let size: Int
  let isBigEndian: Bool

  /// Reads the description of a type.
  init(_ cursor: inout HDF5Cursor, depth: Int = 0) throws {
    let head = try cursor.number(1)
    let bits = try cursor.number(3)
    let size = try cursor.number(4)
    guard size > 0, depth <= 4 else { throw HDF5Unread(what: "data of an unknown type") }
    self.size = size
    isBigEndian = bits & 1 != 0
    switch head & 15 {
    case 0: kind = HDF5Type.integer(size, isSigned: bits & 8 != 0).map(Kind.number) ?? .other
    case 1:
      let types: [Int: ElementType] = [2: .float16, 4: .float32, 8: .float64]
      // The second bit of the byte order stands for the order of the VAX.
      kind = bits & 0x40 == 0 ? types[size].map(Kind.number) ?? .other : .other
    case 3: kind = .text
    case 6: kind = .record
    case 7: kind = bits & 15 == 0 && size == 8 ? .reference : .other
    case 9: kind = size == 16 ? .list(of: try HDF5Type(&cursor, depth: depth + 1)) : .other
    default: kind = .other
    }
  }

  private static func integer(_ size: Int, isSigned: Bool) -> ElementType? {
    switch size {
    case 1: isSigned ? .int8 : .uint8
    case 2: isSigned ? .int16 : .uint16
    case 4: isSigned ? .int32 : .uint32
    case 8: isSigned ? .int64 : .uint64
    default: nil
    }
  }
}

/// The sizes of the axes of a data set or an attribute; none for a single element.
struct HDF5Shape {
  let sizes: [Int]
  /// The number of elements.
  let count: Int

  init(_ cursor: inout HDF5Cursor, _ file: HDF5Bytes) throws {
    let version = try cursor.number(1)
    let rank = try cursor.number(1)
    try cursor.skip(1)
    guard rank <= 32, version == 1 || version == 2 else { throw file.damaged("a shape is wrong") }
    let isEmpty = try cursor.number(1) == 2 && version == 2
    if version == 1 { try cursor.skip(4) }
    sizes = isEmpty ? [0] : try (0..<rank).map { _ in try cursor.number(8) }
    guard let count = DeclaredSize.product(sizes) else {
      throw file.damaged("a shape is too large")
    }
    self.count = count
  }
}
