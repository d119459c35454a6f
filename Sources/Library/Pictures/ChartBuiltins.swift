import Host
import Language
import Pictures
import Tensors

/// What a chart's series may be given as.
private let seriesType =
  ParameterType("list of numbers, tensor, map of lists or list of lists") {
    Call.rows(in: $0) != nil
  }
/// Numbers along one axis.
private let numbersType = ParameterType("list of numbers, tensor or range") {
  Call.numbers(in: $0) != nil
}
private let labelsParameter = Parameter.optional(
  "labels", .list, .nil, "the names of the series, for the legend", namedOnly: true)

/// `line`, `scatter`, `bars`, `hist`.
func chartBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "line", "Draws series of numbers as lines.",
      details: """
        `line(y)` counts x from 0; `line(x, y)` gives it. y may be several series: a map from name \
        to numbers, a list of lists or a tensor [series, values]. Values that are not finite, or \
        not positive on a logarithmic axis, part the line.
        """,
      [
        .required("x", seriesType, "the values along x; y, if it is all that is given"),
        .optional("y", seriesType, .nil, "the values along y, one series or several"),
        labelsParameter,
      ] + Parameter.chartTexts + Parameter.chartAxes,
      result: "figure",
      examples: [
        Example(
          "line({train: [2.1, 1.4, 1.1], val: [2.2, 1.7, 1.6]}, title: \"loss\", x_label: \"epoch\")",
          "figure: line chart, 2 series, 6 values"),
        Example("line([1, 10, 100], [0.5, 0.2, 0.1], log: \"xy\")", "figure: line chart, 3 values"),
      ]
    ) { call in
      var chart = Chart(.line, try call.series())
      try call.style(&chart)
      return .object(FigureObject(try chart.figure(), host: host))
    },
    Builtin(
      "scatter", "Draws points.",
      details: """
        `groups` gives each point the name of its group: groups get colours and a legend. With \
        `diagonal` the line y = x is drawn, and both axes then run alike unless `equal` says \
        otherwise.
        """,
      [
        .required("x", numbersType, "the points' places along x"),
        .required("y", numbersType, "the points' places along y"),
        .optional("groups", .any, .nil, "a list: the name of each point's group"),
        .optional("diagonal", .bool, .bool(false), "draws the line y = x", namedOnly: true),
        .optional(
          "equal", .bool, .nil, "both axes have the same ends, and the plot is square",
          namedOnly: true),
      ] + Parameter.chartTexts + Parameter.chartAxes,
      result: "figure",
      examples: [
        Example(
          "scatter([0.2, 0.4, 0.3], [0.5, 0.6, 0.4], diagonal: true, x_label: \"τ, B\", "
            + "y_label: \"τ, CQD\")", "figure: scatter chart, 3 values")
      ]
    ) { call in
      var chart = Chart(.dots, try call.groupedPoints())
      chart.hasDiagonal = try call.bool("diagonal")
      chart.isSquare = call.isNil("equal") ? chart.hasDiagonal : try call.bool("equal")
      if chart.isSquare { chart.size = Size(width: 360, height: 380) }
      try call.style(&chart)
      return .object(FigureObject(try chart.figure(), host: host))
    },
    Builtin(
      "bars", "Draws numbers as bars from zero.",
      details: """
        `bars({B: 76.7, CQD: 79.4})`, or a list with `labels`. Several series stand side by side: a \
        map from name to a list, with the `labels` of the places.
        """,
      [
        .required(
          "values",
          ParameterType("list of numbers, tensor, or map of numbers or of lists") {
            Call.rows(in: $0) != nil || Call.single(in: $0) != nil
          }, "the bars' heights"),
        .optional("labels", .list, .nil, "the names below the bars"),
        .optional(
          "errors", seriesType, .nil, "half the length of each bar's error bar, shaped as values",
          namedOnly: true),
      ] + Parameter.chartTexts
        + Parameter.chartAxes.filter { $0.name != "x_limits" && $0.name != "log" },
      result: "figure",
      examples: [
        Example(
          "bars({B: 76.7, CQD: 79.4}, errors: [0.4, 0.5], y_label: \"accuracy (%)\")",
          "figure: bar chart, 2 values")
      ]
    ) { call in
      var chart = try call.barChart()
      try call.style(&chart)
      return .object(FigureObject(try chart.figure(), host: host))
    },
    Builtin(
      "hist", "Counts numbers in bins of equal width and draws the counts.",
      details: "Several series share the bins. Values that are not finite are left out.",
      [
        .required("values", seriesType, "the numbers, one series or several"),
        .optional("bins", .whole, .number(30), "how many bins"),
        labelsParameter,
      ] + Parameter.chartTexts + Parameter.chartAxes.filter { $0.name != "log" },
      result: "figure",
      examples: [
        Example(
          "hist([1, 2, 2, 3, 3, 3], bins: 3, x_label: \"size\")", "figure: histogram, 3 values")
      ]
    ) { call in
      var chart = try call.histogram()
      try call.style(&chart)
      return .object(FigureObject(try chart.figure(), host: host))
    },
  ]
}

extension Call {
  /// A map from name to number.
  static func single(in value: Value) -> [(String, Double)]? {
    guard case .map(let map) = value else { return nil }
    var pairs: [(String, Double)] = []
    for (key, value) in map.entries {
      switch value {
      case .number(let x): pairs.append((key.shown, x))
      case .object(let object as TensorObject) where object.tensor.count == 1:
        pairs.append((key.shown, object.tensor.doubles[0]))
      default: return nil
      }
    }
    return pairs
  }

