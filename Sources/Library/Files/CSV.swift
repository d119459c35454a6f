import Formats
import Host
import Language

/// Comma-separated values as maps by the first line's names.
enum CSV {
  /// The rows. A column whose cells all read as numbers is of numbers, any other of strings; an empty cell is
  /// nil. Throws what `CSVRows` does.
  static func decode(_ bytes: [UInt8], name: String) throws -> [Value] {
    guard let table = try CSVRows(bytes, operation: "read", name: name) else { return [] }
    let areNumbers = table.head.indices.map { column in
      table.rows.allSatisfy { $0.cells[column].isEmpty || isNumber($0.cells[column]) }
    }
    return table.rows.map { row in
      var entries = Entries()
      for (i, cell) in row.cells.enumerated() {
        let number = areNumbers[i] ? Double(cell) : nil
        entries[.string(table.head[i])] =
          number.map { .number($0) } ?? (cell.isEmpty ? .nil : Value(cell))
      }
      return .map(Map(entries))
    }
  }

  /// Whether a cell is a number, and not a name of digits that would come back as another: `00012`, `+49`,
  /// `0x10`, an id of twenty digits.
  private static func isNumber(_ cell: String) -> Bool {
    guard let number = Double(cell) else { return false }
    let digits = cell.hasPrefix("-") ? cell.dropFirst() : Substring(cell)
    guard let first = digits.first else { return false }
    if !number.isFinite { return first.isLetter }
    let whole = digits.prefix { $0.isNumber }
    guard first.isNumber || first == ".", !digits.lowercased().contains("x"),
      whole.count < 2 || first != "0"
    else { return false }
    return whole.count < digits.count || Int(cell).flatMap { Double(exactly: $0) } != nil
  }
}
