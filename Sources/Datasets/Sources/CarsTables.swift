import Formats
import Host
import Images

/// The annotations of Stanford Cars as a list of rows, from a .mat or a table.
struct CarsRows {
  /// The images' names.
  let files: [String]
  /// The classes, counted from 1.
  let classes: [Double]
  /// Left, top, right and bottom of the boxes, in pixels counted from 1, including the last pixel.
  let edges: [[Double]]
  /// Where a row is, for errors: `annotation 3 in cars_annos.mat`.
  let place: (Int) -> String

  /// Adds labels and boxes. Throws `labels` and `box`.
  func fill(_ records: inout FileRecords, _ options: FileOptions) throws {
    for (i, number) in classes.enumerated() {
      guard number == number.rounded(), number >= 1, number <= Double(records.classes.count) else {
        throw Failure(
          "labels",
          "cars: the class of \(place(i)) must be a whole number from 1 to "
            + "\(records.classes.count), got \(number.scriptText)")
      }
      records.labels.append(Int32(number) - 1)
    }
    for i in files.indices {
      let (x, y) = (edges[0][i] - 1, edges[1][i] - 1)
      let box = Box(x: x, y: y, width: edges[2][i] - x, height: edges[3][i] - y)
      if box.width <= 0 || box.height <= 0 {
        let failure = Failure(
          "box", "cars: the box of \(place(i)), \(box.text), has no area",
          hint: FileOptions.skipping)
        try records.leaveOut(i, for: failure, options)
      }
      records.boxes.append(box)
    }
  }
}

extension CarsRows {
  /// The rows of a table without a header: file, left, top, right, bottom, class. Throws `csv` and
  /// the host's errors.
  init(table path: String, host: Host) throws {
    let rows = try CarsRows.cells(path, host)
    let wrong = { (line: Int, what: String) in
      Failure("csv", "cars: \(path):\(line): a row must be file, x1, y1, x2, y2, class; \(what)")
    }
    let numbers = try rows.map { line, cells in
      guard cells.count == 6 else { throw wrong(line, "got \(cells.count) cells") }
      return try cells.dropFirst().map { cell in
        guard let number = Double(cell), number.isFinite else {
          throw wrong(line, "\"\(cell)\" is not a number")
        }
        return number
      }
    }
    self.init(
      files: rows.map { $0.cells[0] }, classes: numbers.map { $0[4] },
      edges: (0..<4).map { side in numbers.map { $0[side] } },
      place: { "line \(rows[$0].line) of \(path)" })
  }

  /// The names of the classes, one per line.
  static func names(_ path: String, host: Host) throws -> [String] {
    try cells(path, host).map { $0.cells.joined(separator: ",") }
  }

  private static func cells(_ path: String, _ host: Host) throws -> [(line: Int, cells: [String])] {
    let rows = try CSVRows.withoutHead(host.read(path), operation: "cars", name: path)
    guard !rows.isEmpty else { throw Failure("csv", "cars: \(path) is empty") }
    return rows.map { ($0.line, $0.cells) }
  }
}
