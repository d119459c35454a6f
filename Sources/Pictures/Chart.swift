import Host

/// A chart of series on two axes.
public struct Chart {
  /// How a series is drawn.
  public enum Mark: Sendable {
    /// Connected points, with a dot at each where they are few.
    case line
    /// Dots.
    case dots
    /// A bar from zero at each category, `xs` being the category's number.
    case bars
    /// Bars between `xs[i]` and `xs[i + 1]`; `xs` has one element more than `ys`.
    case steps
  }

  /// Numbers that belong together.
  public struct Series: Sendable {
    /// What the legend calls it; nil for none.
    public var name: String?
    /// Along the x axis.
    public var xs: [Double]
    /// Along the y axis.
    public var ys: [Double]
    /// Half the length of an error bar at each point; empty for none.
    public var errors: [Double]
    /// Makes a series.
    public init(name: String? = nil, xs: [Double], ys: [Double], errors: [Double] = []) {
      self.name = name
      self.xs = xs
      self.ys = ys
      self.errors = errors
    }
  }

  /// How all series are drawn.
  public var mark: Mark
  /// What is drawn.
  public var series: [Series]
  /// The line above.
  public var title = ""
  /// What x is, with its unit.
  public var xLabel = ""
  /// What y is, with its unit.
  public var yLabel = ""
  /// The names below the bars.
  public var categories: [String] = []
  /// The ends of the x axis, or nil to fit.
  public var xLimits: ClosedRange<Double>?
  /// The ends of the y axis, or nil to fit.
  public var yLimits: ClosedRange<Double>?
  /// A logarithmic x axis.
  public var xIsLogarithmic = false
  /// A logarithmic y axis.
  public var yIsLogarithmic = false
  /// Both axes get the same ends and the plot is square.
  public var isSquare = false
  /// Draws the line y = x.
  public var hasDiagonal = false
  /// Points across and down.
  public var size = Size(width: 480, height: 320)

  /// Makes a chart.
  public init(_ mark: Mark, _ series: [Series]) {
    self.mark = mark
    self.series = series
  }

  /// The drawing. Throws `no-data` when no value of any series can be shown.
  public func figure() throws -> Figure {
    let axes = try fittedAxes()
    let layout = self
    let kind =
      switch mark {
      case .line: "line chart"
      case .dots: "scatter chart"
      case .bars: "bar chart"
      case .steps: "histogram"
      }
    let points = series.reduce(0) { $0 + $1.ys.count }
    let parts = series.count == 1 ? "" : "\(series.count) series, "
    return Figure("\(kind), \(parts)\(points) values", size: size) {
      var painter = ChartPainter(chart: layout, axes: axes, canvas: $0)
      try painter.draw()
    }
  }

  private func fittedAxes() throws -> (x: Axis, y: Axis) {
    var xs: [Double] = []
    var ys: [Double] = []
    for one in series {
      for (i, y) in one.ys.enumerated() where y.isFinite && (!yIsLogarithmic || y > 0) {
        guard i < one.xs.count, one.xs[i].isFinite, !xIsLogarithmic || one.xs[i] > 0 else {
          continue
        }
        xs.append(one.xs[i])
        ys.append(y)
        if i < one.errors.count, one.errors[i].isFinite {
          ys.append(y - one.errors[i])
          ys.append(y + one.errors[i])
        }
      }
      if mark == .steps, let last = one.xs.last { xs.append(last) }
    }
    guard !ys.isEmpty else {
      throw Failure("no-data", "draw: no value to draw is a finite number on these axes")
    }
    let zero = mark == .bars || mark == .steps
    if isSquare {
      let both = Axis(
        over: xs + ys, logarithmic: xIsLogarithmic, limits: xLimits ?? yLimits, tickCount: 5)
      return (both, both)
    }
    let x =
      mark == .bars
      ? Axis(
        over: xs, logarithmic: false, limits: -0.5...Double(max(categories.count, 1)) - 0.5,
        tickCount: 5)
      : mark == .steps
        ? Axis(
          over: xs, logarithmic: xIsLogarithmic,
          limits: xLimits ?? (xs.min() ?? 0)...(xs.max() ?? 1), tickCount: 7)
        : Axis(over: xs, logarithmic: xIsLogarithmic, limits: xLimits, tickCount: 7)
    let y = Axis(
      over: ys, logarithmic: yIsLogarithmic, limits: yLimits, zero: zero && !yIsLogarithmic,
      tickCount: 6)
    return (x, y)
  }
}
