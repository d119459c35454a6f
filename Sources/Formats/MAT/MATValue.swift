import Tensors

/// A value of a MATLAB file.
public indirect enum MATValue: Sendable {
  /// Nothing, as an unset field holds.
  case empty
  /// A matrix of numbers or of logical values (which are uint8 0 and 1).
  case numbers(MATNumbers)
  /// Characters; the rows of a matrix of them are joined by line ends.
  case text(String)
  /// A cell array.
  case cells(MATCells)
  /// A struct array; a single struct is one of [1, 1].
  case structs(MATStructs)

  /// What it is, for errors: `a cell [1, 5]`.
  public var kind: String {
    switch self {
    case .empty: "empty"
    case .numbers(let numbers): "\(numbers.type) \(numbers.shape)"
    case .text: "text"
    case .cells(let cells): "a cell \(cells.shape)"
    case .structs(let structs): "a struct \(structs.shape)"
    }
  }

  /// The single number that it is, nil for anything else and for one that float64 does not hold.
  public var number: Double? {
    guard case .numbers(let numbers) = self, numbers.shape.allSatisfy({ $0 == 1 }) else {
      return nil
    }
    return (try? numbers.tensor(what: "mat"))?.doubles.first
  }
  /// The text that it is, nil for anything else; nothing is an empty text.
  public var text: String? {
    switch self {
    case .text(let text): text
    case .empty: ""
    case .numbers(let numbers) where numbers.bytes.isEmpty: ""
    default: nil
    }
  }
}

/// A matrix of numbers, as the file stores it.
public struct MATNumbers: Sendable {
  /// The dimensions: rows, columns ...
  public let shape: [Int]
  /// The type of the numbers.
  public let type: ElementType
  /// The numbers, the first index running fastest, as many as the dimensions say.
  let bytes: [UInt8]
  var isBigEndian = false

  /// The matrix as a tensor, as `ElementType` gives it; `what` begins the errors. Throws `element-type` and
  /// `out-of-memory`.
  public func tensor(what: String) throws -> Tensor {
    try bytes.withUnsafeBytes { bytes in
      try type.tensor(bytes, shape: shape.reversed(), isBigEndian: isBigEndian, what: what)
    }.transposed()
  }
}

/// A cell array, its first index running fastest.
public struct MATCells: Sendable {
  /// The dimensions.
  public let shape: [Int]
  /// The cells.
  public let values: [MATValue]
}

/// A struct array, its first index running fastest.
public struct MATStructs: Sendable {
  /// The dimensions.
  public let shape: [Int]
  /// The names of the fields.
  public let fields: [String]
  /// The fields of the first struct, then those of the second ...
  fileprivate let values: [MATValue]

  init(shape: [Int], fields: [String], values: [MATValue]) {
    self.shape = shape
    self.fields = fields
    self.values = values
  }

  /// The number of structs.
  public var count: Int { fields.isEmpty ? shape.reduce(1, *) : values.count / fields.count }

  /// A field of every struct, nil where there is no such field.
  public subscript(_ field: String) -> [MATValue]? {
    guard let column = fields.firstIndex(of: field) else { return nil }
    return stride(from: column, to: values.count, by: fields.count).map { values[$0] }
  }
}
