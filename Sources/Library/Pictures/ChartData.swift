import Host
import Language
import Pictures
import Tensors

/// Numbers, series and options out of a chart's arguments.
extension Call {
  /// The numbers of a list, tensor or range; nil where it is something else.
  static func numbers(in value: Value) -> [Double]? {
    switch value {
    case .list(let list):
      var numbers: [Double] = []
      numbers.reserveCapacity(list.items.count)
      for item in list.items {
        if case .number(let x) = item {
          numbers.append(x)
        } else if case .object(let object as TensorObject) = item, object.tensor.count == 1 {
          numbers.append(contentsOf: object.tensor.doubles)
        } else {
          return nil
        }
      }
      return numbers
    case .object(let object as TensorObject):
      return object.tensor.rank <= 1 ? object.tensor.doubles : nil
    case .range(let range):
      return range.count < 100_000_000 ? Array(range) : nil
    default:
      return nil
    }
  }

  /// Several rows of numbers with their names: of a map, a list of lists, or a tensor [n, m]; one
  /// without a name of a list of numbers. nil where it is something else.
  static func rows(in value: Value) -> [(name: String?, values: [Double])]? {
    if let one = numbers(in: value) { return [(nil, one)] }
    switch value {
    case .map(let map):
      var rows: [(name: String?, values: [Double])] = []
      for (key, value) in map.entries {
        guard let values = numbers(in: value) else { return nil }
        rows.append((key.shown, values))
      }
      return rows
    case .list(let list):
      var rows: [(name: String?, values: [Double])] = []
      for item in list.items {
        guard let values = numbers(in: item) else { return nil }
        rows.append((nil, values))
      }
      return rows
    case .object(let object as TensorObject) where object.tensor.rank == 2:
      return (0..<object.tensor.shape[0]).map { (nil, object.tensor.item($0).doubles) }
    default:
      return nil
    }
  }

  /// The strings of a list; numbers and bools as they print. Empty for nil.
  func strings(_ name: String) throws -> [String] {
    if isNil(name) { return [] }
    guard case .list(let list) = self[name] else { throw wrong(name, "a list of strings") }
    return try list.items.map { item in
      switch item {
      case .string(let text): return text.text
      case .number(let x): return Map.Key.number(x).shown
      case .bool(let x): return x ? "true" : "false"
      default: throw wrong(name, "a list of strings")
      }
    }
  }

  /// Two ends `[low, high]`; nil for nil.
  func limits(_ name: String) throws -> ClosedRange<Double>? {
    if isNil(name) { return nil }
    guard let ends = Call.numbers(in: self[name]), ends.count == 2, ends[0] < ends[1],
      ends.allSatisfy(\.isFinite)
    else { throw wrong(name, "[low, high] with low below high") }
    return ends[0]...ends[1]
  }

  /// Sets what every chart takes: texts, limits, logarithmic axes, size.
  func style(_ chart: inout Chart) throws {
    chart.title = try string("title")
    chart.xLabel = try string("x_label")
    chart.yLabel = try string("y_label")
    if builtin.parameters.contains(where: { $0.name == "x_limits" }) {
      chart.xLimits = try limits("x_limits")
    }
    chart.yLimits = try limits("y_limits")
    if builtin.parameters.contains(where: { $0.name == "log" }) {
      let log = try string("log")
      guard ["", "x", "y", "xy"].contains(log) else {
        throw wrong("log", "\"x\", \"y\" or \"xy\"")
      }
      chart.xIsLogarithmic = log.contains("x")
      chart.yIsLogarithmic = log.contains("y")
      for (axis, limits) in [("x", chart.xLimits), ("y", chart.yLimits)]
      where log.contains(axis) && (limits?.lowerBound ?? 1) <= 0 {
        throw wrong("\(axis)_limits", "above 0 on a logarithmic axis")
      }
    }
    if !isNil("size") {
      guard let size = Call.numbers(in: self["size"]), size.count == 2,
        size.allSatisfy({ $0 >= 80 && $0 <= 10000 })
      else { throw wrong("size", "[width, height] in points, each from 80 to 10000") }
      chart.size = Size(width: size[0], height: size[1])
    }
  }
}

extension Parameter {
  private static func text(_ name: String, _ about: String) -> Parameter {
    .optional(name, .string, Value(""), about, namedOnly: true)
  }
  /// The texts around a chart.
  static let chartTexts: [Parameter] = [
    text("title", "the line above"),
    text("x_label", "what x is, with its unit"),
    text("y_label", "what y is, with its unit"),
  ]
  /// The ends of both axes, logarithms, size.
  static let chartAxes: [Parameter] = [
    .optional("x_limits", .list, .nil, "[low, high] of the x axis; nil fits", namedOnly: true),
    .optional("y_limits", .list, .nil, "[low, high] of the y axis; nil fits", namedOnly: true),
    text("log", "which axes are logarithmic: \"x\", \"y\" or \"xy\""),
    .optional(
      "size", .list, .nil, "[width, height] in points; a PNG has two pixels a point",
      namedOnly: true),
  ]
}

extension Map.Key {
  /// The key as a label.
  var shown: String {
    switch self {
    case .string(let text): text
    case .number(let x):
      x == x.rounded() && abs(x) < 1e15 ? String(Int(x)) : String(x)
    case .bool(let x): x ? "true" : "false"
    }
  }
}
