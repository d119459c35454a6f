/// A group or a data set: the messages in its header.
struct HDF5Object {
  private let file: HDF5File
  private let messages: [(kind: Int, bytes: ArraySlice<UInt8>)]

  /// Kinds of messages.
  private enum Kind {
    static let shape = 1
    static let type = 3
    static let layout = 8
    static let filters = 11
    static let attribute = 12
    static let continuation = 16
    static let symbols = 17
  }

  /// Reads the header at an address. Throws `mat-format`, or `HDF5Unread` for a newer form.
  init(_ file: HDF5File, _ address: Int) throws {
    self.file = file
    let content = file.content
    if try content.part(address, 4).elementsEqual("OHDR".utf8) {
      throw HDF5Unread(what: "an object in the newer form of HDF5")
    }
    var head = try content.cursor(address, 16)
    guard try head.number(1) == 1 else {
      throw content.damaged("the object header at \(address) is invalid")
    }
    try head.skip(7)
    var blocks = [(at: address + 16, size: try head.number(4))]
    var messages: [(kind: Int, bytes: ArraySlice<UInt8>)] = []
    // A block may refer to itself; none needs as many.
    for _ in 0..<1024 {
      guard let block = blocks.popLast() else {
        self.messages = messages
        return
      }
      var rest = try content.cursor(block.at, block.size)
      while rest.rest.count >= 8 {
        let (kind, size) = (try rest.number(2), try rest.number(2))
        let isShared = try rest.number(1) & 2 != 0
        try rest.skip(3)
        let bytes = try rest.bytes(size)
        guard !isShared else { throw HDF5Unread(what: "data of a type with a name") }
        if kind == Kind.continuation {
          var next = HDF5Cursor(bytes, content)
          blocks.append((try next.number(8), try next.number(8)))
        } else {
          messages.append((kind, bytes))
        }
      }
    }
    throw content.damaged("the object at \(address) has no end")
  }

  private func message(_ kind: Int) -> HDF5Cursor? {
    messages.first { $0.kind == kind }.map { HDF5Cursor($0.bytes, file.content) }
  }

  /// The names and addresses of the objects in a group; nil for a data set.
  func links() throws -> [(name: String, address: Int)]? {
    guard var message = message(Kind.symbols) else { return nil }
    return try HDF5Group(file.content, tree: message.number(8), heap: message.number(8)).links
  }

  /// The value of an attribute; nil if there is none.
  func attribute(_ name: String) throws -> HDF5Data? {
    for message in messages where message.kind == Kind.attribute {
      var cursor = HDF5Cursor(message.bytes, file.content)
      let version = try cursor.number(1)
      guard (1...3).contains(version) else { throw HDF5Unread(what: "an unknown attribute") }
      try cursor.skip(1)
      let sizes = try (0..<3).map { _ in try cursor.number(2) }
      if version == 3 { try cursor.skip(1) }
      func field(_ size: Int) throws -> HDF5Cursor {
        let bytes = try cursor.bytes(size)
        if version == 1 { try cursor.skip(min((8 - size % 8) % 8, cursor.rest.count)) }
        return HDF5Cursor(bytes, file.content)
      }
      guard try field(sizes[0]).rest.prefix(while: { $0 != 0 }).elementsEqual(name.utf8) else {
        continue
      }
      var (type, shape) = (try field(sizes[1]), try field(sizes[2]))
      return try HDF5Data(
        type: HDF5Type(&type), shape: HDF5Shape(&shape, file.content), stored: cursor.rest,
        file.content)
    }
    return nil
  }

  /// The content of a data set. Throws `HDF5Unread` if it is stored in a form that is not known.
  func data() throws -> HDF5Data {
    guard var type = message(Kind.type), var shape = message(Kind.shape),
      let layout = message(Kind.layout)
    else { throw file.content.damaged("a data set has no type, shape or data") }
    let (elementType, sizes) = (try HDF5Type(&type), try HDF5Shape(&shape, file.content))
    let filters = try message(Kind.filters).map { try HDF5Filters($0) } ?? HDF5Filters()
    let stored = try HDF5Layout(layout, file.content).bytes(
      of: sizes, elementSize: elementType.size, filters)
    return try HDF5Data(type: elementType, shape: sizes, stored: stored, file.content)
  }
}
