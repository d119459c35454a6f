import Ranks
import Tensors

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
    case .sum: try LossReduction.whole(losses.sum())
    case .none: losses
    }
  }

  private static func whole(_ sum: Variable) throws -> Variable {
    let share = shareOfSum
    return share == 1
      ? sum : try Variable.apply(.divide, sum, Variable(Tensor.full([], share, sum.dtype)))
  }

  /// What the sum of a part of a divided batch is divided by: the part's share of the batch, with which its
  /// loss is multiplied later. 1 if the batch is not divided.
  static var shareOfSum: Double {
    guard let division = Division.current, division.count > 0 else { return 1 }
    return division.share
  }
}
