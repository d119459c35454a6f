import Images

/// The names of a chart's series, in rows between the title and the plot, where they never cover
/// data.
struct Legend {
  let chart: Chart
  let canvas: Canvas
  let width: Double
  /// The positions of the series in each row.
  let rows: [[Int]]

  static let rowHeight = 16.0
  static let font = Canvas.Font(size: 10.5)
  private static let swatch = 18.0
  private static let gap = 16.0

  init(chart: Chart, canvas: Canvas, width: Double) {
    self.chart = chart
    self.canvas = canvas
    self.width = width
    var rows: [[Int]] = []
    var used = Double.infinity
    for (i, series) in chart.series.enumerated() {
      guard let name = series.name, !name.isEmpty else { continue }
      let needed =
        Legend.swatch + canvas.width(of: name, Legend.font) + Legend.gap
      if used + needed - Legend.gap > width {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(i)
      used += needed
    }
    self.rows = rows
  }

  func draw(x: Double, y: Double) {
    for (r, row) in rows.enumerated() {
      var at = x
      let base = y + Double(r) * Legend.rowHeight + 10
      for i in row {
        let colour = DrawnColour.series(i)
        switch chart.mark {
        case .line:
          canvas.line(
            [Point(x: at, y: base - 3.5), Point(x: at + 14, y: base - 3.5)], colour, width: 2)
          canvas.disc(Point(x: at + 7, y: base - 3.5), radius: 2.4, colour)
        case .dots:
          canvas.disc(Point(x: at + 9, y: base - 3.5), radius: 3.2, colour)
        case .bars, .steps, .boxes:
          canvas.fill(Box(x: at + 3, y: base - 8.5, width: 10, height: 10), colour)
        }
        let name = canvas.fitted(
          chart.series[i].name ?? "", Legend.font, to: max(20, width - Legend.swatch))
        canvas.text(name, at: Point(x: at + Legend.swatch, y: base), Legend.font)
        at += Legend.swatch + canvas.width(of: name, Legend.font) + Legend.gap
      }
    }
  }
}
