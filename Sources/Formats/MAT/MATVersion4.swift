import Host

/// MATLAB files of version 4, which have no file header. A file is a sequence of matrices, each
/// with five four-byte numbers (type, rows, columns, complex flag, length of the name), its name
/// and its values.
struct MATVersion4 {
  /// The variables, in the file's order.
  private(set) var variables: [(name: String, value: MATValue)] = []

  /// Returns whether the bytes begin like such a file.
  static func isOne(_ bytes: [UInt8]) -> Bool { Header(bytes, at: 0) != nil }

  /// Reads the bytes of a file; `name` is used in error messages. Throws `mat-format` and
  /// `mat-truncated`.
  init(_ bytes: [UInt8], name: String) throws {
    func truncated(_ what: String) -> Failure {
      Failure("mat-truncated", "mat: \(name) is cut short: \(what)")
    }
    var at = 0
    while at < bytes.count {
      try Interrupt.check()
      guard bytes.count - at >= 20 else { throw truncated("it ends in a matrix's header") }
      guard let header = Header(bytes, at: at) else {
        throw Failure("mat-format", "mat: \(name) is damaged: no matrix begins at byte \(at)")
      }
      at += 20
      guard header.nameLength <= bytes.count - at else { throw truncated("it ends in a name") }
      let label = String(
        decoding: bytes[at..<at + header.nameLength].prefix { $0 != 0 }, as: UTF8.self)
      at += header.nameLength
      guard let size = header.byteCount, size <= bytes.count - at else {
        throw truncated("\(label) lacks some of its numbers")
      }
      let data = bytes[at..<at + size]
      at += size
      if header.isComplex || header.form == 2 {
        variables.append(
          (label, .unread(header.form == 2 ? "a sparse matrix" : "a complex matrix")))
        continue
      }
      let numbers = MATNumbers(
        shape: [header.rows, header.columns], type: header.type, bytes: data,
        isBigEndian: header.isBigEndian)
      variables.append(
        (label, header.form == 1 ? .text(try MATVersion4.text(numbers)) : .numbers(numbers)))
    }
  }

  /// Returns the text of a character matrix, which is stored as numbers; its rows are joined with
  /// newlines.
  private static func text(_ numbers: MATNumbers) throws -> String {
    let characters = try numbers.tensor(what: "mat").doubles.map { x in
      Character(UInt32(exactly: x).flatMap(UnicodeScalar.init) ?? "\u{FFFD}")
    }
    let columns = numbers.shape[1]
    return (0..<numbers.shape[0]).map { row in
      String(characters[row * columns..<(row + 1) * columns])
    }.joined(separator: "\n")
  }

  private struct Header {
    let type: ElementType
    /// 0 for numbers, 1 for characters, 2 for a sparse matrix.
    let form: Int
    let rows: Int
    let columns: Int
    let isComplex: Bool
    let nameLength: Int
    let isBigEndian: Bool

    private static let types: [ElementType] = [
      .float64, .float32, .int32, .int16, .uint16, .uint8,
    ]

    init?(_ bytes: [UInt8], at: Int) {
      guard bytes.count - at >= 20 else { return nil }
      func word(_ i: Int, _ isBig: Bool) -> Int {
        let four = bytes[at + 4 * i..<at + 4 * i + 4]
        return isBig
          ? four.reduce(0) { $0 << 8 | Int($1) } : four.reversed().reduce(0) { $0 << 8 | Int($1) }
      }
      // The thousands digit is the byte order: 0 little-endian, 1 big-endian. The tens digit is the
      // type of the numbers.
      let isBig = word(0, false) > 9999
      let code = word(0, isBig)
      let (kind, form) = (code / 10 % 10, code % 10)
      guard code / 1000 == (isBig ? 1 : 0), code / 100 % 10 == 0, form <= 2,
        Header.types.indices.contains(kind), word(3, isBig) <= 1
      else { return nil }
      isBigEndian = isBig
      type = Header.types[kind]
      self.form = form
      rows = word(1, isBig)
      columns = word(2, isBig)
      isComplex = word(3, isBig) == 1
      nameLength = word(4, isBig)
      guard (1...4096).contains(nameLength), rows < 1 << 31, columns < 1 << 31 else { return nil }
    }

    /// The size of the numbers in bytes; nil if it is larger than any file.
    var byteCount: Int? {
      DeclaredSize.product([rows, columns], elementSize: type.size * (isComplex ? 2 : 1))
    }
  }
}
