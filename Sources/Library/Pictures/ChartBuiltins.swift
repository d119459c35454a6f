import Host
import Language
import Pictures

private let lineX = Argument(
  "x", .series, "the values along x; the values along y, if y is not given")
private let lineY = Argument(
  "y", .optional(.series), "the values along y, one series or several")
private let pointX = Argument("x", .numbers, "the points' x coordinates")
private let pointY = Argument("y", .numbers, "the points' y coordinates")
private let groups = Argument(
  "groups", .optional(.groups), "a list with the name of each point's group")
private let diagonal = Argument(
  "diagonal", .bool, default: false, "whether the line y = x is drawn", named: true)
private let equal = Argument(
  "equal", .optional(.bool), "whether both axes have the same limits and the plot is square",
  named: true)
private let heights = Argument("values", .bars, "the bars' heights")
private let barLabels = Argument("labels", .optional(.texts), "the names below the bars")
private let errorBars = Argument(
  "errors", .optional(.bars), "half the length of each bar's error bar, in the shape of values",
  named: true)
private let hasNumbers = Argument(
  "numbers", .bool, default: false, "whether the numbers are written at the ends of the bars",
  named: true)
private let counted = Argument("values", .series, "the numbers, one series or several")
private let bins = Argument("bins", .whole(1...10_000), default: 30, "how many bins")
private let seriesNames = Argument(
  "labels", .optional(.texts), "the names of the series, for the legend", named: true)

private let samples = Argument("values", .series, "the numbers of each box")
private let boxNames = Argument("labels", .optional(.texts), "the names below the boxes")

