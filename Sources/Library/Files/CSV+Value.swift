import Formats
import Language

extension FileFormat {
  /// A list of rows, each a map whose keys are the names in the first line. A column in which every
  /// cell reads as a number becomes numbers; an empty cell becomes nil.
  static let csv = FileFormat(
    read: { bytes, path, _ in
      guard let table = try CSVRows(bytes, operation: "read", name: path) else {
        return .list(List([]))
      }
      return .list(
        List(table.cells.map { Value(named: zip(table.head, $0.map { Value($0) })) }))
    },
    write: { value in try TableObject.of(value).map { Array($0.csv.utf8) } },
    takes: "a table, a list of maps or lists, a tensor, or a map of columns")
}

extension Value {
  fileprivate init(_ cell: CSVCell) {
    switch cell {
    case .empty: self = .nil
    case .number(let number): self = .number(number)
    case .text(let text): self = Value(text)
    }
  }
}

extension TableObject {
  /// The value as comma-separated values, with all digits of its numbers.
  var csv: String {
    CSVRows.encode(
      [columns]
        + rows.map { row in
          row.map { value in
            if case .nil = value { return "" }
            return (value.singleNumber.map { .number($0) } ?? value).printed
          }
        })
  }
}
