import Formats
import Host
import Language
import Tensors

extension FileFormat {
  /// A map from variable names to values.
  static let mat = FileFormat(read: { bytes, path, library in
    let file = try MATFile(bytes, name: path)
    var reader = MATReader(file: path)
    let entries = try file.variables.compactMap { name, value in
      try reader.read(value, name).map { (name: name, value: $0) }
    }
    for (name, kind) in file.leftOut { reader.leaveOut(name, "is \(kind), which is not read") }
    return try library.map(of: entries, leftOut: reader.leftOut)
  })
}

/// Converts MATLAB values to values of the language, and notes what has no equivalent.
private struct MATReader {
  let file: String
  /// What was left out, each with its path: `net.layers{12}.class`.
  private(set) var leftOut: [Failure] = []

  init(file: String) { self.file = file }

  mutating func leaveOut(_ path: String, _ reason: String) {
    leftOut.append(Failure("element-type", "read: \(file): \(path) \(reason)"))
  }

  /// Converts a value: a matrix becomes a tensor, a single number a number, text a string, a cell
  /// array a list (of rows if it has several), a struct a map, a struct array a list of maps, and an
  /// empty value nil. Returns nil for one that is left out.
  mutating func read(_ value: MATValue, _ path: String) throws -> Value? {
    switch value {
    case .empty: return .nil
    case .text(let text): return Value(text)
    case .unread(let kind):
      leaveOut(path, "is \(kind), which is not read")
      return nil
    case .numbers(let numbers):
      do {
        let tensor = try numbers.tensor(what: "read: \(file): \(path)")
        return tensor.count == 1 ? .number(tensor.doubles[0]) : Value(tensor)
      } catch let failure as Failure where failure.kind == "element-type" {
        leftOut.append(failure)
        return nil
      }
    case .cells(let cells):
      var items: [Value] = []
      for (i, cell) in cells.values.enumerated() {
        // A cell keeps its place.
        items.append(try read(cell, "\(path){\(i + 1)}") ?? .nil)
      }
      return Value(items, shape: cells.shape)
    case .structs(let structs):
      let columns = structs.fields.map { structs[$0] ?? [] }
      var maps: [Value] = []
      for i in 0..<structs.count {
        let place = structs.count == 1 ? path : "\(path)(\(i + 1))"
        var entries: [(String, Value)] = []
        for (field, column) in zip(structs.fields, columns) where i < column.count {
          if let value = try read(column[i], "\(place).\(field)") { entries.append((field, value)) }
        }
        maps.append(Value(named: entries))
      }
      return maps.count == 1 ? maps[0] : Value(maps, shape: structs.shape)
    }
  }
}

extension Value {
  /// Creates nested lists from values whose first index varies fastest; a single row or column
  /// becomes one list.
  fileprivate init(_ values: [Value], shape: [Int]) {
    // Without a value, the sizes say nothing of use, and may be large.
    let sides = values.isEmpty ? [] : shape.filter { $0 != 1 }
    func nested(_ axis: Int, _ first: Int, _ step: Int) -> Value {
      if axis == sides.count { return values[first] }
      return .list(
        List((0..<sides[axis]).map { nested(axis + 1, first + $0 * step, step * sides[axis]) }))
    }
    self = sides.isEmpty ? .list(List(values)) : nested(0, 0, 1)
  }
}
