import Host
import Language

/// Comma-separated values (RFC 4180) as maps by the first line's names.
enum CSV {
  /// The rows; a cell that reads as a number is one, an empty cell is nil. Throws `csv` for a row of
  /// another length than the first.
  static func decode(_ bytes: [UInt8], name: String) throws -> [Value] {
    let rows = cells(bytes)
    guard let head = rows.first else { return [] }
    guard Set(head.cells).count == head.cells.count else {
      throw Failure("csv", "read: \(name): two columns have one name")
    }
    return try rows.dropFirst().map { row in
      guard row.cells.count == head.cells.count else {
        throw Failure(
          "csv",
          "read: \(name):\(row.line): \(row.cells.count) cells, and \(head.cells.count) columns")
      }
      var entries = Entries()
      for (column, cell) in zip(head.cells, row.cells) {
        entries[.string(column)] =
          cell.isEmpty ? .nil : Double(cell).map { .number($0) } ?? Value(cell)
      }
      return .map(Map(entries))
    }
  }

  private static func cells(_ bytes: [UInt8]) -> [(line: Int, cells: [String])] {
    var rows: [(line: Int, cells: [String])] = []
    var row: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var line = 1
    var start = 1
    func text() -> String { String(decoding: cell, as: UTF8.self) }
    // A byte order mark is no part of the first name.
    var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == 10 { line += 1 }
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          cell.append(byte)
        } else if at < bytes.count, bytes[at] == byte {
          cell.append(byte)
          at += 1
        } else {
          isQuoted = false
        }
      } else if byte == UInt8(ascii: "\""), cell.isEmpty {
        isQuoted = true
      } else if byte == UInt8(ascii: ",") {
        row.append(text())
        cell = []
      } else if byte == 10 {
        if cell.last == 13 { cell.removeLast() }
        if !row.isEmpty || !cell.isEmpty { rows.append((start, row + [text()])) }
        row = []
        cell = []
        start = line
      } else {
        cell.append(byte)
      }
    }
    if !row.isEmpty || !cell.isEmpty { rows.append((start, row + [text()])) }
    return rows
  }
}
