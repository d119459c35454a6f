import Tensors

/// What a view knows of each of its records beside the image, in the order of the records. It belongs
/// to the records: transforms leave it as it is.
struct RecordValues {
  /// How often each record is drawn when batches are shuffled, beside the others; nil takes each once.
  var chances: [Float]?
  /// How much each record counts in a loss; nil counts all alike.
  var weights: [Float]?
  /// What places inside a model, or its output, gave for each record; empty if nothing is kept.
  var outputs: [(place: String, rows: RecordRows)] = []

  func selecting(_ positions: [Int]) -> RecordValues {
    RecordValues(
      chances: chances.map { chances in positions.map { chances[$0] } },
      weights: weights.map { weights in positions.map { weights[$0] } },
      outputs: outputs.map { ($0.place, $0.rows.selecting(positions)) })
  }

  /// What is kept of a place; nil if nothing is.
  func output(_ place: String) -> RecordRows? { outputs.first { $0.place == place }?.rows }

  /// The values of several views, one after the other. Outputs that not all of them have are left out.
  /// Throws `out-of-memory`, and `shape` where the outputs of one view have another shape.
  static func joined(_ views: [View]) throws -> RecordValues {
    func joined(_ numbers: (View) -> [Float]?) -> [Float]? {
      guard views.contains(where: { numbers($0) != nil }) else { return nil }
      return views.flatMap { numbers($0) ?? [Float](repeating: 1, count: $0.count) }
    }
    let places = (views.first?.values.outputs ?? []).map(\.place).filter { place in
      views.allSatisfy { $0.values.output(place) != nil }
    }
    let outputs = try places.map { place in
      let parts = try views.compactMap { try $0.values.output(place)?.tensor() }
      return (place, RecordRows(try Tensor.concat(parts)))
    }
    return RecordValues(
      chances: joined(\.values.chances), weights: joined(\.values.weights), outputs: outputs)
  }
}

/// A row of a tensor for each record; a choice of records shares the tensor.
struct RecordRows {
  private let table: Tensor
  /// The row of each record; nil if they are those of the table, in order.
  private let rows: [Int]?

  /// Makes the rows of a tensor [n, ...].
  init(_ table: Tensor) {
    self.table = table
    rows = nil
  }

  private init(_ table: Tensor, rows: [Int]) {
    self.table = table
    self.rows = rows
  }

  /// The shape of a row.
  var shape: [Int] { Array(table.shape.dropFirst()) }

  func selecting(_ positions: [Int]) -> RecordRows {
    RecordRows(table, rows: rows.map { rows in positions.map { rows[$0] } } ?? positions)
  }

  /// All rows, [n, ...].
  func tensor() throws -> Tensor {
    guard let rows else { return table }
    return try table.at([.tensor(Tensor(rows.map { Int32($0) }, shape: [rows.count]))])
  }
}
