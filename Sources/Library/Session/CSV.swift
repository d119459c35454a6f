import Archives
import Host
import Language

/// Comma-separated values as maps by the first line's names.
enum CSV {
  /// The rows; a cell that reads as a number is one, an empty cell is nil. Throws what `CSVRows` does.
  static func decode(_ bytes: [UInt8], name: String) throws -> [Value] {
    guard let table = try CSVRows(bytes, operation: "read", name: name) else { return [] }
    return table.rows.map { row in
      var entries = Entries()
      for (column, cell) in zip(table.head, row.cells) {
        entries[.string(column)] =
          cell.isEmpty ? .nil : Double(cell).map { .number($0) } ?? Value(cell)
      }
      return .map(Map(entries))
    }
  }
}
