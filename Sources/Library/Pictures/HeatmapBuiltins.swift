import Host
import Language
import Pictures
import Tensors

private let cells = Argument("values", .matrix, "the numbers, a row for each row of the heat map")
private let rows = Argument("rows", .optional(.texts), "the names of the rows")
private let columns = Argument("columns", .optional(.texts), "the names of the columns")
private let numbers = Argument(
  "numbers", .cellTexts,
  "whether the numbers are written on the cells, or other numbers or texts to write, in the shape of "
    + "values; nil writes the numbers if there are at most 20 columns and 30 rows", named: true)
private let limits = Argument(
  "limits", .optional(.limits),
  "[low, high], the numbers at the ends of the colour scale; nil fits the data", named: true)
private let center = Argument(
  "center", .optional(.number((-Double.greatestFiniteMagnitude)...)),
  "the number that is white, with blue below and orange above; nil is 0 if there are numbers on both "
    + "sides of it, and otherwise the scale goes from light to dark", named: true)
private let key = Argument(
  "key", .string, default: "", "what the numbers are, next to the colour key", named: true)

/// The builtin `heatmap`.
func heatmapBuiltins(_ library: Library) -> [Builtin] {
  let host = library.host
  return [
    Builtin(
      "heatmap", "Draws a matrix as coloured cells with their numbers, names and a colour key.",
      details: """
        The matrix is a tensor [rows, columns], a list of lists, or a map from the name of a row to \
        its numbers, which may be a map from the names of the columns. NaN and nil are grey and \
        hatched, and infinite numbers have the colour of an end of the scale. `limits` beyond which \
        there are numbers are marked in the key. Without `size`, the figure is as large as its \
        cells and names need. For images and maps of pixels: `picture_table`.
        """,
      searchTerms: ["heat map", "imagesc", "matrix plot", "annotated", "correlation matrix"],
      [cells, rows, columns, numbers, ChartStyle.decimals, limits, center, key] + ChartStyle.texts
        + [ChartStyle.size],
      result: "figure",
      examples: [
        Example(
          "heatmap({CQD: {birds: 79.4, cars: 81.2}, B: {birds: 76.7, cars: 80.3}}, key: \"accuracy (%)\")",
          "figure: heat map, 2 × 2 values"),
        Example(
          "heatmap([[1, -0.3], [-0.3, 1]], [\"a\", \"b\"], [\"a\", \"b\"], limits: [-1, 1])",
          "figure: heat map, 2 × 2 values"),
      ]
    ) { .object(FigureObject(try $0.heatmap().figure(), host: host)) }
  ]
}

extension Call {
  fileprivate func heatmap() throws -> MatrixChart {
    let matrix = try self[cells]
    var chart = MatrixChart(matrix.rows)
    chart.rowNames = try names(rows, else: matrix.rowNames, count: matrix.rows.count, of: "row")
    chart.columnNames = try names(
      columns, else: matrix.columnNames, count: matrix.rows.first?.count ?? 0, of: "column")
    chart.cellTexts = try self[numbers]
    if case .texts(let texts) = chart.cellTexts {
      guard texts.map(\.count) == matrix.rows.map(\.count) else {
        throw wrong(numbers, "of the shape of values")
      }
    }
    chart.decimals = try self[ChartStyle.decimals]
    chart.limits = try self[limits]
    chart.centre = try self[center]
    chart.key = try self[key]
    chart.title = try self[ChartStyle.title]
    chart.xLabel = try self[ChartStyle.xLabel]
    chart.yLabel = try self[ChartStyle.yLabel]
    chart.size = try self[ChartStyle.size]
    return chart
  }

  private func names(
    _ argument: Argument<[String]?>, else own: [String], count: Int, of kind: String
  ) throws -> [String] {
    guard let names = try self[argument] else { return own }
    guard names.isEmpty || names.count == count else {
      throw fault(
        argument,
        "\(argument.name) has \(names.count) \(names.count == 1 ? "name" : "names") for \(count) "
          + "\(kind)\(count == 1 ? "" : "s")")
    }
    return names
  }
}

/// The numbers of a heat map, with the names that come with them. There is at least one row and one
/// column.
struct NamedMatrix {
  let rows: [[Double]]
  var rowNames: [String] = []
  var columnNames: [String] = []

  /// Reads a tensor, a list of lists or a map of lists or maps; nil for any other value, and for rows
  /// of different lengths.
  init?(_ value: Value) {
    let values: [Value]
    switch value {
    case .object(let object as TensorObject):
      guard object.tensor.rank == 2, object.tensor.count > 0 else { return nil }
      rows = (0..<object.tensor.shape[0]).map { object.tensor.item($0).doubles }
      return
    case .map(let map):
      values = map.entries.map(\.value)
      rowNames = map.entries.map(\.key.shown)
    case .list(let list): values = list.items
    default: return nil
    }
    if case .map(let first)? = values.first {
      let keys = first.entries.map(\.key)
      columnNames = keys.map(\.shown)
      let found = values.mapAll { row -> [Double]? in
        guard case .map(let map) = row, map.entries.count == keys.count else { return nil }
        let byName = Dictionary(map.entries.map { ($0.key.shown, $0.value) }) { first, _ in first }
        return keys.mapAll { byName[$0.shown].flatMap(NamedMatrix.number) }
      }
      guard let found else { return nil }
      rows = found
    } else {
      guard let found = values.mapAll(NamedMatrix.row) else { return nil }
      rows = found
    }
    guard let width = rows.first?.count, width > 0, rows.allSatisfy({ $0.count == width }) else {
      return nil
    }
  }

  private static func row(_ value: Value) -> [Double]? {
    guard case .list(let list) = value else { return value.numbers }
    return list.items.mapAll(number)
  }

  /// A number; nil of the language is a missing one.
  private static func number(_ value: Value) -> Double? {
    if case .nil = value { .nan } else { value.singleNumber }
  }
}

extension ArgumentType where T == NamedMatrix {
  fileprivate static var matrix: Self {
    Self("tensor [rows, columns], list of equal lists of numbers, or map of these") {
      NamedMatrix($0)
    }
  }
}

extension ArgumentType where T == MatrixChart.CellTexts {
  fileprivate static var cellTexts: Self {
    let wanted = ParameterType("bool, list of lists, or tensor [rows, columns]") { value in
      read(value) != nil
    }
    return Self(wanted, isOptional: true) { read($0) }
  }

  private static func read(_ value: Value) -> MatrixChart.CellTexts? {
    switch value {
    case .nil: return .automatic
    case .bool(let isWanted): return isWanted ? .numbers : MatrixChart.CellTexts.none
    case .list(let list):
      let texts = list.items.mapAll { try? ArgumentType<[String]>.texts.read($0) ?? row($0) }
      return texts.map { .texts($0) }
    default: return NamedMatrix(value).map { .texts($0.rows.map { $0.map { written($0) } }) }
    }
  }

  private static func row(_ value: Value) -> [String]? { value.numbers.map { $0.map(written) } }

  private static func written(_ x: Double) -> String { Map.Key.number(x).shown }
}
