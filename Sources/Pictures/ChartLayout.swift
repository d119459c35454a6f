import Host
import Images

/// The places of a chart's plot and texts. It is measured before anything is drawn, so that a chart
/// without a set size can become as large as its texts need.
struct ChartLayout {
  private(set) var axes: (x: Axis, y: Axis)
  private(set) var size: Size
  private(set) var plot = Box(x: 0, y: 0, width: 1, height: 1)
  private(set) var title: TextBlock
  private(set) var xLabel: TextBlock
  private(set) var yLabel: TextBlock
  private(set) var legend: Legend
  private(set) var names: CategoryNames?
  private(set) var numbers: BarNumbers?
  /// The width of the widest number along the y axis.
  private(set) var tickWidth = 0.0
  /// The most lines of a text.
  private var most = Int.max
  /// The left edge of the room for the plot, of which a square one takes the middle.
  private var unsquaredLeft = 0.0

  /// The least height of a plot in a chart that may grow.
  private static let leastPlot = 200.0
  /// The least side of a plot in a chart of a set size.
  private static let smallestPlot = 20.0

  /// Lays a chart out. Throws `no-data` when no value can be shown, and `picture-size` when the texts
  /// leave no room for the plot.
  init(_ chart: Chart, on canvas: Canvas) throws {
    axes = try chart.axes()
    size = chart.size
    let none = TextBlock("", .label, limit: 0, on: canvas)
    (title, xLabel) = (none, none)
    yLabel = none
    legend = Legend(chart: chart, width: 0, most: 1, on: canvas)
    // In a small chart texts are shortened before there is an error.
    for lines in [Int.max, 2, 1] {
      most = lines
      yLabel = TextBlock(
        chart.yLabel, .label, limit: .infinity, most: most, on: canvas)
      arrange(chart, on: canvas)
      if min(plot.width, plot.height) >= ChartLayout.smallestPlot { break }
    }
    if chart.hasNumbers { try addNumbers(chart, on: canvas) }
    try check()
  }

  /// Makes room for the numbers of bars: across, if the chart may grow, and along the y axis.
  private mutating func addNumbers(_ chart: Chart, on canvas: Canvas) throws {
    let needed = BarNumbers.leastPlot(for: chart)
    if chart.canGrow, plot.width < needed {
      size.width += (needed - plot.width).rounded(.up)
      arrange(chart, on: canvas)
    }
    let numbers = try BarNumbers(chart, plotWidth: plot.width, on: canvas)
    axes = try chart.axes(room: numbers.room / max(plot.height, numbers.room))
    self.numbers = numbers
    arrange(chart, on: canvas)
  }

  private func check() throws {
    guard min(plot.width, plot.height) < ChartLayout.smallestPlot else { return }
    throw Failure(
      "picture-size",
      "draw: in \(Int(size.width)) × \(Int(size.height)) points the texts leave no room for the plot",
      hint: "give a larger size, or shorter texts")
  }

  private mutating func arrange(_ chart: Chart, on canvas: Canvas) {
    let edge = Canvas.edge
    func block(_ text: String, _ font: Canvas.Font, _ limit: Double) -> TextBlock {
      TextBlock(text, font, limit: limit, most: most, on: canvas)
    }
    tickWidth = axes.y.ticks.labels.map { canvas.width(of: $0, .tick) }.max() ?? 0
    let lastTick =
      chart.hasCategories
      ? 0 : axes.x.ticks.labels.last.map { canvas.width(of: $0, .tick) } ?? 0
    // The lines of the y label depend on the height of the plot, which depends on them.
    for _ in 0..<4 {
      let left = edge + tickWidth + 7 + (yLabel.lines.isEmpty ? 0 : 4 + yLabel.height)
      let right = max(edge + 6, lastTick / 2 + 3)
      let width = size.width - left - right
      title = block(chart.title, .title, size.width - left - edge / 2)
      legend = Legend(chart: chart, width: width, most: min(most, 3), on: canvas)
      xLabel = block(chart.xLabel, .label, width)
      var below = edge + (xLabel.lines.isEmpty ? 0 : 3 + xLabel.height)
      if chart.hasCategories {
        let slot = width / Double(max(1, chart.categories.count))
        let length = chart.canGrow ? 120 : min(120, size.height * 0.35)
        let names = CategoryNames(chart.categories, slot: slot, length: length, on: canvas)
        self.names = names
        below += max(16, names.height)
      } else {
        below += 16
      }
      var top = edge + (title.lines.isEmpty ? 0 : 3 + title.height)
      if legend.height > 0 { top += legend.height + 4 }
      if chart.canGrow { size.height = max(size.height, ChartLayout.leastPlot + top + below) }
      plot = Box(
        x: left.rounded(), y: top.rounded(), width: width.rounded(),
        height: (size.height - top - below).rounded())
      let label = block(chart.yLabel, .label, plot.height + top - edge)
      let isSettled = label.lines.count <= yLabel.lines.count
      yLabel = label
      if isSettled { break }
    }
    unsquaredLeft = plot.x
    if chart.isSquare {
      let side = min(plot.width, plot.height)
      plot.x += ((plot.width - side) / 2).rounded()
      plot.width = side
      plot.height = side
    }
  }

  /// The left edge of a text of some width above the plot: the plot's, if the text then ends on the
  /// paper.
  func left(ofTextOfWidth width: Double) -> Double {
    min(plot.x, max(unsquaredLeft, size.width - Canvas.edge / 2 - width))
  }

  /// The upper edge of the legend.
  var legendTop: Double {
    Canvas.edge + (title.lines.isEmpty ? 0 : 3 + title.height)
  }
}
