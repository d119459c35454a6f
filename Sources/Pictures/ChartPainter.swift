import Images
import Glibc

/// Draws one chart on one canvas: it computes the margins from their contents, then draws axes,
/// data and legend.
struct ChartPainter {
  let chart: Chart
  let axes: (x: Axis, y: Axis)
  let canvas: Canvas
  private(set) var plot = Box(x: 0, y: 0, width: 1, height: 1)
  private var headEnd = 0.0

  static let titleFont = Canvas.Font(size: 13, bold: true)
  static let labelFont = Canvas.Font(size: 11)
  static let tickFont = Canvas.Font(size: 10)
  static let edge = 12.0

  init(chart: Chart, axes: (x: Axis, y: Axis), canvas: Canvas) {
    self.chart = chart
    self.axes = axes
    self.canvas = canvas
  }

  mutating func layOut() {
    let edge = ChartPainter.edge
    let size = chart.size
    let widest =
      axes.y.ticks.labels.map { canvas.width(of: $0, ChartPainter.tickFont) }.max() ?? 0
    let left = edge + (chart.yLabel.isEmpty ? 0 : 18) + widest + 7
    let right = edge + 6
    let bottom = edge + 16 + (chart.xLabel.isEmpty ? 0 : 17)
    headEnd = edge + (chart.title.isEmpty ? 0 : 20)
    let legendRows = Legend(chart: chart, canvas: canvas, width: size.width - left - right).rows
    let top = headEnd + Double(legendRows.count) * Legend.rowHeight + (legendRows.isEmpty ? 0 : 4)
    plot = Box(
      x: left.rounded(), y: top.rounded(), width: (size.width - left - right).rounded(),
      height: (size.height - top - bottom).rounded())
    if chart.isSquare {
      let side = min(plot.width, plot.height)
      plot.x += ((plot.width - side) / 2).rounded()
      plot.width = side
      plot.height = side
    }
  }

  mutating func draw() throws {
    layOut()
    guard plot.width > 20, plot.height > 20 else { return }
    drawRules()
    let area = Box(
      x: plot.x - 1, y: plot.y - 1, width: plot.width + 2, height: plot.height + 2)
    canvas.clipped(to: area) {
      if chart.hasDiagonal { drawDiagonal() }
      switch chart.mark {
      case .line: drawLines()
      case .dots: drawDots()
      case .bars: drawBars()
      case .steps: drawSteps()
      case .boxes: drawBoxes()
      }
    }
    drawAxes()
    drawTexts()
    let legend = Legend(chart: chart, canvas: canvas, width: plot.right - plot.x)
    legend.draw(x: plot.x, y: headEnd)
  }

  func x(_ value: Double) -> Double? {
    axes.x.position(value).map { plot.x + $0 * plot.width }
  }
  func y(_ value: Double) -> Double? {
    axes.y.position(value).map { plot.bottom - $0 * plot.height }
  }
  /// The nearest position at which a line of one point is sharp.
  private func sharp(_ x: Double) -> Double { (x * 2).rounded() / 2 }

  // MARK: Axes

  private func drawRules() {
    for value in axes.y.ticks.values {
      guard let at = y(value).map(sharp) else { continue }
      canvas.line([Point(x: plot.x, y: at), Point(x: plot.right, y: at)], .rule)
    }
    guard chart.mark == .line || chart.mark == .dots else { return }
    for value in axes.x.ticks.values {
      guard let at = x(value).map(sharp) else { continue }
      canvas.line([Point(x: at, y: plot.y), Point(x: at, y: plot.bottom)], .rule)
    }
  }

  private func drawAxes() {
    canvas.line(
      [
        Point(x: plot.x, y: plot.y), Point(x: plot.x, y: plot.bottom),
        Point(x: plot.right, y: plot.bottom),
      ], .axis)
    if axes.y.range.lowerBound < 0, axes.y.range.upperBound > 0, chart.mark == .bars,
      let zero = y(0).map(sharp)
    {
      canvas.line([Point(x: plot.x, y: zero), Point(x: plot.right, y: zero)], .axis)
    }
    for (value, label) in zip(axes.y.ticks.values, axes.y.ticks.labels) {
      guard let at = y(value).map(sharp) else { continue }
      canvas.line([Point(x: plot.x - 4, y: at), Point(x: plot.x, y: at)], .axis)
      canvas.text(
        label, at: Point(x: plot.x - 7, y: at + 3.5), ChartPainter.tickFont, .axis, anchor: .end)
    }
    if chart.hasCategories {
      drawCategories()
      return
    }
    var free = -Double.infinity
    for (value, label) in zip(axes.x.ticks.values, axes.x.ticks.labels) {
      guard let at = x(value).map(sharp) else { continue }
      canvas.line([Point(x: at, y: plot.bottom), Point(x: at, y: plot.bottom + 4)], .axis)
      let width = canvas.width(of: label, ChartPainter.tickFont)
      guard at - width / 2 > free else { continue }
      free = at + width / 2 + 6
      canvas.text(
        label, at: Point(x: at, y: plot.bottom + 15), ChartPainter.tickFont, .axis, anchor: .middle)
    }
  }

