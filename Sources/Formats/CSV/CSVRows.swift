import Host

/// The cells of comma-separated values (RFC 4180), as text.
public struct CSVRows: Sendable {
  /// A row, with the number of the line of the file in which it begins, counted from 1.
  public struct Row: Sendable {
    /// The line number.
    public let line: Int
    /// The cells.
    public let cells: [String]
  }

  /// The first row.
  public let head: [String]
  /// The other rows, each with the same number of cells as the first.
  public let rows: [Row]

  /// Reads a table; nil if it is empty. `operation` and `name` are used in error messages. Throws
  /// `csv` if a row differs in length from the first, if two columns have the same name, if a quote
  /// is not closed, and if lines end in CR alone; throws `file-format` if the bytes are not text.
  public init?(_ bytes: [UInt8], operation: String, name: String) throws {
    let all = try CSVRows.rows(bytes, operation, name)
    guard let first = all.first else { return nil }
    head = first.cells
    guard Set(head).count == head.count else {
      throw Failure("csv", "\(operation): \(name): two columns have one name")
    }
    rows = Array(all.dropFirst())
    if let row = rows.first(where: { [head] in $0.cells.count != head.count }) {
      throw Failure(
        "csv",
        "\(operation): \(name):\(row.line): \(row.cells.count) cells, and \(head.count) columns")
    }
  }

  /// Returns all rows of a table without a header line; they may differ in length. For damaged
  /// text, throws the same errors as `init`.
  public static func withoutHead(_ bytes: [UInt8], operation: String, name: String) throws -> [Row]
  {
    try rows(bytes, operation, name)
  }

  /// The same table without spaces around the cells.
  public var trimmed: CSVRows {
    func trim(_ cell: String) -> String {
      let text = cell.utf8.drop { $0 == 32 || $0 == 9 }
      let spaces = text.reversed().prefix { $0 == 32 || $0 == 9 }.count
      return spaces == 0 && text.count == cell.utf8.count
        ? cell : String(decoding: text.dropLast(spaces), as: UTF8.self)
    }
    return CSVRows(
      head: head.map(trim),
      rows: rows.map { Row(line: $0.line, cells: $0.cells.map(trim)) })
  }

  private init(head: [String], rows: [Row]) {
    self.head = head
    self.rows = rows
  }

  private static func rows(_ bytes: [UInt8], _ operation: String, _ name: String) throws -> [Row] {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw Failure("file-format", "\(operation): \(name) is not text in UTF-8")
    }
    // Lines ending in CR, as on old Macs, would all be read as one line.
    if !bytes.contains(10), let first = bytes.firstIndex(of: 13), first < bytes.count - 1,
      !bytes[..<first].contains(UInt8(ascii: "\""))
    {
      throw Failure(
        "csv", "\(operation): \(name): lines must end in LF or CR LF, not in CR alone",
        hint: "tr '\\r' '\\n' < old.csv > new.csv mends it")
    }
    var rows: [Row] = []
    var row: [String] = []
    var cell: [UInt8] = []
    var quoted: Int?
    var line = 1
    var start = 1
    func text() -> String { String(decoding: cell, as: UTF8.self) }
    // A byte order mark is not part of the first name.
    var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == 10 { line += 1 }
      if quoted != nil {
        if byte != UInt8(ascii: "\"") {
          cell.append(byte)
        } else if at < bytes.count, bytes[at] == byte {
          cell.append(byte)
          at += 1
        } else {
          quoted = nil
        }
      } else if byte == UInt8(ascii: "\""), cell.isEmpty {
        quoted = line
      } else if byte == UInt8(ascii: ",") {
        row.append(text())
        cell.removeAll(keepingCapacity: true)
      } else if byte == 10 {
        if cell.last == 13 { cell.removeLast() }
        if !row.isEmpty || !cell.isEmpty { rows.append(Row(line: start, cells: row + [text()])) }
        row = []
        cell.removeAll(keepingCapacity: true)
        start = line
      } else {
        cell.append(byte)
      }
    }
    if let quoted {
      throw Failure(
        "csv", "\(operation): \(name):\(quoted): the quote that begins here has no end")
    }
    if cell.last == 13 { cell.removeLast() }
    if !row.isEmpty || !cell.isEmpty { rows.append(Row(line: start, cells: row + [text()])) }
    return rows
  }
}
