import Formats
import Host
import Tensors

/// A value in a MATLAB file with its path, which begins every error: `net.layers{12}.pad`.
struct MATField {
  let value: MATValue
  let path: String
  /// The file's name, for error messages.
  let file: String

  /// An error about the value.
  func wrong(_ reason: String) -> Failure {
    Failure("matconvnet", "load: \(file): \(path): \(reason)")
  }

  private func misfit(_ wanted: String) -> Failure { wrong("wants \(wanted), got \(value.kind)") }

  /// Whether it has no elements.
  var isEmpty: Bool {
    switch value {
    case .empty: true
    case .text(let text): text.isEmpty
    case .numbers(let numbers): numbers.shape.contains(0)
    case .cells(let cells): cells.values.isEmpty
    case .structs(let structs): structs.count == 0
    case .unread: false
    }
  }

  /// The names of the fields of a struct; none for other values.
  var fields: [String] {
    if case .structs(let structs) = value { structs.fields } else { [] }
  }

  /// A field of a struct; nil if there is none or if it is empty.
  func optional(_ name: String) throws -> MATField? {
    if isEmpty { return nil }
    guard case .structs(let structs) = value, structs.count == 1 else { throw misfit("a struct") }
    guard let found = structs[name]?.first else { return nil }
    let field = MATField(value: found, path: path.isEmpty ? name : "\(path).\(name)", file: file)
    return field.isEmpty ? nil : field
  }

  /// A field of a struct, which must be there.
  subscript(_ name: String) -> MATField {
    get throws {
      guard let field = try optional(name) else {
        throw wrong(
          fields.contains(name)
            ? "its field \(name) is empty"
            : "has no field \(name)\(fields.isEmpty ? "" : "; it has \(fields.joined(separator: ", "))")"
        )
      }
      return field
    }
  }

  /// The elements of a cell or a struct array.
  var items: [MATField] {
    get throws {
      switch value {
      case .cells(let cells):
        return cells.values.enumerated().map { i, value in
          MATField(value: value, path: "\(path){\(i + 1)}", file: file)
        }
      case .structs(let structs):
        let columns = structs.fields.map { structs[$0] ?? [] }
        return (0..<structs.count).map { i in
          let values = columns.map { $0.indices.contains(i) ? $0[i] : .empty }
          let one = MATStructs(shape: [1, 1], fields: structs.fields, values: values)
          return MATField(value: .structs(one), path: "\(path)(\(i + 1))", file: file)
        }
      default:
        if isEmpty { return [] }
        throw misfit("a cell")
      }
    }
  }

  /// The text.
  var text: String {
    get throws {
      guard case .text(let text) = value else { throw misfit("text") }
      return text
    }
  }

  /// The texts of a cell; of a text, its rows.
  var texts: [String] {
    get throws {
      if case .text(let text) = value {
        return text.split(separator: "\n").map {
          String($0.reversed().drop { $0 == " " }.reversed())
        }
      }
      return try items.map { try $0.isEmpty ? "" : $0.text }
    }
  }

  /// The matrix of numbers.
  private var matrix: MATNumbers {
    get throws {
      guard case .numbers(let numbers) = value else { throw misfit("numbers") }
      return numbers
    }
  }

  /// A few numbers in MATLAB's order, finite ones.
  var numbers: [Double] {
    get throws {
      let matrix = try matrix
      guard matrix.shape.reduce(1, *) <= 64 else { throw misfit("a few numbers") }
      let numbers = try matrix.reversed(what: path).doubles
      guard numbers.allSatisfy(\.isFinite) else { throw wrong("holds \(numbers)") }
      return numbers
    }
  }

  /// A number.
  var number: Double {
    get throws {
      guard let number = try numbers.first, try numbers.count == 1 else { throw misfit("a number") }
      return number
    }
  }

  /// Whole numbers of `range`, as many as one of `counts`.
  func integers(_ range: ClosedRange<Int>, counts: [Int]) throws -> [Int] {
    let numbers = try numbers
    let whole = numbers.compactMap { Int(exactly: $0) }
    guard whole.count == numbers.count, whole.allSatisfy(range.contains),
      counts.contains(whole.count)
    else {
      let count = counts.map(String.init).joined(separator: " or ")
      throw wrong(
        "wants \(count) whole numbers of \(range.lowerBound) to \(range.upperBound), got \(numbers)"
      )
    }
    return whole
  }

  /// The sizes of the axes of a matrix, without those of 1 at the end.
  var sizes: [Int] {
    get throws {
      var sizes = try matrix.shape
      while sizes.last == 1 { sizes.removeLast() }
      return sizes
    }
  }

  /// The numbers of a matrix of any size as float32, in MATLAB's order.
  func floats(shape: [Int]) throws -> Tensor {
    let matrix = try matrix
    guard matrix.shape.reduce(1, *) == shape.reduce(1, *) else { throw misfit("\(shape) numbers") }
    return try matrix.reversed(what: path).cast(to: .float32).reshaped(shape)
  }
}
