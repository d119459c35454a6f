import Images

/// The names of a chart's series between the title and the plot, where they never cover data: in one
/// line if they fit, otherwise in columns.
struct Legend {
  private let chart: Chart
  /// The series with a name, and where each is.
  private let items: [(series: Int, name: TextBlock, x: Double, y: Double)]
  /// The height of all names; 0 if there are none.
  let height: Double
  /// The width from the first swatch to the end of the last name.
  var width: Double { items.map { $0.x + Legend.swatch + $0.name.width }.max() ?? 0 }

  static let font = Canvas.Font(size: 10.5)
  private static let swatch = 18.0
  private static let gap = 16.0

  /// Lays out names of at most `most` lines.
  init(chart: Chart, width: Double, most: Int, on canvas: Canvas) {
    self.chart = chart
    let named = chart.series.indices.filter { chart.series[$0].name?.isEmpty == false }
    // A long name does not take the width of all others.
    let limit = max(20, (named.count > 1 ? width / 2 - Legend.gap : width) - Legend.swatch)
    let names = named.map {
      TextBlock(
        chart.series[$0].name ?? "", Legend.font, limit: limit, most: most, on: canvas)
    }
    let widths = names.map { Legend.swatch + $0.width + Legend.gap }
    var items: [(series: Int, name: TextBlock, x: Double, y: Double)] = []
    if widths.reduce(0, +) - Legend.gap <= width {
      var x = 0.0
      for (i, name) in names.enumerated() {
        items.append((named[i], name, x, 0))
        x += widths[i]
      }
      height = Legend.height(of: names)
    } else {
      let column = widths.max() ?? width
      let columns = max(1, Int((width + Legend.gap) / column))
      let count = (names.count + columns - 1) / columns
      var y = 0.0
      for row in 0..<count {
        let places = stride(from: row, to: names.count, by: count)
        for (c, i) in places.enumerated() {
          items.append((named[i], names[i], Double(c) * column, y))
        }
        y += Legend.height(of: places.map { names[$0] })
      }
      height = y
    }
    self.items = items
  }

  private static func height(of names: [TextBlock]) -> Double {
    names.isEmpty ? 0 : (names.map(\.height).max() ?? 0) + 2
  }

  func draw(x: Double, y: Double, on canvas: Canvas) {
    for item in items {
      let left = x + item.x
      let middle = y + item.y + 6.5
      let style = SeriesStyle(item.series)
      switch chart.mark {
      case .line:
        if !chart.series[item.series].band.isEmpty {
          canvas.fill(
            Box(x: left, y: middle - 4.5, width: 14, height: 9),
            style.colour.with(alpha: Chart.bandAlpha))
        }
        canvas.line(
          [Point(x: left, y: middle), Point(x: left + 14, y: middle)], style.colour, width: 2,
          dashes: style.dashes)
        if !chart.marked(chart.series[item.series].ys.count, series: item.series).isEmpty {
          canvas.marker(style, at: Point(x: left + 7, y: middle), radius: 2.6)
        }
      case .dots:
        canvas.marker(style, at: Point(x: left + 9, y: middle), radius: 3.2)
      case .bars, .steps, .boxes:
        let box = Box(x: left + 3, y: middle - 5, width: 10, height: 10)
        canvas.fill(box, style.colour)
        if chart.hasTextures { canvas.texture(style.texture, over: box) }
      }
      item.name.draw(x: left + Legend.swatch, y: y + item.y, on: canvas)
    }
  }
}
