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
    case .numbers(let numbers): "\(numbers.kind) \(numbers.shape)"
    case .text: "text"
    case .cells(let cells): "a cell \(cells.shape)"
    case .structs(let structs): "a struct \(structs.shape)"
    }
  }

  /// The single number that it is, nil for anything else.
  public var number: Double? {
    if case .numbers(let numbers) = self, numbers.count == 1 { numbers.doubles[0] } else { nil }
  }
  /// The text that it is, nil for anything else; nothing is an empty text.
  public var text: String? {
    switch self {
    case .text(let text): text
    case .empty: ""
    case .numbers(let numbers) where numbers.count == 0: ""
    default: nil
    }
  }
}

/// A matrix of numbers, its first index running fastest.
public struct MATNumbers: Sendable {
  /// Element types.
  public enum Kind: String, Sendable {
    /// A type as MATLAB names it, or as NumPy does for floating point.
    case int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64

    /// Bytes of one number.
    public var size: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .int32, .uint32, .float32: 4
      case .int64, .uint64, .float64: 8
      }
    }
  }

  /// The dimensions: rows, columns ...
  public let shape: [Int]
  /// The type of the numbers.
  public let kind: Kind
  /// The numbers in this machine's byte order.
  public let bytes: [UInt8]

  /// How many there are.
  public var count: Int { bytes.count / kind.size }

  /// The first whole number that float64 does not hold exactly, so that `doubles` has another.
  public var rounded: String? {
    func first<T: FixedWidthInteger>(_: T.Type) -> String? {
      bytes.withUnsafeBytes { raw in
        (0..<count).lazy
          .map { raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self) }
          .first { Double(exactly: $0) == nil }.map { "\($0)" }
      }
    }
    switch kind {
    case .int64: return first(Int64.self)
    case .uint64: return first(UInt64.self)
    default: return nil
    }
  }

  /// All numbers, converted.
  public var doubles: [Double] {
    func all<T>(_: T.Type, _ convert: (T) -> Double) -> [Double] {
      bytes.withUnsafeBytes { raw in
        (0..<count).map {
          convert(raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self))
        }
      }
    }
    switch kind {
    case .int8: return all(Int8.self) { Double($0) }
    case .uint8: return bytes.map { Double($0) }
    case .int16: return all(Int16.self) { Double($0) }
    case .uint16: return all(UInt16.self) { Double($0) }
    case .int32: return all(Int32.self) { Double($0) }
    case .uint32: return all(UInt32.self) { Double($0) }
    case .int64: return all(Int64.self) { Double($0) }
    case .uint64: return all(UInt64.self) { Double($0) }
    case .float32: return all(Float.self) { Double($0) }
    case .float64: return all(Double.self) { $0 }
    }
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
