/// What a loss makes of the numbers of a batch.
public enum LossReduction: String, CaseIterable, Sendable {
  /// Their mean.
  case mean
  /// Their sum.
  case sum
  /// The numbers themselves.
  case none

  /// The mean or sum of losses, or the losses.
  public func applied(to losses: Variable) throws -> Variable {
    switch self {
    case .mean: try losses.mean()
    case .sum: try losses.sum()
    case .none: losses
    }
  }
}
