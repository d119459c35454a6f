import Host
import Images

/// A heat map of a matrix whose rows and columns have names: each cell has the colour of its number,
/// and the number itself where there is room.
public struct MatrixChart {
  /// What is written on the cells.
  public enum CellTexts: Sendable {
    /// The numbers, if there are few enough cells.
    case automatic
    /// Nothing.
    case none
    /// The numbers.
    case numbers
    /// Other texts, row by row.
    case texts([[String]])
  }

  /// The numbers, row by row; all rows have the same length.
  public var rows: [[Double]]
  /// The names of the rows; empty for none.
  public var rowNames: [String] = []
  /// The names of the columns; empty for none.
  public var columnNames: [String] = []
  /// The title.
  public var title = ""
  /// What the columns are.
  public var xLabel = ""
  /// What the rows are.
  public var yLabel = ""
  /// What the numbers are, next to the colour key.
  public var key = ""
  /// The numbers at the ends of the scale; nil takes the smallest and the largest.
  public var limits: ClosedRange<Double>?
  /// The number that is white; nil is 0 if there are numbers on both sides of it.
  public var centre: Double?
  /// What is written on the cells.
  public var cellTexts = CellTexts.automatic
  /// The decimals of the numbers; nil gives about three digits.
  public var decimals: Int?
  /// The size in points; nil makes it as large as its cells and texts need.
  public var size: Size?

  /// Makes a heat map.
  public init(_ rows: [[Double]]) { self.rows = rows }

  /// The number of columns.
  var columns: Int { rows.first?.count ?? 0 }
  var numbers: [Double] { Array(rows.joined()) }
  var scale: ColourScale { ColourScale(numbers, limits: limits, centre: centre) }
  var hasMissing: Bool { rows.contains { $0.contains(where: \.isNaN) } }

  /// The most cells along a side: as many pixels as cairo draws.
  private static let mostCells = 16_384

  /// The drawing. Throws `no-data` if no number is finite, and `picture-size` if a set size has too
  /// little room for the cells or for texts that are asked for.
  public func figure() throws -> Figure {
    guard rows.contains(where: { $0.contains(where: \.isFinite) }) else {
      throw Failure("no-data", "draw: no value to draw is a finite number")
    }
    guard max(rows.count, rows.map(\.count).max() ?? 0) <= MatrixChart.mostCells else {
      throw Failure(
        "picture-size",
        "draw: a heat map has at most \(MatrixChart.mostCells) rows and columns, got \(rows.count) rows",
        hint: "draw a part, or means over neighbours")
    }
    let layout = try MatrixLayout(self, on: Canvas.measuring())
    let chart = self
    return Figure(
      "heat map, \(rows.count) × \(columns) values", title: title, description: description,
      size: layout.size,
      resized: { size in
        var other = chart
        other.size = size
        return try other.figure()
      },
      draw: { try MatrixPainter(chart: chart, layout: layout, canvas: $0).draw() })
  }

  /// The most names that the description lists.
  private static let most = 24

  /// What the heat map shows, in words.
  private var description: String {
    func list(_ kind: String, _ names: [String]) -> String? {
      names.isEmpty || names.count > MatrixChart.most
        ? nil : "\(kind): \(names.joined(separator: ", "))"
    }
    let write = NumberText(numbers, decimals: decimals)
    var parts = [list("rows", rowNames), list("columns", columnNames)].compactMap { $0 }
    let finite = numbers.filter(\.isFinite)
    if let low = finite.min(), let high = finite.max() {
      let what = key.isEmpty ? "" : "\(key): "
      parts.append(
        "\(what)\(write(low)) to \(write(high))\(place(of: high).map { ", \($0)" } ?? "")")
    }
    let missing = numbers.count(where: \.isNaN)
    if missing > 0 { parts.append("\(missing) nan") }
    return parts.joined(separator: "; ")
  }

  /// Where a number is, in names: `the largest in row A, column B`.
  private func place(of number: Double) -> String? {
    for (r, row) in rows.enumerated() {
      guard let c = row.firstIndex(of: number) else { continue }
      let name = r < rowNames.count ? rowNames[r] : String(r)
      return
        "the largest in row \(name), column \(c < columnNames.count ? columnNames[c] : String(c))"
    }
    return nil
  }
}
