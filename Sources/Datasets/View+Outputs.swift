import Tensors

extension View {
  /// The records with what a model gave for them: row i of each tensor [n, ...]
  /// belongs to record i. A place is the path of a layer, or `output`. What was kept before is left
  /// out.
  public func withOutputs(_ outputs: [(place: String, rows: Tensor)]) -> View {
    precondition(outputs.allSatisfy { $0.rows.rank > 0 && $0.rows.shape[0] == count })
    return with { $0.outputs = outputs.map { ($0.place, RecordRows($0.rows)) } }
  }

  /// What is kept for all records, by place; empty if nothing is.
  public func outputs() throws -> [(place: String, rows: Tensor)] {
    try values.outputs.map { ($0.place, try $0.rows.tensor()) }
  }

  /// What is kept for the records at some positions.
  func outputs(_ positions: [Int]) throws -> [(place: String, rows: Tensor)] {
    try values.outputs.map { ($0.place, try $0.rows.selecting(positions).tensor()) }
  }

  /// The model's outputs kept for all records, [n, ...]; nil if there are none.
  public func logits() throws -> Tensor? { try values.output("output")?.tensor() }

  /// The model's outputs kept for the records at some positions.
  func logits(_ positions: [Int]) throws -> Tensor? {
    try values.output("output")?.selecting(positions).tensor()
  }

  /// Whether a model's outputs are kept for the records.
  public var hasLogits: Bool { values.output("output") != nil }

  /// Whether anything that a model gave is kept for the records.
  public var hasOutputs: Bool { !values.outputs.isEmpty }
}
