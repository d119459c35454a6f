import Tensors

extension View {
  /// The records with a model's outputs kept beside them: row i of `logits` [n, ...] for record i.
  public func withLogits(_ logits: Tensor) -> View {
    precondition(logits.rank > 0 && logits.shape[0] == count)
    return with { $0.logits = RecordRows(logits) }
  }

  /// The outputs kept for all records, [n, ...]; nil if there are none.
  public func logits() throws -> Tensor? { try values.logits?.tensor() }

  /// The outputs kept for the records at some positions.
  func logits(_ positions: [Int]) throws -> Tensor? {
    try values.logits?.selecting(positions).tensor()
  }

  /// Whether outputs are kept for the records.
  public var hasLogits: Bool { values.logits != nil }
}
