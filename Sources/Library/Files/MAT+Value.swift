import Formats
import Host
import Language
import Tensors

extension MATFile {
  /// The variables by name, as values of the language.
  func values(_ path: String) throws -> NamedEntries {
    var entries = NamedEntries()
    for (name, value) in variables {
      try entries.add(name) { try Value(value, "\(path): \(name)") }
    }
    for (name, kind) in leftOut {
      entries.leaveOut(
        Failure("element-type", "read: \(path): \(name) is \(kind), which is not read"))
    }
    return entries
  }
}

extension Value {
  /// A MATLAB value: matrices are tensors and single numbers numbers, text strings, cells lists (of rows,
  /// where they have several), a struct is a map and a struct array a list of them, nothing is nil.
  fileprivate init(_ value: MATValue, _ name: String) throws {
    switch value {
    case .empty: self = .nil
    case .text(let text): self = Value(text)
    case .numbers(let numbers): self = try Value(numbers, name)
    case .cells(let cells):
      self = Value(try cells.values.map { try Value($0, name) }, shape: cells.shape)
    case .structs(let structs):
      let columns = structs.fields.map { structs[$0] ?? [] }
      let maps = try (0..<structs.count).map { i -> Value in
        var entries = Entries()
        for (field, column) in zip(structs.fields, columns) where i < column.count {
          entries[.string(field)] = try Value(column[i], "\(name).\(field)")
        }
        return .map(Map(entries))
      }
      self = maps.count == 1 ? maps[0] : Value(maps, shape: structs.shape)
    }
  }

  private init(_ numbers: MATNumbers, _ name: String) throws {
    if let rounded = numbers.rounded {
      throw Failure(
        "element-type",
        "read: \(name) holds \(rounded), which neither int32 nor float64 holds exactly")
    }
    if let number = MATValue.numbers(numbers).number {
      self = .number(number)
      return
    }
    func tensor<T: Element>(_ elements: [T]) throws -> Value {
      // The first index runs fastest.
      Value(try Tensor(elements, shape: numbers.shape.reversed()).transposed())
    }
    switch numbers.kind {
    case .uint8: self = try tensor(numbers.bytes)
    case .float32: self = try tensor(numbers.doubles.map { Float($0) })
    case .float64: self = try tensor(numbers.doubles)
    case .int8, .uint16, .int16, .int32, .uint32, .int64, .uint64:
      let doubles = numbers.doubles
      let small = doubles.compactMap { Int32(exactly: $0) }
      self = try small.count == doubles.count ? tensor(small) : tensor(doubles)
    }
  }

  /// Values whose first index runs fastest as lists in lists; a row or a column is one list.
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