  private func drawCategories() {
    let room = plot.width / Double(max(1, chart.categories.count)) - 4
    for (i, name) in chart.categories.enumerated() {
      guard let at = x(Double(i)) else { continue }
      canvas.text(
        canvas.fitted(name, ChartPainter.tickFont, to: room),
        at: Point(x: at, y: plot.bottom + 15), ChartPainter.tickFont, .ink, anchor: .middle)
    }
  }

  private func drawTexts() {
    let edge = ChartPainter.edge
    if !chart.title.isEmpty {
      canvas.text(
        canvas.fitted(
          chart.title, ChartPainter.titleFont, to: chart.size.width - plot.x - edge / 2),
        at: Point(x: plot.x, y: edge + 10), ChartPainter.titleFont)
    }
    if !chart.xLabel.isEmpty {
      canvas.text(
        chart.xLabel, at: Point(x: plot.x + plot.width / 2, y: plot.bottom + 33),
        ChartPainter.labelFont, anchor: .middle)
    }
    if !chart.yLabel.isEmpty {
      let widest =
        axes.y.ticks.labels.map { canvas.width(of: $0, ChartPainter.tickFont) }.max() ?? 0
      canvas.text(
        chart.yLabel,
        at: Point(x: plot.x - widest - 15, y: plot.y + plot.height / 2),
        ChartPainter.labelFont, anchor: .middle, turned: true)
    }
  }

  private func drawDiagonal() {
    let low = max(axes.x.range.lowerBound, axes.y.range.lowerBound)
    let high = min(axes.x.range.upperBound, axes.y.range.upperBound)
    guard low < high, let x0 = x(low), let y0 = y(low), let x1 = x(high), let y1 = y(high) else {
      return
    }
    canvas.line([Point(x: x0, y: y0), Point(x: x1, y: y1)], .axis, dashes: [4, 3])
  }

  // MARK: Data

  private func drawLines() {
    for (s, one) in chart.series.enumerated() {
      let colour = DrawnColour.series(s)
      // Values that can't be shown interrupt the line.
      var run: [Point] = []
      var all: [Point] = []
      for i in 0..<min(one.xs.count, one.ys.count) {
        if let px = x(one.xs[i]), let py = y(one.ys[i]) {
          run.append(Point(x: px, y: py))
          all.append(Point(x: px, y: py))
        } else {
          canvas.line(run, colour, width: 1.8)
          run = []
        }
      }
      canvas.line(run, colour, width: 1.8)
      if all.count <= 30 { for point in all { canvas.disc(point, radius: 2.4, colour) } }
      drawErrors(of: one, at: { x(one.xs[$0]) }, colour)
    }
  }

  private func drawDots() {
    let count = chart.series.reduce(0) { $0 + $1.ys.count }
    let radius = count > 2000 ? 1.4 : count > 300 ? 2.0 : 2.8
    let alpha = count > 2000 ? 0.35 : count > 300 ? 0.5 : 0.75
    for (s, one) in chart.series.enumerated() {
      for i in 0..<min(one.xs.count, one.ys.count) {
        guard let px = x(one.xs[i]), let py = y(one.ys[i]) else { continue }
        canvas.disc(Point(x: px, y: py), radius: radius, DrawnColour.series(s).with(alpha: alpha))
      }
    }
  }

  private func drawBars() {
    let slot = plot.width / Double(max(1, chart.categories.count))
    let width = slot * 0.72 / Double(max(1, chart.series.count))
    let base = y(max(0, axes.y.range.lowerBound)) ?? plot.bottom
    for (s, one) in chart.series.enumerated() {
      func left(_ i: Int) -> Double? {
        x(one.xs[i]).map { $0 - slot * 0.36 + Double(s) * width }
      }
      for i in 0..<min(one.xs.count, one.ys.count) {
        guard let from = left(i), let top = y(one.ys[i]) else { continue }
        canvas.fill(
          Box(
            x: from + width * 0.04, y: min(top, base), width: width * 0.92, height: abs(base - top)),
          DrawnColour.series(s))
      }
      drawErrors(of: one, at: { left($0).map { $0 + width / 2 } }, .ink)
    }
  }

  private func drawSteps() {
    let base = y(max(0, axes.y.range.lowerBound)) ?? plot.bottom
    let alpha = chart.series.count > 1 ? 0.55 : 0.9
    for (s, one) in chart.series.enumerated() {
      for i in 0..<min(one.xs.count - 1, one.ys.count) {
        guard let from = x(one.xs[i]), let to = x(one.xs[i + 1]), let top = y(one.ys[i]) else {
          continue
        }
        let gap = to - from > 4 ? 0.5 : 0
        canvas.fill(
          Box(
            x: from + gap, y: min(top, base), width: to - from - gap, height: abs(base - top)),
          DrawnColour.series(s).with(alpha: alpha))
      }
    }
  }

  private func drawErrors(
    of one: Chart.Series, at x: (Int) -> Double?, _ colour: DrawnColour
  ) {
    for i in 0..<min(one.xs.count, one.ys.count, one.errors.count) where one.errors[i] > 0 {
      guard let at = x(i), let high = y(one.ys[i] + one.errors[i]) else { continue }
      let low = y(one.ys[i] - one.errors[i]) ?? plot.bottom
      canvas.line([Point(x: at, y: low), Point(x: at, y: high)], colour, width: 1.2)
      for end in [low, high] {
        canvas.line([Point(x: at - 3, y: end), Point(x: at + 3, y: end)], colour, width: 1.2)
      }
    }
  }
}
