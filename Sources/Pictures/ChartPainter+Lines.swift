import Images

extension ChartPainter {
  func drawLines() {
    for (s, one) in chart.series.enumerated() { drawBand(of: one, SeriesStyle(s).colour) }
    for (s, one) in chart.series.enumerated() {
      let style = SeriesStyle(s)
      // Values that can't be shown interrupt the line.
      var run: [Point] = []
      var all: [Point] = []
      for i in 0..<min(one.xs.count, one.ys.count) {
        if let px = x(one.xs[i]), let py = y(one.ys[i]) {
          run.append(Point(x: px, y: py))
          all.append(Point(x: px, y: py))
        } else {
          canvas.line(run, style.colour, width: 1.8, dashes: style.dashes)
          run = []
        }
      }
      canvas.line(run, style.colour, width: 1.8, dashes: style.dashes)
      for i in chart.marked(all.count, series: s) { canvas.marker(style, at: all[i], radius: 2.4) }
      drawErrors(of: one, at: { x(one.xs[$0]) }, style.colour)
    }
  }

  /// Fills the area between the ends of a band, interrupted like the line.
  private func drawBand(of one: Chart.Series, _ colour: DrawnColour) {
    var (above, below): ([Point], [Point]) = ([], [])
    func fill() {
      if above.count > 1 {
        canvas.fill(above + below.reversed(), colour.with(alpha: Chart.bandAlpha))
      }
      (above, below) = ([], [])
    }
    for i in 0..<min(one.xs.count, one.ys.count, one.band.count) {
      guard let px = x(one.xs[i]), y(one.ys[i]) != nil, let high = y(one.band[i].high) else {
        fill()
        continue
      }
      above.append(Point(x: px, y: high))
      // On a logarithmic axis a band may reach to 0 and below.
      below.append(Point(x: px, y: y(one.band[i].low) ?? plot.bottom))
    }
    fill()
  }
}

extension Chart {
  /// The opacity of a band.
  static let bandAlpha = 0.18
  /// The most points of a line that are all marked.
  private static let mostMarked = 30
  /// The marks of a longer line, if there are so many lines that colours do not tell them apart.
  private static let sparseMarks = 8

  /// The points of a line that get a marker. Those of many long lines do not lie below each other.
  func marked(_ count: Int, series number: Int) -> [Int] {
    if count <= Chart.mostMarked { return Array(0..<count) }
    guard series.count > DrawnColour.series.count else { return [] }
    let step = max(1, count / Chart.sparseMarks)
    return Array(stride(from: step * number / series.count % step, to: count, by: step))
  }
}
