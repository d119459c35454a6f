import Host

/// MATLAB files of version 7.3, which are HDF5 files. A variable is a data set or a group whose
/// attributes say what it is in MATLAB. HDF5's order of the axes is the reverse of MATLAB's, so the
/// numbers are in MATLAB's order.
struct MATVersion73 {
  private let file: HDF5File
  private let name: String

  /// Returns whether bytes begin like such a file, or like an HDF5 file of another program.
  static func isOne(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: HDF5File.signature) { return true }
    guard bytes.starts(with: Array("MATLAB ".utf8)) else { return false }
    // The first of such files have another number in their text.
    return bytes.starts(with: Array("MATLAB 7.3".utf8))
      || bytes.count >= 128 && bytes[124..<128].elementsEqual([0, 2, 0x49, 0x4D])
  }

  /// Takes the bytes of a file; `name` is used in error messages. Throws `mat-format`.
  init(_ bytes: [UInt8], name: String) throws {
    self.name = name
    guard bytes.count > 512, HDF5File.start(in: bytes) != nil else {
      throw Failure("mat-truncated", "mat: \(name) is cut short: it ends in its header")
    }
    file = try HDF5File(bytes, name: "mat: \(name)")
  }

  /// Reads all variables. Throws `mat-format` and `out-of-memory`.
  func variables() throws -> [(name: String, value: MATValue)] {
    var walk = Walk(file: file, name: name)
    let links = try walk.reading { try file.object(file.root).links() }
    guard case .some(let links?) = links else {
      throw Failure("mat-format", "mat: \(name) is an HDF5 file in a form that is not read")
    }
    // `#refs#` and `#subsystem#` hold what variables refer to.
    return try links.filter { !$0.name.hasPrefix("#") }.map { label, address in
      (label, try walk.value(address, depth: 0))
    }
  }
}

/// One walk through the objects of a file.
private struct Walk {
  let file: HDF5File
  let name: String
  /// How many objects may still be read. An object takes more bytes, unless it is referred to often.
  private var left: Int

  init(file: HDF5File, name: String) {
    (self.file, self.name) = (file, name)
    left = file.content.bytes.count / 32
  }

  /// Reads something; nil if its form is not known.
  func reading<T>(_ read: () throws -> T) throws -> T? {
    do { return try read() } catch is HDF5Unread { return nil }
  }

  mutating func value(_ address: Int, depth: Int) throws -> MATValue {
    left -= 1
    guard left >= 0, depth <= 32 else {
      throw file.content.damaged("cells and structs lie too deep or contain themselves")
    }
    try Interrupt.check()
    do {
      let object = try file.object(address)
      return try object.links().map { try group(object, $0, depth: depth) }
        ?? dataset(object, depth: depth)
    } catch let unread as HDF5Unread {
      return .unread(unread.what)
    }
  }

  /// A struct or a struct array, whose fields are the objects of a group.
  private mutating func group(
    _ object: HDF5Object, _ links: [(name: String, address: Int)], depth: Int
  ) throws -> MATValue {
    if try object.attribute("MATLAB_sparse") != nil { return .unread("a sparse matrix") }
    guard let kind = try object.attribute("MATLAB_class")?.text else { return foreign("group") }
    guard kind == "struct", try object.attribute("MATLAB_object_decode") == nil else {
      return .unread(kind == "function_handle" ? "a function" : "an object of class \(kind)")
    }
    let addresses = Dictionary(links.map { ($0.name, $0.address) }, uniquingKeysWith: { a, _ in a })
    let fields = try object.attribute("MATLAB_fields")?.texts() ?? links.map(\.name)
    guard Set(fields) == Set(links.map(\.name)), fields.count == links.count else {
      throw file.content.damaged("a struct's fields are \(fields)")
    }
    let parts = try fields.compactMap { field in
      try addresses[field].map { (address: $0, elements: try elements($0)) }
    }
    // In a struct array each field refers to the values of the structs; in a struct it is its value.
    guard let (shape, count) = parts.first?.elements.map({ ($0.shape, $0.values.count) }) else {
      return .structs(
        MATStructs(
          shape: [1, 1], fields: fields,
          values: try parts.map { try value($0.address, depth: depth + 1) }))
    }
    var values: [MATValue] = []
    for i in 0..<count {
      for part in parts {
        guard let elements = part.elements, elements.shape == shape else {
          throw file.content.damaged("the fields of a struct array have different shapes")
        }
        values.append(try referred(elements.values[i], depth: depth + 1))
      }
    }
    return .structs(MATStructs(shape: shape.reversed(), fields: fields, values: values))
  }

