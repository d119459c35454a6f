import Host

/// Reads one matrix of a MATLAB file of version 5: numbers, text, a cell, a struct or an object.
/// Every declared size is compared with the bytes that are there before memory is allocated.
struct MATMatrix {
  private var elements: MATElements
  private let depth: Int

  /// Takes the elements of a matrix, which is inside `depth` cells and structs.
  init(_ elements: MATElements, depth: Int) {
    (self.elements, self.depth) = (elements, depth)
  }

  private func damaged(_ what: String) -> Failure { elements.damaged(what) }

  /// Returns its name, which only variables have, and its value.
  func read() throws -> (name: String, value: MATValue) {
    var matrix = self
    return try matrix.parse()
  }

  private mutating func parse() throws -> (name: String, value: MATValue) {
    guard depth <= 32 else { throw damaged("cells and structs lie more than 32 deep") }
    if elements.rest.isEmpty { return ("", .empty) }
    let flags = try elements.next()
    guard flags.kind == MATElements.Kind.uint32, flags.data.count == 8 else {
      throw damaged("a matrix has no flags")
    }
    let bits = elements.word(flags.data, 0)
    let kind = bits & 0xFF
    // An object of a new class has no dimensions.
    if kind == 17 {
      let name = try elements.nextName()
      _ = try elements.nextName()
      return (name, .unread("an object of class \(try elements.nextName())"))
    }
    let (shape, count) = try dimensions()
    let name = try elements.nextName()
    switch kind {
    case 1: return (name, .cells(MATCells(shape: shape, values: try inner(count))))
    case 2: return (name, try structs(shape, count))
    case 3: return (name, .unread("an object of class \(try elements.nextName())"))
    case 4: return (name, .text(try text(shape, count)))
    case 5: return (name, .unread("a sparse matrix"))
    case 16: return (name, .unread("a function"))
    default:
      guard let type = ElementType(class: kind) else {
        throw damaged("a matrix is of class \(kind)")
      }
      let numbers = try numbers(shape, count, type)
      return (name, bits & 0x800 == 0 ? .numbers(numbers) : .unread("a complex matrix"))
    }
  }

  private mutating func dimensions() throws -> (shape: [Int], count: Int) {
    let (kind, data) = try elements.next()
    guard kind == MATElements.Kind.int32 || kind == MATElements.Kind.uint32,
      (8...4 * 32).contains(data.count), data.count % 4 == 0
    else { throw damaged("a matrix has no dimensions") }
    let shape = (0..<data.count / 4).map { elements.word(data, $0) }
    guard shape.allSatisfy({ $0 < 1 << 31 }), let count = DeclaredSize.product(shape) else {
      throw damaged("a dimension is out of range")
    }
    return (shape, count)
  }

  private mutating func numbers(_ shape: [Int], _ count: Int, _ type: ElementType) throws
    -> MATNumbers
  {
    if count == 0 && elements.rest.isEmpty {
      return MATNumbers(shape: shape, type: type, bytes: [])
    }
    let (kind, data) = try elements.next()
    guard let stored = ElementType(element: kind) else {
      throw damaged("numbers of type \(kind) are declared")
    }
    guard data.count % stored.size == 0, data.count / stored.size == count else {
      throw damaged("a matrix of \(count) numbers holds \(data.count / stored.size)")
    }
    return MATNumbers(
      shape: shape, type: type, stored: stored, bytes: data, isBigEndian: elements.isBigEndian)
  }

  /// Returns the text of a character matrix; its rows are joined with newlines.
  private mutating func text(_ shape: [Int], _ count: Int) throws -> String {
    let (kind, data) = elements.rest.isEmpty ? (MATElements.Kind.utf8, []) : try elements.next()
    // Such texts consist of spaces, as SciPy reads them, too.
    if data.isEmpty, count > 0 {
      guard count <= 1 << 16 else { throw damaged("a text of \(count) characters holds none") }
      return MATText(shape: shape, units: [UInt16](repeating: 32, count: count)).text
    }
    guard let size = [1: 1, 2: 1, 3: 2, 4: 2, 16: 1, 17: 2, 18: 4][kind], data.count % size == 0
    else { throw damaged("characters of type \(kind) are declared") }
    let units: [UInt16]
    if kind == MATElements.Kind.utf8 {
      units = Array(String(decoding: data, as: UTF8.self).utf16)
    } else {
      let codes = (0..<data.count / size).map { elements.word(data, $0, size: size) }
      units =
        size < 4
        ? codes.map { UInt16($0) }
        : Array(String(decoding: codes.map { UInt32($0) }, as: UTF32.self).utf16)
    }
    guard units.count >= count || kind == MATElements.Kind.utf8 && data.count >= count else {
      throw damaged("a text of \(count) characters holds \(units.count)")
    }
    return MATText(shape: shape, units: units).text
  }

  private mutating func structs(_ shape: [Int], _ count: Int) throws -> MATValue {
    let length = try elements.next()
    guard length.kind == MATElements.Kind.int32, length.data.count == 4 else {
      throw damaged("a struct has no length of its fields' names")
    }
    let names = try elements.next().data
    let one = elements.word(length.data, 0)
    guard one > 0, names.count % one == 0 else { throw damaged("a struct has no fields' names") }
    var fields: [String] = []
    var seen: [String: Int] = [:]
    for i in 0..<names.count / one {
      let bytes = names.dropFirst(i * one).prefix(one).prefix { $0 != 0 }
      let field = String(decoding: bytes, as: UTF8.self)
      // A second field of one name is renamed as SciPy does it.
      let earlier = seen[field, default: 0]
      seen[field] = earlier + 1
      fields.append(earlier == 0 ? field : "_\(earlier)_\(field)")
    }
    guard let all = DeclaredSize.product([count, fields.count]), count <= 1 << 16 || all > 0 else {
      throw damaged("a struct is too large")
    }
    return .structs(MATStructs(shape: shape, fields: fields, values: try inner(all)))
  }

  /// Returns the matrices inside a cell or struct.
  private mutating func inner(_ count: Int) throws -> [MATValue] {
    guard count <= elements.rest.count / 8 else {
      throw damaged(
        "\(count) inner matrices are declared, there is room for \(elements.rest.count / 8)")
    }
    var values: [MATValue] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      let (kind, data) = try elements.next()
      guard kind == MATElements.Kind.matrix else {
        throw damaged("an inner element is of type \(kind), not a matrix")
      }
      values.append(try MATMatrix(elements.inside(data), depth: depth + 1).read().value)
    }
    return values
  }
}

extension ElementType {
  /// The type of a matrix of numbers of a MATLAB class.
  fileprivate init?(class kind: Int) {
    let types: [ElementType] = [
      .float64, .float32, .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64,
    ]
    guard (6...15).contains(kind) else { return nil }
    self = types[kind - 6]
  }

  /// The type of the numbers of an element.
  fileprivate init?(element kind: Int) {
    switch kind {
    case 1: self = .int8
    case 2: self = .uint8
    case 3: self = .int16
    case 4: self = .uint16
    case 5: self = .int32
    case 6: self = .uint32
    case 7: self = .float32
    case 9: self = .float64
    case 12: self = .int64
    case 13: self = .uint64
    default: return nil
    }
  }
}
