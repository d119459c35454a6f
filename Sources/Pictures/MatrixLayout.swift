import Host
import Images

/// The places of a heat map's cells, names and key.
struct MatrixLayout {
  private(set) var size = Size(width: 0, height: 0)
  private(set) var plot = Box(x: 0, y: 0, width: 0, height: 0)
  /// The width and height of a cell.
  private(set) var cell = Size(width: 0, height: 0)
  private(set) var title: TextBlock
  private(set) var xLabel: TextBlock
  private(set) var yLabel: TextBlock
  private(set) var columnNames: CategoryNames?
  private(set) var rowNames: RowNames
  private(set) var key: ColourKey
  /// The texts on the cells; empty for none.
  let texts: [[String]]
  private(set) var textFont = Canvas.Font.tick

  private static let edge = Canvas.edge
  /// The space between the cells and the key.
  static let keyGap = 14.0
  private static let leastKey = 96.0
  private static let mostKey = 240.0
  /// The least font of the texts on the cells.
  private static let leastFont = 6.0
  /// The most columns and rows on which numbers are written without being asked for.
  private static let mostTexts = (columns: 20, rows: 30)

  init(_ chart: MatrixChart, on canvas: Canvas) throws {
    let wanted = MatrixLayout.texts(of: chart)
    let widest =
      wanted.joined().map { canvas.width(of: $0, .tick) }.max() ?? 0
    func block(_ text: String, _ font: Canvas.Font, _ limit: Double) -> TextBlock {
      TextBlock(text, font, limit: limit, on: canvas)
    }
    cell = MatrixLayout.naturalCell(of: chart, widest: widest, on: canvas)
    (title, xLabel) = (
      block("", .title, 0), block("", .label, 0)
    )
    yLabel = block(chart.yLabel, .label, .infinity)
    let (rows, columns) = (Double(chart.rows.count), Double(chart.columns))
    rowNames = RowNames([], slot: 1, limit: 1, on: canvas)
    key = ColourKey(chart.scale, label: "", hasMissing: false, height: 1, on: canvas)
    // Names and labels depend on the size of the cells, and that on them.
    for _ in 0..<4 {
      rowNames = RowNames(
        chart.rowNames, slot: cell.height,
        limit: chart.size.map { min(160, $0.width * 0.3) } ?? 160, on: canvas)
      columnNames =
        chart.columnNames.isEmpty
        ? nil
        : CategoryNames(
          chart.columnNames, slot: cell.width,
          length: chart.size.map { min(120, $0.height * 0.3) } ?? 120, on: canvas)
      let keyHeight = max(
        MatrixLayout.leastKey, min(cell.height * rows, MatrixLayout.mostKey))
      key = ColourKey(
        chart.scale, label: chart.key, hasMissing: chart.hasMissing,
        height: chart.size == nil ? keyHeight : min(keyHeight, cell.height * rows), on: canvas)
      let left =
        MatrixLayout.edge + (yLabel.lines.isEmpty ? 0 : yLabel.height + 4)
        + (chart.rowNames.isEmpty ? 0 : rowNames.width + 6)
      let right = MatrixLayout.keyGap + key.width + MatrixLayout.edge
      var width = left + cell.width * columns + right
      if chart.size == nil {
        let longest = TextBlock.widestWord(of: chart.title, .title, on: canvas)
        let least = min(canvas.width(of: chart.title, .title), 240)
        width = max(width, min(max(longest, least), 600) + 2 * MatrixLayout.edge)
      }
      let whole = chart.size?.width ?? width
      title = block(chart.title, .title, whole - 2 * MatrixLayout.edge)
      xLabel = block(
        chart.xLabel, .label, max(whole - left - MatrixLayout.edge, 40))
      let top = MatrixLayout.edge + (title.lines.isEmpty ? 0 : title.height + 5)
      let below =
        (columnNames?.height ?? 0) + (xLabel.lines.isEmpty ? 0 : xLabel.height + 4)
        + MatrixLayout.edge
      if let set = chart.size {
        size = set
        let width = max(0, set.width - left - right) / columns
        let height = max(0, set.height - top - below) / rows
        // A few cells in a large figure do not become long strips.
        cell = Size(
          width: min(width, max(height * 5, 80)), height: min(height, max(width * 1.5, 40)))
      } else {
        size = Size(
          width: width,
          height: top + max(cell.height * rows + below, key.height + MatrixLayout.edge))
      }
      plot = Box(x: left, y: top, width: cell.width * columns, height: cell.height * rows)
      let label = block(
        chart.yLabel, .label, max(size.height - top - MatrixLayout.edge, 40))
      if chart.size == nil, label.lines.count <= yLabel.lines.count { break }
      if label.lines.count > yLabel.lines.count { yLabel = label }
    }
    guard min(plot.width, plot.height) >= 20 else {
      throw Failure(
        "picture-size",
        "draw: in \(Int(size.width)) × \(Int(size.height)) points the texts leave no room for the "
          + "cells", hint: "give a larger size, or shorter texts")
    }
    let share = min(1, (cell.width - 4) / max(widest, 1), cell.height / 13)
    textFont.size *= max(0, share)
    let doFit = textFont.size >= MatrixLayout.leastFont
    if !doFit, !wanted.isEmpty, !chart.cellTexts.isAutomatic {
      throw Failure(
        "picture-size",
        "draw: the cells of \(Int(cell.width)) × \(Int(cell.height)) points are too small for their "
          + "numbers", hint: "give a larger size, or numbers: false")
    }
    texts = doFit ? wanted : []
  }

