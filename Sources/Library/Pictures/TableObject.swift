import Host
import Language
import Tensors

/// A table of values that prints as aligned text.
public final class TableObject: HostObject {
  /// The names of the columns, in order.
  let columns: [String]
  /// The cells by row; each row has as many cells as there are `columns`.
  let rows: [[Value]]
  private let decimals: Int

  init(columns: [String], rows: [[Value]], decimals: Int) {
    self.columns = columns
    self.rows = rows
    self.decimals = decimals
  }

  /// Creates a table from rows that are maps or lists. The columns are those given, or else the
  /// keys of the maps. nil if a row is neither a map nor a list. Throws `argument` for a list that
  /// is longer than the columns.
  convenience init?(rows: [Value], columns: [String] = [], decimals: Int = 4) throws {
    var columns = columns
    let rows = try rows.map(TableObject.row)
    if columns.isEmpty {
      var widest = 0
      var seen: Set<String> = []
      for row in rows {
        if case .map(let map) = row {
          for key in map.entries.keys where seen.insert(key.shown).inserted {
            columns.append(key.shown)
          }
        } else if case .list(let list) = row {
          widest = max(widest, list.items.count)
        }
      }
      if columns.isEmpty { columns = (0..<widest).map(String.init) }
    }
    let cells = try rows.mapAll { row -> [Value]? in
      switch row {
      case .map(let map):
        let byName = Dictionary(
          map.entries.map { ($0.key.shown, $0.value) }, uniquingKeysWith: { first, _ in first })
        return columns.map { byName[$0] ?? .nil }
      case .list(let list):
        guard list.items.count <= columns.count else {
          throw Failure(
            "argument",
            "table: a row has \(list.items.count) values, but there are \(columns.count) columns",
            argument: 0)
        }
        return list.items + [Value](repeating: .nil, count: columns.count - list.items.count)
      default: return nil
      }
    }
    guard let cells else { return nil }
    self.init(columns: columns, rows: cells, decimals: decimals)
  }

  /// Returns the rows and columns of a list of rows, of a tensor (by its first axis), or of a map
  /// from names to columns; nil for any other value. Throws `argument` if the columns differ in
  /// length.
  static func rows(of value: Value) throws -> (rows: [Value], columns: [String])? {
    guard case .map(let map) = value else { return try items(of: value).map { ($0, []) } }
    let columns = try map.entries.mapAll { key, column in
      try items(of: column).map { (name: key.shown, cells: $0) }
    }
    guard let columns else { return nil }
    let count = columns.first?.cells.count ?? 0
    if let other = columns.first(where: { $0.cells.count != count }) {
      throw Failure(
        "argument",
        "table: the columns must have the same length, but \(columns[0].name) has \(count) values and "
          + "\(other.name) \(other.cells.count)", argument: 0)
    }
    return ((0..<count).map { i in .list(List(columns.map { $0.cells[i] })) }, columns.map(\.name))
  }

  /// Returns a table, or the table that a value can be converted to; nil if it cannot.
  static func of(_ value: Value) throws -> TableObject? {
    if case .object(let table as TableObject) = value { return table }
    guard let (rows, columns) = try rows(of: value) else { return nil }
    return try TableObject(rows: rows, columns: columns)
  }

  /// Returns a row that is a tensor as a list of its elements, and any other row unchanged.
  private static func row(_ value: Value) throws -> Value {
    guard case .object(is TensorObject) = value else { return value }
    return .list(List(try items(of: value) ?? [value]))
  }

  /// Returns the items of a list, or of a tensor along its first axis; nil for any other value.
  private static func items(of value: Value) throws -> [Value]? {
    switch value {
    case .list(let list): list.items
    case .object(let object as TensorObject) where object.tensor.rank > 0:
      try object.iterator().map { try Array(collecting: $0) }
    default: nil
    }
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    [Value(strings: columns), .number(Double(decimals))] + rows.flatMap { $0 }
  }
  override public var typeName: String { "table" }
  override public var summary: String { aligned() }
  override public func length() throws -> Int? { rows.count }

  override public class var members: [AnyMember] { declared }
  private static let declared: [Member<TableObject>] = [
    Member("markdown", "string", "The table in Markdown.") { Value($0.markdown) },
    Member("latex", "string", "The table as a LaTeX tabular.") { Value($0.latex) },
    Member("csv", "string", "The table as comma-separated values.") { Value($0.csv) },
    Member("columns", "list", "The names of the columns.") {
      .list(List($0.columns.map { Value($0) }))
    },
  ]

  /// Returns the texts of each column, and whether the column consists of numbers, which are
  /// aligned to the right.
  func texts() -> [(cells: [String], isRight: Bool)] {
    columns.indices.map { c in
      let values = rows.map { $0[c] }
      let numbers = values.compactMap(\.singleNumber)
      let places = numbers.allSatisfy { $0 == $0.rounded() || !$0.isFinite } ? 0 : decimals
      let cells = values.map { value in
        if case .nil = value { return "" }
        return value.singleNumber.map { TableObject.fixed($0, places) } ?? value.printed
      }
      let isRight = cells.allSatisfy { $0.isEmpty || TableObject.looksNumeric($0) }
      return (cells, isRight && cells.contains { !$0.isEmpty })
    }
  }

  private static func looksNumeric(_ text: String) -> Bool {
    text.contains { $0.isNumber }
      && text.allSatisfy { $0.isNumber || " +-.,%eE()±".contains($0) }
  }

  private static func fixed(_ x: Double, _ places: Int) -> String {
    guard places > 0, x.isFinite, abs(x) < 1e15 else { return Value.number(x).printed }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (abs(x) * scale).rounded()
    guard scaled < 9e15 else { return Value.number(x).printed }
    var digits = String(Int(scaled))
    digits = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -places))
    return (x < 0 && scaled != 0 ? "-" : "") + digits
  }

  private func aligned() -> String {
    let texts = texts()
    func pad(_ text: String, _ width: Int, right: Bool) -> String {
      let space = String(repeating: " ", count: max(0, width - text.count))
      return right ? space + text : text + space
    }
    let widths = columns.indices.map { c in
      max(columns[c].count, texts[c].cells.map(\.count).max() ?? 0)
    }
    func line(_ cells: [String]) -> String {
      var text = cells.enumerated().map { pad($1, widths[$0], right: texts[$0].isRight) }
        .joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text
    }
    let head = line(columns)
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "──")
    return ([head, rule] + rows.indices.map { r in line(texts.map { $0.cells[r] }) })
      .joined(separator: "\n")
  }
}
