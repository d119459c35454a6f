import Formats
import Host
import Images

/// The boxes in a table's rows.
struct CSVBoxes {
  let table: CSVRows
  let form: BoxForm
  /// The columns.
  let places: [Int]
  /// The table's path, for errors.
  let path: String

  /// The box of each row, nil if its cells are empty. Rows that `options` leaves out as unreadable
  /// are left out of `records`. Throws `csv` and `box`.
  func read(of records: inout FileRecords, _ options: FileOptions) throws -> [Box?] {
    let numbers = try table.rows.enumerated().map { i, row in
      try records.reading(i, options, else: nil) { try self.numbers(row) }
    }
    try checkPixels(numbers)
    return try zip(table.rows, numbers).enumerated().map { i, pair in
      try records.reading(i, options, else: nil) {
        try pair.1.map { try box($0, pair.0) }
      }
    }
  }

  private func wrong(_ row: CSVRows.Row, _ what: String, _ kind: String = "csv") -> Failure {
    Failure(
      kind, "csv_dataset: \(path):\(row.line): \(what)", hint: FileOptions.skipping)
  }

  private func numbers(_ row: CSVRows.Row) throws -> [Double]? {
    if places.allSatisfy({ row.cells[$0].isEmpty }) { return nil }
    guard places.count == 1 else {
      return try places.map { try number(row.cells[$0], table.head[$0], row) }
    }
    let (cell, head) = (row.cells[places[0]], table.head[places[0]])
    let parts = cell.filter { !"[](){}".contains($0) }.split { ", ;\t".contains($0) }
    guard parts.count == 4 else {
      throw wrong(row, "\(head) must be x, y, width and height, got \"\(cell)\"")
    }
    return try parts.map { try number(String($0), head, row) }
  }

  private func number(_ cell: String, _ head: String, _ row: CSVRows.Row) throws -> Double {
    guard let number = Double(cell), number.isFinite else {
      throw wrong(row, "\(head) must be a number, got \"\(cell)\"")
    }
    return number
  }

  /// Throws `box` if all boxes are fractions of the image, as some programs write them: less than a
  /// pixel.
  private func checkPixels(_ boxes: [[Double]?]) throws {
    let numbers = boxes.lazy.compactMap { $0 }.joined()
    guard numbers.contains(where: { $0 != $0.rounded() }),
      numbers.allSatisfy({ (0...1).contains($0) })
    else { return }
    throw Failure(
      "box", "csv_dataset: \(path): all boxes lie within 0..1; boxes must be in pixels",
      hint: "multiply x and width by the image's width, y and height by its height")
  }

  private func box(_ numbers: [Double], _ row: CSVRows.Row) throws -> Box {
    let (x, y) = (numbers[0], numbers[1])
    let box = Box(
      x: x, y: y, width: numbers[2] - (form.isCornered ? x : 0),
      height: numbers[3] - (form.isCornered ? y : 0))
    guard box.width > 0, box.height > 0 else {
      throw wrong(row, "the box \(box.text) has no area", "box")
    }
    return box
  }
}