  /// The texts that are wanted on the cells.
  private static func texts(of chart: MatrixChart) -> [[String]] {
    switch chart.cellTexts {
    case .none: return []
    case .texts(let texts): return texts
    case .automatic where chart.columns > mostTexts.columns || chart.rows.count > mostTexts.rows:
      return []
    case .automatic, .numbers:
      let write = NumberText(chart.numbers, decimals: chart.decimals)
      return chart.rows.map { $0.map { write($0) } }
    }
  }

  /// The size of a cell in a heat map without a set size: as large as its text, and as the names of
  /// a few columns.
  private static func naturalCell(
    of chart: MatrixChart, widest: Double, on canvas: Canvas
  ) -> Size {
    guard widest > 0 else {
      let (rows, columns) = (Double(chart.rows.count), Double(chart.columns))
      let side = min(32, 420 / max(rows, columns))
      return Size(width: max(side, 40 / columns), height: max(side, 40 / rows))
    }
    var width = max(32, (widest + 10).rounded())
    if chart.columns <= 10 {
      let names = chart.columnNames.map {
        TextBlock.widestWord(of: $0, .tick, on: canvas) + 7
      }
      width = max(width, min(80, names.max() ?? 0))
    }
    return Size(width: width.rounded(), height: 28)
  }
}

extension MatrixChart.CellTexts {
  fileprivate var isAutomatic: Bool { if case .automatic = self { true } else { false } }
}

/// Names to the left of rows, each in the middle of its row.
struct RowNames {
  /// The names that are drawn.
  private let blocks: [TextBlock]
  private let slot: Double
  private let every: Int
  let width: Double

  init(_ names: [String], slot: Double, limit: Double, on canvas: Canvas) {
    var font = Canvas.Font.tick
    font.size = (slot / 1.2).clamped(to: 7...10)
    let lines = (Int(slot / (font.size * 1.3))).clamped(to: 1...3)
    every = CategoryNames.every(font, slot)
    blocks = stride(from: 0, to: names.count, by: every).map {
      TextBlock(names[$0], font, limit: limit, most: lines, on: canvas)
    }
    width = blocks.map(\.width).max() ?? 0
    self.slot = slot
  }

  /// Draws them with their right edge at `x`, the first row beginning at `y`.
  func draw(x: Double, y: Double, on canvas: Canvas) {
    for (i, block) in blocks.enumerated() {
      let middle = y + (Double(i * every) + 0.5) * slot
      block.draw(x: x, y: middle - block.height / 2, anchor: .end, on: canvas)
    }
  }
}
