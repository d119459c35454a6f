import Host

/// The elements of a data set or an attribute, in row-major order.
struct HDF5Data {
  let type: HDF5Type
  let shape: [Int]
  let bytes: ArraySlice<UInt8>
  private let content: HDF5Bytes

  /// Takes the bytes that are stored, which may be followed by others.
  init(type: HDF5Type, shape: HDF5Shape, stored: ArraySlice<UInt8>, _ content: HDF5Bytes) throws {
    guard let size = DeclaredSize.product([shape.count, type.size]), size <= stored.count else {
      throw content.damaged("\(shape.sizes) elements of \(type.size) bytes do not fit their data")
    }
    (self.type, self.shape, self.content) = (type, shape.sizes, content)
    bytes = stored.prefix(size)
  }

  /// The number of elements.
  var count: Int { bytes.count / type.size }

  /// The whole numbers, which are not negative; nil for other elements.
  var integers: [Int]? {
    guard case .number(let type) = type.kind, type != .float32, type != .float64, type != .float16,
      !self.type.isBigEndian
    else { return nil }
    return try? (0..<count).map { try HDF5Data.number(bytes, $0, type.size, content) }
  }

  private static func number(
    _ bytes: ArraySlice<UInt8>, _ i: Int, _ size: Int, _ content: HDF5Bytes
  ) throws -> Int {
    var cursor = HDF5Cursor(bytes.dropFirst(i * size), content)
    return try cursor.number(size)
  }

  /// The text of a single element; nil for other elements.
  var text: String? {
    guard case .text = type.kind else { return nil }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The addresses of the objects that the elements refer to, with nil for none; nil for other
  /// elements.
  func references() throws -> [Int?]? {
    guard case .reference = type.kind else { return nil }
    var cursor = HDF5Cursor(bytes, content)
    return try (0..<count).map { _ in
      let address = try cursor.address()
      return address == 0 ? nil : address
    }
  }

  /// The texts of lists of characters, which are in a heap of the file; nil for other elements.
  func texts() throws -> [String]? {
    guard case .list(let element) = type.kind, element.size == 1 else { return nil }
    var cursor = HDF5Cursor(bytes, content)
    var heaps: [Int: [Int: ArraySlice<UInt8>]] = [:]
    return try (0..<count).map { _ in
      let (length, heap) = (try cursor.number(4), try cursor.number(8))
      let index = try cursor.number(4)
      if length == 0 { return "" }
      if heaps[heap] == nil { heaps[heap] = try HDF5Data.heap(at: heap, content) }
      guard let bytes = heaps[heap]?[index], length <= bytes.count else {
        throw content.damaged("a text is not in its heap")
      }
      return String(decoding: bytes.prefix(length), as: UTF8.self)
    }
  }

  /// The objects of a global heap, by their indices.
  private static func heap(at address: Int, _ content: HDF5Bytes) throws -> [Int: ArraySlice<UInt8>]
  {
    var head = try content.part(address, after: "GCOL", 12)
    try head.skip(4)
    var rest = try content.cursor(address + 16, max(0, try head.number(8) - 16))
    var objects: [Int: ArraySlice<UInt8>] = [:]
    while rest.rest.count >= 16 {
      let index = try rest.number(2)
      try rest.skip(6)
      let size = try rest.number(8)
      // What is left belongs to no object.
      if index == 0 { break }
      objects[index] = try rest.bytes(size)
      try rest.skip(min((8 - size % 8) % 8, rest.rest.count))
    }
    return objects
  }
}
