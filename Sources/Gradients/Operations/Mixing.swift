import Host
import Tensors

/// How the records of a batch are mixed with other records of it, in pairs.
public struct BatchMix {
  /// What is taken of the other record.
  public enum Part: Equatable {
    /// All of it, weighted.
    case all
    /// A rectangle of its pixels.
    case rectangle(rows: Range<Int>, columns: Range<Int>)
  }

  /// For each record the one that it is mixed with.
  public let others: [Int]
  /// The share of the record itself.
  public let share: Double
  /// What is taken of the other record.
  public let part: Part

  /// The mix of a whole batch by a share: mixup (Zhang and others, 2018).
  public init(_ others: [Int], share: Double) {
    (self.others, self.share, part) = (others, share, .all)
  }

  /// The mix that pastes a rectangle of an area of about 1 - `share`, around a pixel and cut at the
  /// border, into images of a size: CutMix (Yun and others, 2019). The share becomes that of the
  /// pixels that stay.
  public init(
    _ others: [Int], share: Double, height: Int, width: Int, around centre: (x: Int, y: Int)
  ) {
    let half = max(1 - share, 0).squareRoot() / 2
    func range(_ centre: Int, _ side: Int) -> Range<Int> {
      let reach = Int(half * Double(side))
      return max(centre - reach, 0)..<min(centre + reach, side)
    }
    let (rows, columns) = (range(centre.y, height), range(centre.x, width))
    self.others = others
    self.share = 1 - Double(rows.count * columns.count) / Double(height * width)
    part = .rectangle(rows: rows, columns: columns)
  }

  /// The mixed records `[n, ...]`; for a rectangle images `[n, c, h, w]`.
  public func mixed(_ x: Variable) throws -> Variable {
    if others.isEmpty { return x }
    switch part {
    case .all: return try weighted(x)
    case .rectangle(let rows, let columns):
      if rows.isEmpty || columns.isEmpty { return x }
      let all = TensorIndex.slice(low: nil, high: nil)
      let index: [TensorIndex] = [
        all, all, .slice(low: rows.lowerBound, high: rows.upperBound),
        .slice(low: columns.lowerBound, high: columns.upperBound),
      ]
      return try x.assigning(index, x.at([.tensor(places)]).at(index))
    }
  }

  /// The mixed targets `[n, classes]`.
  public func targets(_ targets: Variable) throws -> Variable {
    others.isEmpty ? targets : try weighted(targets)
  }

  private var places: Tensor {
    get throws { try Tensor(others.map { Int32($0) }, shape: [others.count]) }
  }

  private func weighted(_ x: Variable) throws -> Variable {
    func times(_ x: Variable, _ factor: Double) throws -> Variable {
      try x * Variable(Tensor(scalar: factor).cast(to: x.dtype))
    }
    return try times(x, share) + times(x.at([.tensor(places)]), 1 - share)
  }
}
