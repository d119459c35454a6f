/// The content of a table cell.
public enum CSVCell: Equatable, Sendable {
  /// An empty cell.
  case empty
  /// A number, in a column in which every non-empty cell reads as one.
  case number(Double)
  /// Text.
  case text(String)

  /// Returns whether text is a number, and not an identifier made of digits that would not be
  /// written back unchanged: `00012`, `+49`, `0x10`, an id of twenty digits.
  fileprivate static func isNumber(_ text: String) -> Bool {
    guard let number = Double(text) else { return false }
    let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
    guard let first = digits.first else { return false }
    if !number.isFinite { return first.isLetter }
    let whole = digits.prefix { $0.isNumber }
    guard first.isNumber || first == ".", !digits.lowercased().contains("x"),
      whole.count < 2 || first != "0"
    else { return false }
    return whole.count < digits.count || Int(text).flatMap { Double(exactly: $0) } != nil
  }
}

extension CSVRows {
  /// The cells by row; the cells of numeric columns are numbers.
  public var cells: [[CSVCell]] {
    let areNumbers = head.indices.map { column in
      rows.allSatisfy { $0.cells[column].isEmpty || CSVCell.isNumber($0.cells[column]) }
    }
    return rows.map { row in
      row.cells.enumerated().map { column, text in
        if text.isEmpty { return .empty }
        return (areNumbers[column] ? Double(text) : nil).map { .number($0) } ?? .text(text)
      }
    }
  }
}
