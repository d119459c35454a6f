import Host

/// Validates the structure of a MATLAB file of version 5 to 7 before matio reads it. Every declared
/// size must fit into the enclosing element, and the number of values in a matrix must match its
/// dimensions: matio allocates memory by the dimensions before it reads, so a single wrong bit
/// could make it allocate gigabytes.
struct MATLayout {
  /// The file with every variable decompressed, which is passed to matio.
  private(set) var plain: [UInt8]
  /// The variables of unsupported kinds: `("f", "a function")`.
  private(set) var leftOut: [(name: String, kind: String)] = []
  /// The number of matrices in the file, including nested ones.
  private(set) var matrixCount = 0

  private let name: String
  /// The top-level variable that is being validated.
  private var outerName = ""
  private let isBigEndian: Bool
  private static let headerSize = 128

  /// Validates the bytes of a file. Throws `mat-format`, `mat-truncated` and `out-of-memory`.
  init(_ bytes: [UInt8], name: String) throws {
    self.name = name
    isBigEndian = try MATLayout.checkHeader(bytes, name)
    plain = Array(bytes[..<MATLayout.headerSize])
    var at = MATLayout.headerSize
    while at < bytes.count {
      try Interrupt.check()
      let (kind, size) = try outerTag(bytes, at)
      at += 8
      guard size <= bytes.count - at else {
        throw truncated("a variable lacks \(size - (bytes.count - at)) bytes")
      }
      let start = plain.count
      if kind == Kind.compressed {
        try unpack(bytes[at..<at + size])
      } else if kind == Kind.matrix {
        plain += bytes[at - 8..<at + size]
      } else {
        throw damaged("at byte \(at - 8) it holds an element of type \(kind), not a variable")
      }
      do {
        var cursor = Cursor(at: start + 8, end: plain.count)
        try walkMatrix(&cursor, depth: 0)
      } catch let unread as Unread {
        leftOut.append((name: outerName, kind: unread.kind))
        plain.removeSubrange(start...)
      }
      at += size
    }
  }

  /// Element types.
  private enum Kind {
    static let int8 = 1
    static let int32 = 5
    static let uint32 = 6
    static let matrix = 14
    static let compressed = 15
    /// Returns the size of one number or character in bytes.
    static func size(_ kind: Int) -> Int? {
      switch kind {
      case 1, 2, 16: 1
      case 3, 4, 17: 2
      case 5, 6, 7, 18: 4
      case 9, 12, 13: 8
      default: nil
      }
    }
  }

  /// A matrix of an unsupported kind.
  private struct Unread: Error {
    let kind: String
  }

  private struct Cursor {
    var at: Int
    let end: Int
    var left: Int { end - at }
  }

