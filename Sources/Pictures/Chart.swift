import Host

/// A chart of series on two axes.
public struct Chart {
  /// How a series is drawn.
  public enum Mark: Sendable {
    /// Connected points, with a dot at each if they are few.
    case line
    /// Dots without lines.
    case dots
    /// A bar from zero at each category, `xs` being the category's number.
    case bars
    /// Bars between `xs[i]` and `xs[i + 1]`; `xs` has one element more than `ys`.
    case steps
    /// A box plot of each series' `ys` at the category that its `xs` name: see `BoxSummary`.
    case boxes
  }

  /// A series of numbers.
  public struct Series: Sendable {
    /// Its name in the legend; nil for none.
    public var name: String?
    /// The x coordinates.
    public var xs: [Double]
    /// The y coordinates.
    public var ys: [Double]
    /// Half the length of an error bar at each point; empty for none.
    public var errors: [Double]
    /// The ends of a band around a line at each point; empty for none.
    public var band: [(low: Double, high: Double)]
    /// Makes a series.
    public init(
      name: String? = nil, xs: [Double], ys: [Double], errors: [Double] = [],
      band: [(low: Double, high: Double)] = []
    ) {
      self.name = name
      self.xs = xs
      self.ys = ys
      self.errors = errors
      self.band = band
    }
  }

  /// How all series are drawn.
  public var mark: Mark
  /// The series.
  public var series: [Series]
  /// The title.
  public var title = ""
  /// The label of the x axis, with its unit.
  public var xLabel = ""
  /// The label of the y axis, with its unit.
  public var yLabel = ""
  /// The names below the bars or boxes.
  public var categories: [String] = []
  /// The limits of the x axis; nil fits the data.
  public var xLimits: ClosedRange<Double>?
  /// The limits of the y axis; nil fits the data.
  public var yLimits: ClosedRange<Double>?
  /// Whether the x axis is logarithmic.
  public var xIsLogarithmic = false
  /// Whether the y axis is logarithmic.
  public var yIsLogarithmic = false
  /// Whether both axes have the same limits and the plot is square.
  public var isSquare = false
  /// Whether the line y = x is drawn.
  public var hasDiagonal = false
  /// Whether bars have their numbers at their ends.
  public var hasNumbers = false
  /// The decimals of these numbers; nil gives about three digits.
  public var decimals: Int?
  /// The size in points.
  public var size = Size(width: 480, height: 320)
  /// Whether it may become larger, so that its texts have room.
  public var canGrow = true

  /// Makes a chart.
  public init(_ mark: Mark, _ series: [Series]) {
    self.mark = mark
    self.series = series
  }

  /// The drawing. Throws `no-data` when no value of any series can be shown, and `picture-size` when
  /// its texts leave no room for the plot.
  public func figure() throws -> Figure {
    let layout = try ChartLayout(self, on: Canvas.measuring())
    let chart = self
    return Figure(
      summary, title: title, description: description, size: layout.size,
      resized: { size in
        var other = chart
        other.size = size
        other.canGrow = false
        return try other.figure()
      },
      draw: { ChartPainter(chart: chart, layout: layout, canvas: $0).draw() })
  }

  /// Whether x counts categories.
  var hasCategories: Bool { mark == .bars || mark == .boxes }

  /// Whether colours alone do not tell its bars apart.
  var hasTextures: Bool { series.count > DrawnColour.series.count && mark != .boxes }

  /// The axes; `room` is the share of the y axis beyond the bars that their numbers need.
  func axes(room: Double = 0) throws -> (x: Axis, y: Axis) {
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
        if i < one.band.count { ys += [one.band[i].low, one.band[i].high] }
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
      hasCategories
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
      room: room, tickCount: 6)
    return (x, y)
  }
}