  /// The references of a field of a struct array, which has no class; nil for another object.
  private func elements(_ address: Int) throws -> (shape: [Int], values: [Int?])? {
    let found = try reading { () -> (shape: [Int], values: [Int?])? in
      let object = try file.object(address)
      guard try object.links() == nil, try object.attribute("MATLAB_class") == nil else {
        return nil
      }
      let data = try object.data()
      return try data.references().map { (data.shape, $0) }
    }
    return found ?? nil
  }

  private mutating func referred(_ address: Int?, depth: Int) throws -> MATValue {
    guard let address else { return .unread("a reference to nothing") }
    return try value(address, depth: depth)
  }

  private func foreign(_ what: String) -> MATValue {
    .unread("an HDF5 \(what) without a MATLAB class, written by another program")
  }

  private mutating func dataset(_ object: HDF5Object, depth: Int) throws -> MATValue {
    guard let kind = try object.attribute("MATLAB_class")?.text else { return foreign("data set") }
    if kind == "function_handle" { return .unread("a function") }
    guard try object.attribute("MATLAB_object_decode") == nil else {
      return .unread("an object of class \(kind)")
    }
    let data = try object.data()
    if let isEmpty = try object.attribute("MATLAB_empty")?.integers,
      isEmpty.contains(where: { $0 != 0 })
    {
      return try empty(object, kind, data)
    }
    let shape = Array(data.shape.reversed())
    if kind == "cell" {
      guard let addresses = try data.references() else { throw misfit(kind) }
      return .cells(
        MATCells(
          shape: shape, values: try addresses.map { try referred($0, depth: depth + 1) }))
    }
    if case .record = data.type.kind { return .unread("a complex matrix") }
    guard let type = ElementType(matlab: kind) ?? (kind == "char" ? .uint16 : nil) else {
      return .unread("an object of class \(kind)")
    }
    guard case .number(let stored) = data.type.kind else { throw misfit(kind) }
    if kind == "char" {
      guard stored.size <= 2, let codes = data.integers else { throw misfit(kind) }
      return .text(MATText(shape: shape, units: codes.map { UInt16(clamping: $0) }).text)
    }
    return .numbers(
      MATNumbers(
        shape: shape, type: type, stored: stored, bytes: data.bytes,
        isBigEndian: data.type.isBigEndian))
  }

  /// A value without elements, whose data are its dimensions.
  private func empty(_ object: HDF5Object, _ kind: String, _ data: HDF5Data) throws -> MATValue {
    let fields = try object.attribute("MATLAB_fields")?.texts() ?? []
    // Structs without fields have no other value either.
    guard let shape = data.integers, shape.count <= 32, let count = DeclaredSize.product(shape),
      count == 0 || kind == "struct" && fields.isEmpty && count <= 1 << 16
    else { throw misfit("empty \(kind)") }
    switch kind {
    case "char": return .text("")
    case "cell": return .cells(MATCells(shape: shape, values: []))
    case "struct": return .structs(MATStructs(shape: shape, fields: fields, values: []))
    default:
      return ElementType(matlab: kind).map {
        .numbers(MATNumbers(shape: shape, type: $0, bytes: []))
      } ?? .unread("an object of class \(kind)")
    }
  }

  private func misfit(_ kind: String) -> Failure {
    file.content.damaged("a value of class \(kind) holds other data")
  }
}

extension ElementType {
  /// The type of the numbers of a MATLAB class; nil for other classes.
  fileprivate init?(matlab kind: String) {
    switch kind {
    case "logical": self = .uint8
    case "single": self = .float32
    case "double": self = .float64
    case "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64":
      guard let type = ElementType(rawValue: kind) else { return nil }
      self = type
    default: return nil
    }
  }
}