  private static func checkHeader(_ bytes: [UInt8], _ name: String) throws -> Bool {
    let start = bytes.prefix(116)
    func begins(_ text: String) -> Bool { start.starts(with: text.utf8) }
    if bytes.isEmpty { throw Failure("mat-format", "mat: \(name) is empty") }
    if begins("MATLAB 7.3") || start.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      throw Failure(
        "mat-format", "mat: \(name) is a MATLAB file of version 7.3 (HDF5), which is not read",
        hint: "save it in MATLAB with save(..., '-v7'), or in Python with scipy.io.savemat")
    }
    let text = String(decoding: start.drop { $0 <= 0x20 }.prefix(14), as: UTF8.self).lowercased()
    if text.hasPrefix("<!doctype") || text.hasPrefix("<html") || text.hasPrefix("<?xml") {
      throw Failure(
        "mat-format", "mat: \(name) is a web page, not a MATLAB file",
        hint: "the download gave a page in place of the file; download it again")
    }
    if begins("# Created by Octave") || begins("# name:") || begins("Octave-1-") {
      throw Failure(
        "mat-format", "mat: \(name) is in a format of Octave's own, which is not read",
        hint: "save it in Octave with save -v7 \(name) and the variables' names")
    }
    guard bytes.count >= headerSize else {
      throw begins("MATLAB")
        ? Failure("mat-truncated", "mat: \(name) is cut short: it ends in its header")
        : Failure("mat-format", "mat: \(name) is not a MATLAB file of version 4 to 7")
    }
    switch (bytes[124], bytes[125], bytes[126], bytes[127]) {
    case (0, 1, 0x49, 0x4D): return false
    case (1, 0, 0x4D, 0x49): return true
    default: throw Failure("mat-format", "mat: \(name) is not a MATLAB file of version 4 to 7")
    }
  }

  private func damaged(_ what: String) -> Failure {
    Failure("mat-format", "mat: \(name) is damaged: \(what)")
  }
  private func truncated(_ what: String) -> Failure {
    Failure("mat-truncated", "mat: \(name) is cut short: \(what)")
  }

  private func word(_ bytes: [UInt8], _ at: Int) -> Int {
    let four = isBigEndian ? Array(bytes[at..<at + 4]) : bytes[at..<at + 4].reversed()
    return four.reduce(0) { $0 << 8 | Int($1) }
  }

  private func outerTag(_ bytes: [UInt8], _ at: Int) throws -> (kind: Int, size: Int) {
    guard bytes.count - at >= 8 else { throw truncated("it ends in a variable's tag") }
    return (word(bytes, at), word(bytes, at + 4))
  }

  /// Decompresses a variable and appends it to `plain`.
  private mutating func unpack(_ packed: ArraySlice<UInt8>) throws {
    let name = name
    let stream = try Inflate(packed, .zlib) { Failure("mat-format", "mat: \(name): \($0)") }
    let tag = try stream.read(8)
    guard tag.count == 8 else { throw truncated("a variable ends in its tag") }
    let (kind, size) = try outerTag(tag, 0)
    guard kind == Kind.matrix else {
      throw damaged("a packed variable is of type \(kind), not a matrix")
    }
    guard size <= packed.count * Inflate.mostPerByte else {
      throw truncated(
        "\(packed.count) packed bytes can't hold the \(size) that a variable declares")
    }
    // Swift arrays do not count towards the memory limit, but must not crash the process.
    try Memory.reserve(plain.count + size, for: "mat: the variables of \(name)")
    Memory.release(plain.count + size)
    let body = try stream.read(size)
    guard body.count == size else {
      throw truncated("a variable lacks \(size - body.count) bytes")
    }
    plain += tag
    plain += body
  }

  /// Returns the type of an element and the position and size of its data, and moves the cursor
  /// past it.
  private func element(_ cursor: inout Cursor) throws -> (kind: Int, at: Int, size: Int) {
    guard cursor.left >= 8 else { throw damaged("an element's tag is missing") }
    let first = word(plain, cursor.at)
    // Up to four bytes are stored in the tag itself; the upper half of its first word is then their
    // count.
    if first >> 16 != 0 {
      let size = first >> 16
      guard size <= 4 else { throw damaged("a short element has \(size) bytes") }
      defer { cursor.at += 8 }
      return (first & 0xFFFF, cursor.at + 4, size)
    }
    let size = word(plain, cursor.at + 4)
    let at = cursor.at + 8
    guard size <= cursor.end - at else {
      throw damaged("an element declares \(size) bytes, \(cursor.end - at) are there")
    }
    let padded = first == Kind.compressed ? size : (size + 7) / 8 * 8
    cursor.at = min(cursor.end, at + padded)
    return (first, at, size)
  }

  /// Validates a matrix, from just after its tag to its end.
  private mutating func walkMatrix(_ cursor: inout Cursor, depth: Int) throws {
    matrixCount += 1
    guard depth <= 32 else { throw damaged("cells and structs lie more than 32 deep") }
    if cursor.left == 0 { return }
    let flags = try element(&cursor)
    guard flags.kind == Kind.uint32, flags.size == 8 else { throw damaged("a matrix has no flags") }
    let flagBits = word(plain, flags.at)
    let sizes = try element(&cursor)
    guard sizes.kind == Kind.int32, sizes.size >= 8, sizes.size <= 4 * 32, sizes.size % 4 == 0
    else {
      throw damaged("a matrix has no dimensions")
    }
    let dimensions = (0..<sizes.size / 4).map { word(plain, sizes.at + 4 * $0) }
    guard dimensions.allSatisfy({ $0 < 1 << 31 }), let count = DeclaredSize.product(dimensions)
    else { throw damaged("a dimension is out of range") }
    let label = try element(&cursor)
    guard label.kind == Kind.int8 || label.kind == 2 else { throw damaged("a matrix has no name") }
    if depth == 0 {
      outerName = String(decoding: plain[label.at..<label.at + label.size], as: UTF8.self)
    }
    func unread(_ kind: String) -> Unread {
      Unread(kind: depth == 0 ? kind : "a cell or struct that holds \(kind)")
    }
    switch flagBits & 0xFF {
    case 1: try walkInner(count, &cursor, depth: depth)
    case 2:
      let length = try element(&cursor)
      guard length.kind == Kind.int32, length.size == 4 else {
        throw damaged("a struct has no length of its fields' names")
      }
      let names = try element(&cursor)
      let one = word(plain, length.at)
      guard one > 0, names.size % one == 0 else { throw damaged("a struct has no fields' names") }
      guard let all = DeclaredSize.product([count, names.size / one]) else {
        throw damaged("a struct is too large")
      }
      // matio searches for the terminator of each name.
      for i in stride(from: names.at, to: names.at + names.size, by: one)
      where !plain[i..<i + one].contains(0) { throw damaged("a field's name has no end") }
      try walkInner(all, &cursor, depth: depth)
    case 4: try checkNumbers(count, &cursor, isText: true)
    case 6...15:
      try checkNumbers(count, &cursor, isText: false)
      if flagBits & 0x800 != 0 { throw unread("a complex matrix") }
    case 3: throw unread("an object")
    case 5: throw unread("a sparse matrix")
    case 16: throw unread("a function")
    case 17: throw unread("an object")
    case let other: throw damaged("a matrix is of class \(other)")
    }
  }

  /// Validates the matrices inside a cell or struct.
  private mutating func walkInner(_ count: Int, _ cursor: inout Cursor, depth: Int) throws {
    guard count <= cursor.left / 8 else {
      throw damaged("\(count) inner matrices are declared, there is room for \(cursor.left / 8)")
    }
    for _ in 0..<count {
      let inner = try element(&cursor)
      guard inner.kind == Kind.matrix else {
        throw damaged("an inner element is of type \(inner.kind), not a matrix")
      }
      var inside = Cursor(at: inner.at, end: inner.at + inner.size)
      try walkMatrix(&inside, depth: depth + 1)
    }
  }

  /// Checks that the number of values matches the dimensions. A character may take several bytes.
  private func checkNumbers(_ count: Int, _ cursor: inout Cursor, isText: Bool) throws {
    if count == 0 && cursor.left == 0 { return }
    let data = try element(&cursor)
    guard let size = Kind.size(data.kind) else {
      throw damaged("numbers of type \(data.kind) are declared")
    }
    let there = data.size / size
    guard data.size % size == 0, there == count || (isText && there >= count) else {
      throw damaged("a matrix of \(count) numbers holds \(there)")
    }
  }
}