/// The builtins `line`, `scatter`, `bars`, `hist` and `box_plot`.
func chartBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "line", "Draws series of numbers as lines.",
      details: """
        In `line(y)`, x counts from 0; `line(x, y)` gives x. y may be several series: a map from \
        name to numbers, a list of lists or a tensor [series, values]. Values that are not finite, \
        or not positive on a logarithmic axis, interrupt the line. A band shows the spread around \
        each line: `band` is half its height, and `low` and `high` are its ends. They have the shape \
        of y, and those of a map are found by name.
        """,
      searchTerms: [
        "plot", "curve", "loss curve", "error band", "fill_between", "shaded", "spread",
      ],
      [lineX, lineY, seriesNames] + ChartBands.arguments + ChartStyle.texts + ChartStyle.axes,
      result: "figure",
      examples: [
        Example(
          "line({train: [2.1, 1.4, 1.1], val: [2.2, 1.7, 1.6]}, title: \"loss\", x_label: \"epoch\")",
          "figure: line chart, 2 series, 6 values"),
        Example("line([1, 10, 100], [0.5, 0.2, 0.1], log: \"xy\")", "figure: line chart, 3 values"),
        Example(
          "let runs = tensor([[60, 71, 76], [62, 70, 79]])\n"
            + "line(mean(runs, axis: 0), band: std(runs, axis: 0))",
          "figure: line chart, 3 values with bands"),
      ]
    ) { try ChartStyle.figure(Chart(.line, $0.series()), $0, host) },
    Builtin(
      "scatter", "Draws points.",
      details: """
        `groups` gives each point the name of its group; each group has its own colour in the \
        legend. With `diagonal` the line y = x is drawn, and both axes then have the same limits \
        unless `equal` is false.
        """,
      searchTerms: ["plot", "scatter plot"],
      [pointX, pointY, groups, diagonal, equal] + ChartStyle.texts + ChartStyle.axes,
      result: "figure",
      examples: [
        Example(
          "scatter([0.2, 0.4, 0.3], [0.5, 0.6, 0.4], diagonal: true, x_label: \"τ, B\", "
            + "y_label: \"τ, CQD\")", "figure: scatter chart, 3 values")
      ]
    ) { call in
      var chart = Chart(.dots, try call.groupedPoints())
      chart.hasDiagonal = try call[diagonal]
      chart.isSquare = try call[equal] ?? chart.hasDiagonal
      if chart.isSquare { chart.size = Size(width: 360, height: 380) }
      return try ChartStyle.figure(chart, call, host)
    },
    Builtin(
      "bars", "Draws numbers as bars from zero.",
      details: """
        Use `bars({B: 76.7, CQD: 79.4})`, or a list with `labels`. Several series are drawn side \
        by side: give a map from name to list, and the `labels` of the groups of bars. With \
        `numbers`, the figure becomes as wide as they need, unless it has a `size`.
        """,
      searchTerms: ["bar chart", "plot", "error bars"],
      [heights, barLabels, errorBars, hasNumbers, ChartStyle.decimals] + ChartStyle.texts + [
        ChartStyle.yLimits, ChartStyle.size,
      ],
      result: "figure",
      examples: [
        Example(
          "bars({B: 76.7, CQD: 79.4}, errors: [0.4, 0.5], y_label: \"accuracy (%)\")",
          "figure: bar chart, 2 values")
      ]
    ) { try ChartStyle.figure($0.barChart(), $0, host) },
    Builtin(
      "hist", "Counts numbers in bins of equal width and draws the counts.",
      details: "Several series share the bins. Values that are not finite are left out.",
      searchTerms: ["histogram", "plot", "distribution"],
      [counted, bins, seriesNames] + ChartStyle.texts
        + [ChartStyle.xLimits, ChartStyle.yLimits, ChartStyle.size],
      result: "figure",
      examples: [
        Example(
          "hist([1, 2, 2, 3, 3, 3], bins: 3, x_label: \"size\")", "figure: histogram, 3 values")
      ]
    ) { try ChartStyle.figure($0.histogram(), $0, host) },
    Builtin(
      "box_plot", "Draws the quartiles of several series of numbers as boxes.",
      details: """
        A box reaches from the first to the third quartile, with a line at the median. The whiskers \
        reach to the last numbers within 1.5 times the height of the box (Tukey, 1977); numbers \
        beyond are dots. Quartiles are interpolated as by `quantile`. Values that are not finite are \
        left out. Use `box_plot({A: [...], B: [...]})`, or a list of lists or a tensor [boxes, n] \
        with `labels`.
        """,
      searchTerms: ["boxplot", "box and whisker", "quartiles", "spread"],
      [samples, boxNames] + ChartStyle.texts + [ChartStyle.yLimits, ChartStyle.size],
      result: "figure",
      examples: [
        Example(
          "box_plot({B: [76, 77, 75, 79], CQD: [79, 80, 78, 81]}, y_label: \"accuracy (%)\")",
          "figure: box plot, 2 series, 8 values")
      ]
    ) { try ChartStyle.figure($0.boxPlot(), $0, host) },
  ]
}

/// The heights of bars, with the names below them if the values have names.
private struct Bars {
  let names: [String]
  let series: [NamedNumbers]
}

extension ArgumentType where T == Bars {
  fileprivate static var bars: Self {
    Self("list of numbers, tensor, or map of numbers or of lists") { value in
      if let numbers = value.numbersByName {
        return Bars(
          names: numbers.map(\.name),
          series: [NamedNumbers(name: nil, values: numbers.map(\.number))])
      }
      return value.series.map { Bars(names: [], series: $0) }
    }
  }
}

extension ArgumentType where T == [String] {
  /// The names of groups; numbers are accepted as names.
  fileprivate static var groups: Self {
    Self("list of strings, tensor or range") { value in
      try value.numbers?.map { Map.Key.number($0).shown } ?? Self.texts.read(value)
    }
  }
}

extension Call {
  /// Returns the names of the series: those given by `labels`, otherwise the series' own names.
  private func names(of series: [NamedNumbers]) throws -> [String?] {
    let given = try self[seriesNames] ?? []
    guard given.isEmpty || given.count == series.count else {
      throw fault(seriesNames, "labels has \(given.count) names for \(series.count) series")
    }
    return given.isEmpty ? series.map(\.name) : given
  }

