import Host
import Language
import Pictures

/// The arguments that all charts share: texts, limits, logarithmic axes and size.
enum ChartStyle {
  /// The title.
  static let title = Argument("title", .string, default: "", "the title", named: true)
  /// The label of the x axis.
  static let xLabel = Argument(
    "x_label", .string, default: "", "what x is, with its unit", named: true)
  /// The label of the y axis.
  static let yLabel = Argument(
    "y_label", .string, default: "", "what y is, with its unit", named: true)
  /// The limits of the x axis.
  static let xLimits = limits("x")
  /// The limits of the y axis.
  static let yLimits = limits("y")
  private static let log = Argument(
    "log", .choice(["x", "y", "xy", ""]).named("\"x\", \"y\" or \"xy\""), default: "",
    "which axes are logarithmic", named: true)
  /// The size of the drawing.
  static let size = Argument(
    "size", .optional(.chartSize), "[width, height]; a PNG has two pixels per point",
    unit: "points",
    named: true)

  /// The decimals of the numbers that are written on bars and cells.
  static let decimals = Argument(
    "decimals", .optional(.whole(0...15)),
    "the digits after the decimal point; nil gives about three digits in all", named: true)

  /// The texts around a chart.
  static let texts: [AnyArgument] = [title, xLabel, yLabel]
  /// The arguments of charts that have numbers along both axes.
  static let axes: [AnyArgument] = [xLimits, yLimits, log, size]

  private static func limits(_ axis: String) -> Argument<ClosedRange<Double>?> {
    Argument(
      "\(axis)_limits", .optional(.limits), "[low, high] of the \(axis) axis; nil fits the data",
      named: true
    )
  }

  /// Returns the figure of a chart to which the arguments of the builtin's call are applied.
  static func figure(_ chart: Chart, _ call: Call, _ host: any Host) throws -> Value {
    var chart = chart
    try set(call, to: &chart)
    return .object(FigureObject(try chart.figure(), host: host))
  }

  private static func set(_ call: Call, to chart: inout Chart) throws {
    func takes(_ option: AnyArgument) -> Bool { call.builtin.parameters.contains { $0 === option } }
    chart.title = try call[title]
    chart.xLabel = try call[xLabel]
    chart.yLabel = try call[yLabel]
    chart.yLimits = try call[yLimits]
    if takes(xLimits) { chart.xLimits = try call[xLimits] }
    if let size = try call[size] {
      chart.size = size
      chart.canGrow = false
    }
    guard takes(log) else { return }
    chart.xIsLogarithmic = try call[log].contains("x")
    chart.yIsLogarithmic = try call[log].contains("y")
    for (isLogarithmic, limits) in [
      (chart.xIsLogarithmic, xLimits), (chart.yIsLogarithmic, yLimits),
    ] where isLogarithmic {
      if let low = try call[limits]?.lowerBound, low <= 0 {
        throw call.wrong(limits, "above 0 on a logarithmic axis")
      }
    }
  }
}

extension ArgumentType where T == ClosedRange<Double> {
  /// The limits of an axis or of a colour scale.
  static var limits: Self {
    ArgumentType<[Double]>.numbers.named("[low, high]")
      .limited(" with low below high") {
        $0.count == 2 && $0.allSatisfy(\.isFinite) && $0[0] < $0[1]
      }
      .map { $0[0]...$0[1] }
  }
}

extension ArgumentType where T == Size {
  /// The size of a drawing as [width, height].
  fileprivate static var chartSize: Self {
    ArgumentType<[Double]>.numbers.named("[width, height]")
      .limited(" from 80 to 10000") {
        $0.count == 2 && $0.allSatisfy((80...10_000).contains)
      }
      .map { Size(width: $0[0], height: $0[1]) }
  }
}
