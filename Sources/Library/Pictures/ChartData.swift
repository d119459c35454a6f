import Language
import Tensors

/// Numbers with an optional name.
struct NamedNumbers {
  let name: String?
  let values: [Double]
}

extension Value {
  /// The numbers of a list, tensor or range; nil for any other value.
  var numbers: [Double]? {
    switch self {
    case .list(let list): return list.items.mapAll(\.singleNumber)
    case .object(let object as TensorObject):
      return object.tensor.rank <= 1 ? object.tensor.doubles : nil
    case .range(let range): return range.count < 100_000_000 ? Array(range) : nil
    default: return nil
    }
  }

  /// The value of a number or of a tensor with one element.
  var singleNumber: Double? {
    switch self {
    case .number(let x): x
    case .object(let object as TensorObject) where object.tensor.count == 1:
      object.tensor.doubles[0]
    default: nil
    }
  }

  /// The numbers of a map from names to numbers; nil for any other value.
  var numbersByName: [(name: String, number: Double)]? {
    guard case .map(let map) = self else { return nil }
    return map.entries.mapAll { key, value in value.singleNumber.map { (key.shown, $0) } }
  }

  /// The series of a map, a list of lists or a tensor [n, m]; a list of numbers is one series
  /// without a name. nil for any other value.
  var series: [NamedNumbers]? {
    if let numbers { return [NamedNumbers(name: nil, values: numbers)] }
    switch self {
    case .map(let map):
      return map.entries.mapAll { key, value in
        value.numbers.map { NamedNumbers(name: key.shown, values: $0) }
      }
    case .list(let list):
      return list.items.mapAll { $0.numbers.map { NamedNumbers(name: nil, values: $0) } }
    case .object(let object as TensorObject) where object.tensor.rank == 2:
      return (0..<object.tensor.shape[0]).map {
        NamedNumbers(name: nil, values: object.tensor.item($0).doubles)
      }
    default: return nil
    }
  }
}

extension ArgumentType where T == [Double] {
  /// Numbers along one axis.
  static var numbers: Self { Self("list of numbers, tensor or range") { $0.numbers } }
}

extension ArgumentType where T == [NamedNumbers] {
  /// The data of a chart.
  static var series: Self {
    Self("list of numbers, tensor, map of lists or list of lists") { $0.series }
  }
}

extension ArgumentType where T == [String] {
  /// Texts for labels; numbers and bools are accepted as they print.
  static var texts: Self {
    let label = ArgumentType<String>("string") { value in
      switch value {
      case .string(let text): text.text
      case .number(let x): Map.Key.number(x).shown
      case .bool(let x): x ? "true" : "false"
      default: nil
      }
    }
    return .list(of: label)
  }
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
