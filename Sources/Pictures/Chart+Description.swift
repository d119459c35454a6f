extension Chart {
  /// `line chart, 2 series, 6 values`.
  var summary: String {
    let kind =
      switch mark {
      case .line: "line chart"
      case .dots: "scatter chart"
      case .bars: "bar chart"
      case .steps: "histogram"
      case .boxes: "box plot"
      }
    let points = series.reduce(0) { $0 + $1.ys.count }
    let parts = series.count == 1 ? "" : "\(series.count) series, "
    let bands = series.contains { !$0.band.isEmpty } ? " with bands" : ""
    return "\(kind), \(parts)\(points) values\(bands)"
  }

  /// The most series or categories that the description names.
  private static let most = 24

  /// What the chart shows, in words: the axes, and the numbers or their range for each series.
  var description: String {
    var parts: [String] = []
    if !xLabel.isEmpty { parts.append("x: \(xLabel)") }
    if !yLabel.isEmpty { parts.append("y: \(yLabel)") }
    for (i, one) in series.prefix(Chart.most).enumerated() {
      let name = mark == .boxes && i < categories.count ? categories[i] : one.name ?? ""
      let start = name.isEmpty ? "" : "\(name): "
      let write = NumberText(one.ys, decimals: decimals)
      if mark == .bars, categories.count <= Chart.most {
        let values = zip(categories, one.ys).map { "\($0) \(write($1))" }
        parts.append(start + values.joined(separator: ", "))
      } else {
        let finite = one.ys.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { continue }
        parts.append(start + (low == high ? write(low) : "\(write(low)) to \(write(high))"))
      }
    }
    if series.count > Chart.most { parts.append("and \(series.count - Chart.most) more series") }
    return parts.joined(separator: "; ")
  }
}
