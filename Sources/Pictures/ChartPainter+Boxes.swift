import Images

extension ChartPainter {
  /// Draws a box plot of each series, all in one colour, since the categories tell them apart.
  func drawBoxes() {
    let slot = plot.width / Double(max(1, chart.categories.count))
    let width = min(slot * 0.6, 60)
    for one in chart.series {
      guard let summary = BoxSummary(one.ys), let at = one.xs.first.flatMap(x) else { continue }
      draw(summary, at: at, width: width)
    }
  }

  private func draw(_ summary: BoxSummary, at middle: Double, width: Double) {
    let colour = DrawnColour.series(0)
    let whiskers = summary.whiskers
    guard let low = y(summary.lowerQuartile), let median = y(summary.median),
      let high = y(summary.upperQuartile), let bottom = y(whiskers.lowerBound),
      let top = y(whiskers.upperBound)
    else { return }
    for (end, quartile) in [(bottom, low), (top, high)] {
      canvas.line([Point(x: middle, y: quartile), Point(x: middle, y: end)], colour, width: 1.2)
      canvas.line(
        [Point(x: middle - width / 4, y: end), Point(x: middle + width / 4, y: end)], colour,
        width: 1.2)
    }
    let box = Box(x: middle - width / 2, y: high, width: width, height: low - high)
    canvas.fill(box, .white)
    canvas.fill(box, colour.with(alpha: 0.2))
    canvas.stroke(box, colour, width: 1.2)
    canvas.line([Point(x: box.x, y: median), Point(x: box.right, y: median)], .ink, width: 2)
    for outlier in summary.outliers {
      guard let place = y(outlier) else { continue }
      canvas.disc(Point(x: middle, y: place), radius: 2.4, colour.with(alpha: 0.6))
    }
  }
}
