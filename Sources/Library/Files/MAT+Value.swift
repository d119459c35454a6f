import Formats
import Host
import Language
import Tensors

extension FileFormat {
  /// A map from variable names to values.
  static let mat = FileFormat(read: { bytes, path, library in
    let file = try MATFile(bytes, name: path)
    var entries: [(name: String, value: Value)] = []
    var leftOut: [Failure] = []
    for (name, value) in file.variables {
      do {
        entries.append((name, try Value(value, "\(path): \(name)")))
      } catch let failure as Failure where failure.kind == "element-type" {
        leftOut.append(failure)
      }
    }
    leftOut += file.leftOut.map { name, kind in
      Failure("element-type", "read: \(path): \(name) is \(kind), which is not read")
    }
    return library.map(of: entries, leftOut: leftOut)
  })
}

extension Value {
  /// Converts a MATLAB value: a matrix becomes a tensor, a single number a number, text a string, a
  /// cell array a list (of rows if it has several), a struct a map, a struct array a list of maps,
  /// and an empty value nil.
  fileprivate init(_ value: MATValue, _ name: String) throws {
    switch value {
    case .empty: self = .nil
    case .text(let text): self = Value(text)
    case .numbers(let numbers):
      let tensor = try numbers.tensor(what: "read: \(name)")
      self = tensor.count == 1 ? .number(tensor.doubles[0]) : Value(tensor)
    case .cells(let cells):
      self = Value(try cells.values.map { try Value($0, name) }, shape: cells.shape)
    case .structs(let structs):
      let columns = structs.fields.map { structs[$0] ?? [] }
      let maps = try (0..<structs.count).map { i -> Value in
        let fields = zip(structs.fields, columns).filter { i < $1.count }
        return Value(named: try fields.map { ($0, try Value($1[i], "\(name).\($0)")) })
      }
      self = maps.count == 1 ? maps[0] : Value(maps, shape: structs.shape)
    }
  }

  /// Creates nested lists from values whose first index varies fastest; a single row or column
  /// becomes one list.
  private init(_ values: [Value], shape: [Int]) {
    let sides = shape.filter { $0 != 1 }
    func nested(_ axis: Int, _ first: Int, _ step: Int) -> Value {
      if axis == sides.count { return values[first] }
      return .list(
        List((0..<sides[axis]).map { nested(axis + 1, first + $0 * step, step * sides[axis]) }))
    }
    self = sides.isEmpty ? .list(List(values)) : nested(0, 0, 1)
  }
}
