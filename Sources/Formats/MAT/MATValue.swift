import Tensors

/// A value in a MATLAB file.
public indirect enum MATValue: Sendable {
  /// An empty value, such as an unset field.
  case empty
  /// A matrix of numbers or of logical values (stored as uint8 0 and 1).
  case numbers(MATNumbers)
  /// Text; the rows of a character matrix are joined with newlines.
  case text(String)
  /// A cell array.
  case cells(MATCells)
  /// A struct array; a single struct is an array of shape [1, 1].
  case structs(MATStructs)
  /// A value that is not read, with its kind: `a function`.
  case unread(String)

  /// A description for error messages: `a cell [1, 5]`.
  public var kind: String {
    switch self {
    case .empty: "empty"
    case .numbers(let numbers): "\(numbers.type) \(numbers.shape)"
    case .text: "text"
    case .cells(let cells): "a cell \(cells.shape)"
    case .structs(let structs): "a struct \(structs.shape)"
    case .unread(let kind): kind
    }
  }

  /// The value of a matrix with a single number; nil for any other value and for a number that
  /// float64 cannot represent.
  public var number: Double? {
    guard case .numbers(let numbers) = self, numbers.shape.allSatisfy({ $0 == 1 }) else {
      return nil
    }
    return (try? numbers.tensor(what: "mat"))?.doubles.first
  }
  /// The text; nil for any other value, and an empty text for an empty value.
  public var text: String? {
    switch self {
    case .text(let text): text
    case .empty: ""
    case .numbers(let numbers) where numbers.bytes.isEmpty: ""
    default: nil
    }
  }
}

/// A matrix of numbers, as stored in the file.
public struct MATNumbers: Sendable {
  /// The dimensions: rows, columns ...
  public let shape: [Int]
  /// The type of the numbers.
  public let type: ElementType
  /// The type in which the file stores them: MATLAB writes whole numbers in the smallest one.
  let stored: ElementType
  /// The bytes of the numbers, whose first index varies fastest. Their count matches the
  /// dimensions.
  let bytes: ArraySlice<UInt8>
  let isBigEndian: Bool

  init(
    shape: [Int], type: ElementType, stored: ElementType? = nil, bytes: ArraySlice<UInt8>,
    isBigEndian: Bool = false
  ) {
    self.shape = shape
    self.type = type
    self.stored = stored ?? type
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  /// Returns the matrix as a tensor, converted as by `ElementType`; error messages begin with
  /// `what`. Throws `element-type` and `out-of-memory`.
  public func tensor(what: String) throws -> Tensor { try reversed(what: what).transposed() }

  /// Like `tensor`, but with the axes reversed, as the file has them.
  public func reversed(what: String) throws -> Tensor {
    let tensor = try bytes.withUnsafeBytes { bytes in
      try stored.tensor(bytes, shape: shape.reversed(), isBigEndian: isBigEndian, what: what)
    }
    if stored == type { return tensor }
    switch type {
    case .float64: return try tensor.cast(to: .float64)
    case .float32: return try tensor.cast(to: .float32)
    case .uint8: return try tensor.cast(to: .uint8)
    case .uint32, .int64, .uint64:
      return tensor.dtype == .uint8 ? try tensor.cast(to: .int32) : tensor
    default: return try tensor.cast(to: .int32)
    }
  }
}

/// A cell array, whose first index varies fastest.
public struct MATCells: Sendable {
  /// The dimensions.
  public let shape: [Int]
  /// The cells.
  public let values: [MATValue]
}

/// A struct array, whose first index varies fastest.
public struct MATStructs: Sendable {
  /// The dimensions.
  public let shape: [Int]
  /// The names of the fields.
  public let fields: [String]
  /// The fields of the first struct, followed by those of the second ...
  fileprivate let values: [MATValue]

  /// Creates a struct array from the fields of the first struct, followed by those of the second.
  public init(shape: [Int], fields: [String], values: [MATValue]) {
    self.shape = shape
    self.fields = fields
    self.values = values
  }

  /// The number of structs.
  public var count: Int { fields.isEmpty ? shape.reduce(1, *) : values.count / fields.count }

  /// Returns the values of a field, one for each struct; nil if the structs do not have it.
  public subscript(_ field: String) -> [MATValue]? {
    guard let column = fields.firstIndex(of: field) else { return nil }
    return stride(from: column, to: values.count, by: fields.count).map { values[$0] }
  }
}