  fileprivate func series() throws -> [Chart.Series] {
    let (x, y) = (try self[lineX], try self[lineY])
    let names = try names(of: y ?? x)
    let bands = try bands(around: y ?? x)
    guard let y else {
      return zip(zip(names, x), bands).map { named, band in
        let (name, x) = named
        return Chart.Series(
          name: name, xs: x.values.indices.map(Double.init), ys: x.values, band: band)
      }
    }
    guard x.count == 1 else { throw wrong(lineX, "a list of numbers if y is given") }
    return try zip(zip(names, y), bands).map { named, band in
      let (name, y) = named
      guard x[0].values.count == y.values.count else {
        throw fault(
          lineY, "x has \(x[0].values.count) values, but \(name ?? "y") has \(y.values.count)")
      }
      return Chart.Series(name: name, xs: x[0].values, ys: y.values, band: band)
    }
  }

  fileprivate func groupedPoints() throws -> [Chart.Series] {
    let (xs, ys) = (try self[pointX], try self[pointY])
    guard xs.count == ys.count else {
      throw fault(pointY, "x has \(xs.count) values, but y has \(ys.count)")
    }
    guard let names = try self[groups] else { return [Chart.Series(xs: xs, ys: ys)] }
    guard names.count == xs.count else {
      throw fault(groups, "groups has \(names.count) names for \(xs.count) points")
    }
    let groups = Dictionary(grouping: names.indices) { names[$0] }
    return groups.sorted { $0.value[0] < $1.value[0] }.map { name, points in
      Chart.Series(name: name, xs: points.map { xs[$0] }, ys: points.map { ys[$0] })
    }
  }

  fileprivate func barChart() throws -> Chart {
    let (bars, errors) = (try self[heights], try self[errorBars]?.series)
    let width = bars.series.map(\.values.count).max() ?? 0
    var categories = try self[barLabels] ?? []
    if categories.isEmpty { categories = bars.names }
    if categories.isEmpty { categories = (0..<width).map(String.init) }
    guard bars.series.allSatisfy({ $0.values.count == categories.count }) else {
      throw fault(barLabels, "there are \(categories.count) labels for \(width) bars")
    }
    if let errors, errors.map(\.values.count) != bars.series.map(\.values.count) {
      throw wrong(errorBars, "of the shape of values")
    }
    var chart = Chart(
      .bars,
      bars.series.enumerated().map { i, bars in
        Chart.Series(
          name: bars.name, xs: bars.values.indices.map(Double.init), ys: bars.values,
          errors: errors?[i].values ?? [])
      })
    chart.categories = categories
    chart.hasNumbers = try self[hasNumbers]
    chart.decimals = try self[ChartStyle.decimals]
    return chart
  }

  fileprivate func boxPlot() throws -> Chart {
    let rows = try self[samples]
    var categories = try self[boxNames] ?? []
    if categories.isEmpty { categories = rows.enumerated().map { $1.name ?? String($0) } }
    guard categories.count == rows.count else {
      throw fault(boxNames, "there are \(categories.count) labels for \(rows.count) boxes")
    }
    var chart = Chart(
      .boxes,
      rows.enumerated().map { i, row in
        Chart.Series(
          xs: [Double](repeating: Double(i), count: row.values.count), ys: row.values)
      })
    chart.categories = categories
    return chart
  }

  fileprivate func histogram() throws -> Chart {
    let (rows, bins) = (try self[counted], try self[bins])
    let names = try names(of: rows)
    let limits = try self[ChartStyle.xLimits]
    let all = rows.flatMap(\.values).filter(\.isFinite)
    guard var low = limits?.lowerBound ?? all.min(), var high = limits?.upperBound ?? all.max()
    else { throw Failure("no-data", "hist: there are no finite numbers") }
    if low == high {
      low -= 0.5
      high += 0.5
    }
    let width = (high - low) / Double(bins)
    guard width > 0, width.isFinite else {
      throw Failure(
        "no-data", "hist: the range from \(low) to \(high) is too small for \(bins) bins")
    }
    let edges = (0...bins).map { low + Double($0) * width }
    return Chart(
      .steps,
      zip(names, rows).map { name, row in
        var counts = [Double](repeating: 0, count: bins)
        for value in row.values where value >= low && value <= high {
          counts[min(bins - 1, Int((value - low) / width))] += 1
        }
        return Chart.Series(name: name, xs: edges, ys: counts)
      })
  }
}
