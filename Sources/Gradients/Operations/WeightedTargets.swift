import Host
import Ranks
import Tensors

/// The options of `cross_entropy`; their definitions are PyTorch's.
public struct CrossEntropyOptions {
  /// The part ε of every label that is spread over all classes: the target of a record is 1 - ε for
  /// its label plus ε / classes for each class.
  public var labelSmoothing: Double
  /// A weight w for each class, `[classes]`, which multiplies the targets of that class.
  public var classWeights: Tensor?
  /// A weight u for each record, `[n]`.
  public var weights: Tensor?
  /// What is made of the losses of the records.
  public var reduction: LossReduction

  /// By default, labels are not smoothed, all weights are 1, and the loss is averaged.
  public init(
    labelSmoothing: Double = 0, classWeights: Tensor? = nil, weights: Tensor? = nil,
    reduction: LossReduction = .mean
  ) {
    self.reduction = reduction
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
    self.weights = weights
  }

  /// The targets of records with the given labels. Throws `shape` and `argument`.
  func targets(_ labels: [Int], classes: Int) throws -> WeightedTargets {
    guard labelSmoothing >= 0, labelSmoothing <= 1 else {
      throw Failure(
        "argument",
        "cross_entropy: label_smoothing is a number from 0 to 1, got \(labelSmoothing)")
    }
    let classWeights = try numbers(self.classWeights, "class_weights", classes, "classes")
    let weights = try numbers(self.weights, "weights", labels.count, "records")
    let shares = labels.enumerated().map {
      (weights?[$0.offset] ?? 1) * (classWeights?[$0.element] ?? 1)
    }
    let total =
      switch reduction {
      case .mean: try whole(shares, isWeighted: weights != nil || classWeights != nil)
      case .sum: LossReduction.shareOfSum
      case .none: 1.0
      }
    guard total > 0 else {
      throw Failure(
        "argument", "cross_entropy: the weights of these \(labels.count) records are all 0",
        hint: "their mean is taken, which needs one above 0")
    }
    return WeightedTargets(
      labels: labels, smoothing: labelSmoothing,
      classWeights: classWeights ?? [Double](repeating: 1, count: classes),
      recordShares: weights?.map { $0 / total }
        ?? [Double](repeating: 1 / total, count: labels.count))
  }

  /// What the sum of the records' weights is divided by for their mean. Of a part of a divided batch it
  /// is the sum over the whole batch, times the part's share: the mean of the parts, weighted by their
  /// shares, is then that of the batch.
  private func whole(_ shares: [Double], isWeighted: Bool) throws -> Double {
    let own = shares.reduce(0, +)
    guard isWeighted, let division = Division.current, shares.count == division.positions.count
    else { return own }
    if division.isApart, division.meeting == nil {
      throw Failure(
        "parts",
        "cross_entropy: a mean with weights divides by those of the whole batch, which is computed part by part",
        hint: "leave out `sync: false`, or take the sum: reduction: \"sum\"")
    }
    let all = try division.sums(
      "the weights of cross_entropy", [division.count > 0 ? own : 0])[0]
    return division.count > 0 ? all * division.share : own
  }

  func numbers(_ tensor: Tensor?, _ name: String, _ count: Int, _ what: String) throws
    -> [Double]?
  {
    guard let tensor else { return nil }
    guard tensor.shape == [count] else {
      throw Failure(
        "shape",
        "cross_entropy: \(name) is one number for each of the \(count) \(what), got "
          + Tensor.describe(tensor.shape))
    }
    let numbers = try tensor.cast(to: .float64).array(Double.self)
    if let wrong = numbers.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw Failure("argument", "cross_entropy: \(name) are numbers from 0 up, got \(wrong)")
    }
    return numbers
  }
}

/// The weighted target distributions t of the records with outputs p. The loss of a record is -Σ
/// t_j log p_j, and its gradient is t p_j - t_j, where t without an index is Σ t_j.
struct WeightedTargets {
  let labels: [Int]
  let smoothing: Double
  let classWeights: [Double]
  /// The weight of each record, divided for a mean by the total weight of all records with the class
  /// weights of their labels.
  let recordShares: [Double]
  private let spread: Double
  private let allSpread: Double

  fileprivate init(
    labels: [Int], smoothing: Double, classWeights: [Double], recordShares: [Double]
  ) {
    self.labels = labels
    self.smoothing = smoothing
    self.classWeights = classWeights
    self.recordShares = recordShares
    spread = smoothing / Double(max(classWeights.count, 1))
    allSpread = spread * classWeights.reduce(0, +)
  }

  private func own(_ label: Int) -> Double { (1 - smoothing) * classWeights[label] }

  /// The loss of a record, where `surprise` is -log p.
  func loss(_ i: Int, _ surprise: (Int) -> Double) -> Double {
    // A target of 0 contributes 0 rather than 0 times infinity.
    func term(_ target: Double, _ j: Int) -> Double { target == 0 ? 0 : target * surprise(j) }
    var loss = term(own(labels[i]), labels[i])
    if spread > 0 {
      for j in classWeights.indices { loss += term(spread * classWeights[j], j) }
    }
    return recordShares[i] * loss
  }

  /// The gradient of a record times `scale`. At the top class, where p may be 1, it is the targets
  /// of the other classes times p, minus t_j (1 - p), which avoids a difference of nearly equal
  /// numbers.
  func gradient<T: Real>(
    _ i: Int, _ row: SoftmaxRow, _ scale: Double, into d: UnsafeMutablePointer<T>
  ) {
    let (label, top) = (labels[i], row.top)
    let (own, factor) = (own(label), scale * recordShares[i])
    let total = own + allSpread
    for j in classWeights.indices {
      d[j] = T(factor * (total * row.probability(j) - spread * classWeights[j]))
    }
    let ofLabel = own + spread * classWeights[label]
    if label != top {
      d[label] = T(factor * (total * row.probability(label) - ofLabel))
    }
    let ofTop = label == top ? ofLabel : spread * classWeights[top]
    let ofOthers = (label == top ? 0 : own) + (allSpread - spread * classWeights[top])
    d[top] = T(factor * (ofOthers * row.probability(top) - ofTop * row.complement(top)))
  }
}
