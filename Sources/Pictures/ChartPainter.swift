import Images
import Glibc

/// Draws one chart on one canvas: axes, data, texts and legend at the places of its layout.
struct ChartPainter {
  let chart: Chart
  let layout: ChartLayout
  let canvas: Canvas

  var plot: Box { layout.plot }
  var axes: (x: Axis, y: Axis) { layout.axes }

  func draw() {
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
    layout.legend.draw(
      x: layout.left(ofTextOfWidth: layout.legend.width), y: layout.legendTop, on: canvas)
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
    var top = Double.infinity
    for (value, label) in zip(axes.y.ticks.values, axes.y.ticks.labels) {
      guard let at = y(value).map(sharp) else { continue }
      canvas.line([Point(x: plot.x - 4, y: at), Point(x: plot.x, y: at)], .axis)
      guard at + Canvas.Font.tick.size / 2 < top else { continue }
      top = at - Canvas.Font.tick.size / 2
      canvas.text(
        label, at: Point(x: plot.x - 7, y: at + 3.5), .tick, .axis, anchor: .end)
    }
    if let names = layout.names {
      names.draw(x: plot.x, y: plot.bottom, on: canvas)
      return
    }
    var free = -Double.infinity
    for (value, label) in zip(axes.x.ticks.values, axes.x.ticks.labels) {
      guard let at = x(value).map(sharp) else { continue }
      canvas.line([Point(x: at, y: plot.bottom), Point(x: at, y: plot.bottom + 4)], .axis)
      let width = canvas.width(of: label, .tick)
      guard at - width / 2 > free else { continue }
      free = at + width / 2 + 6
      canvas.text(
        label, at: Point(x: at, y: plot.bottom + 15), .tick, .axis, anchor: .middle)
    }
  }

  private func drawTexts() {
    let edge = Canvas.edge
    let size = layout.size
    layout.title.draw(
      x: layout.left(ofTextOfWidth: layout.title.width), y: edge, on: canvas)
    layout.xLabel.draw(
      x: plot.x + plot.width / 2, y: plot.bottom + 3 + max(16, layout.names?.height ?? 0),
      anchor: .middle, on: canvas)
    // A long label may reach beyond the plot, but not beyond the picture.
    let half = layout.yLabel.width / 2
    let middle = (plot.y + plot.height / 2).clamped(
      to: min(edge + half, size.height / 2)...max(size.height - edge - half, size.height / 2))
    layout.yLabel.drawTurned(
      x: plot.x - layout.tickWidth - 11 - layout.yLabel.height, y: middle, on: canvas)
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

  private func drawDots() {
    let count = chart.series.reduce(0) { $0 + $1.ys.count }
    let radius = count > 2000 ? 1.4 : count > 300 ? 2.0 : 2.8
    let alpha = count > 2000 ? 0.35 : count > 300 ? 0.5 : 0.75
    for (s, one) in chart.series.enumerated() {
      let style = SeriesStyle(s)
      for i in 0..<min(one.xs.count, one.ys.count) {
        guard let px = x(one.xs[i]), let py = y(one.ys[i]) else { continue }
        canvas.marker(style, at: Point(x: px, y: py), radius: radius, alpha: alpha)
      }
    }
  }

  private func drawSteps() {
    let base = y(max(0, axes.y.range.lowerBound)) ?? plot.bottom
    let alpha = chart.series.count > 1 ? 0.55 : 0.9
    for (s, one) in chart.series.enumerated() {
      let style = SeriesStyle(s)
      for i in 0..<min(one.xs.count - 1, one.ys.count) {
        guard let from = x(one.xs[i]), let to = x(one.xs[i + 1]), let top = y(one.ys[i]) else {
          continue
        }
        let gap = to - from > 4 ? 0.5 : 0
        let bar = Box(
          x: from + gap, y: min(top, base), width: to - from - gap, height: abs(base - top))
        canvas.fill(bar, style.colour.with(alpha: alpha))
        if chart.hasTextures { canvas.texture(style.texture, over: bar) }
      }
    }
  }
}