  /// The names of `count` series: those given by `labels`, else their own.
  private func names(of rows: [(name: String?, values: [Double])]) throws -> [String?] {
    let given = try strings("labels")
    guard given.isEmpty || given.count == rows.count else {
      throw Failure(
        "argument",
        "\(builtin.name): labels has \(given.count) names for \(rows.count) series",
        argument: index(of: "labels"))
    }
    return given.isEmpty ? rows.map(\.name) : given
  }

  fileprivate func series() throws -> [Chart.Series] {
    let hasX = !isNil("y")
    guard let rows = Call.rows(in: hasX ? self["y"] : self["x"]) else {
      throw wrong("y", "numbers or series of numbers")
    }
    let names = try names(of: rows)
    var xs: [Double]?
    if hasX {
      guard let given = Call.numbers(in: self["x"]) else { throw wrong("x", "a list of numbers") }
      xs = given
    }
    return try rows.enumerated().map { i, row in
      if let xs, xs.count != row.values.count {
        throw Failure(
          "argument",
          "\(builtin.name): x has \(xs.count) values, \(names[i] ?? "y") has \(row.values.count)",
          argument: index(of: "y"))
      }
      return Chart.Series(
        name: names[i], xs: xs ?? row.values.indices.map(Double.init), ys: row.values)
    }
  }

  fileprivate func groupedPoints() throws -> [Chart.Series] {
    guard let xs = Call.numbers(in: self["x"]), let ys = Call.numbers(in: self["y"]) else {
      throw wrong("x", "a list of numbers")
    }
    guard xs.count == ys.count else {
      throw Failure(
        "argument", "\(builtin.name): x has \(xs.count) values, y has \(ys.count)",
        argument: index(of: "y"))
    }
    if isNil("groups") { return [Chart.Series(xs: xs, ys: ys)] }
    let names: [String]
    if let numbers = Call.numbers(in: self["groups"]) {
      names = numbers.map { Map.Key.number($0).shown }
    } else {
      names = try strings("groups")
    }
    guard names.count == xs.count else {
      throw Failure(
        "argument", "\(builtin.name): groups has \(names.count) names for \(xs.count) points",
        argument: index(of: "groups"))
    }
    var order: [String] = []
    var members: [String: [Int]] = [:]
    for (i, name) in names.enumerated() {
      if members[name] == nil { order.append(name) }
      members[name, default: []].append(i)
    }
    return order.map { name in
      let points = members[name] ?? []
      return Chart.Series(name: name, xs: points.map { xs[$0] }, ys: points.map { ys[$0] })
    }
  }

  fileprivate func barChart() throws -> Chart {
    var categories = try strings("labels")
    var rows: [(name: String?, values: [Double])]
    if let pairs = Call.single(in: self["values"]) {
      if categories.isEmpty { categories = pairs.map(\.0) }
      rows = [(nil, pairs.map(\.1))]
    } else {
      rows = Call.rows(in: self["values"]) ?? []
    }
    let width = rows.map(\.values.count).max() ?? 0
    if categories.isEmpty { categories = (0..<width).map(String.init) }
    guard rows.allSatisfy({ $0.values.count == categories.count }) else {
      throw Failure(
        "argument", "bars: there are \(categories.count) labels for \(width) bars",
        argument: index(of: "labels"))
    }
    var errors: [[Double]] = []
    if !isNil("errors") {
      errors =
        Call.single(in: self["errors"]).map { [$0.map(\.1)] }
        ?? (Call.rows(in: self["errors"]) ?? []).map(\.values)
      guard errors.map(\.count) == rows.map(\.values.count) else {
        throw wrong("errors", "shaped as values")
      }
    }
    var chart = Chart(
      .bars,
      rows.enumerated().map { i, row in
        Chart.Series(
          name: row.name, xs: row.values.indices.map(Double.init), ys: row.values,
          errors: errors.isEmpty ? [] : errors[i])
      })
    chart.categories = categories
    return chart
  }

  fileprivate func histogram() throws -> Chart {
    let bins = try int("bins", minimum: 1)
    guard bins <= 10_000 else { throw wrong("bins", "10000 at most") }
    guard let rows = Call.rows(in: self["values"]) else { throw wrong("values", "numbers") }
    let names = try names(of: rows)
    let limits = try limits("x_limits")
    let all = rows.flatMap(\.values).filter(\.isFinite)
    guard var low = limits?.lowerBound ?? all.min(), var high = limits?.upperBound ?? all.max()
    else { throw Failure("no-data", "hist: there is no finite number") }
    if low == high {
      low -= 0.5
      high += 0.5
    }
    let width = (high - low) / Double(bins)
    guard width > 0, width.isFinite else {
      throw Failure("no-data", "hist: from \(low) to \(high) there is no room for \(bins) bins")
    }
    let edges = (0...bins).map { low + Double($0) * width }
    return Chart(
      .steps,
      rows.enumerated().map { i, row in
        var counts = [Double](repeating: 0, count: bins)
        for value in row.values where value >= low && value <= high {
          counts[min(bins - 1, Int((value - low) / width))] += 1
        }
        return Chart.Series(name: names[i], xs: edges, ys: counts)
      })
  }
}
