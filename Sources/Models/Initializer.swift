import Formats
import Glibc
import Host
import Tensors

/// How new weights are initialised.
public enum Initializer: Equatable, Sendable {
  /// PyTorch's default: weights and biases uniform within 1 / √inputs (the Kaiming rule with a =
  /// √5).
  case standard
  /// Normal with the given standard deviation; biases 0.
  case normal(Double)
  /// Normal with standard deviation √(2 / inputs) (He et al., 2015); biases 0.
  case he
  /// Normal with standard deviation √(2 / outputs), where a convolution's outputs are its filters
  /// times its window, whatever its groups: PyTorch's Kaiming rule for `fan_out`; biases 0.
  case heOut
  /// Uniform within √(6 / (inputs + outputs)) (Glorot and Bengio, 2010); biases 0.
  case xavier
  /// `standard`, minus each filter's mean and times four: filters that respond to contrast rather
  /// than brightness, for a first layer whose input images have values of 0..1, with a mean far
  /// from 0 and a standard deviation of about a quarter. Biases as in `standard`.
  case contrast
  /// All 0.
  case zeros

  /// The initializer with a user-visible name: `standard`, `he`, `he_out`, `xavier`,
  /// `contrast`, `zeros`.
  public init?(_ name: String) {
    switch name {
    case "standard": self = .standard
    case "he": self = .he
    case "he_out": self = .heOut
    case "xavier": self = .xavier
    case "contrast": self = .contrast
    case "zeros": self = .zeros
    default: return nil
    }
  }

  /// Draws weights for units with `inputs` inputs each, where each input feeds `outputs` units.
  func weights(_ shape: [Int], inputs: Int, outputs: Int, key: RandomKey) throws -> Tensor {
    let fan = Double(max(inputs, 1))
    switch self {
    case .standard: return try uniform(shape, within: 1 / fan.squareRoot(), key)
    case .normal(let deviation): return try normal(shape, deviation, key)
    case .he: return try normal(shape, (2 / fan).squareRoot(), key)
    case .heOut:
      let fan = Double(shape.reduce(1, *)) / Double(max(shape[1], 1))
      return try normal(shape, (2 / fan).squareRoot(), key)
    case .xavier:
      return try uniform(shape, within: (6 / (fan + Double(outputs))).squareRoot(), key)
    case .contrast:
      let weights = try Initializer.standard.weights(
        shape, inputs: inputs, outputs: outputs, key: key)
      return try Initializer.contrasts(weights)
    case .zeros: return try Tensor(zeros: shape)
    }
  }

  /// Draws biases for units with `inputs` inputs each.
  func biases(_ count: Int, inputs: Int, key: RandomKey) throws -> Tensor {
    self == .standard || self == .contrast
      ? try uniform([count], within: 1 / Double(max(inputs, 1)).squareRoot(), key)
      : try Tensor(zeros: [count])
  }

  private static func contrasts(_ weights: Tensor) throws -> Tensor {
    var rows = weights.array(Float.self)
    let length = rows.count / max(weights.shape.first ?? 1, 1)
    for start in stride(from: 0, to: rows.count, by: max(length, 1)) {
      let row = start..<start + length
      let mean = rows[row].reduce(0, +) / Float(length)
      for i in row { rows[i] = (rows[i] - mean) * 4 }
    }
    return try Tensor(rows, shape: weights.shape)
  }

  private func uniform(_ shape: [Int], within bound: Double, _ key: RandomKey) throws -> Tensor {
    try filled(shape) { Float((2 * key.uniform(UInt64($0)) - 1) * bound) }
  }

  private func normal(_ shape: [Int], _ deviation: Double, _ key: RandomKey) throws -> Tensor {
    try filled(shape) { Float(key.normal(UInt64($0)) * deviation) }
  }

  private func filled(_ shape: [Int], _ element: (Int) -> Float) throws -> Tensor {
    var tensor = try Tensor(uninitialized: shape)
    let count = tensor.count
    try tensor.write(Float.self) { pointer in
      parallel(count, grain: 1 << 14) { for i in $0 { pointer[i] = element(i) } }
    }
    return tensor
  }

  /// The description written to files.
  var json: JSON {
    switch self {
    case .standard: .string("standard")
    case .normal(let deviation): .number(deviation)
    case .he: .string("he")
    case .heOut: .string("he_out")
    case .xavier: .string("xavier")
    case .contrast: .string("contrast")
    case .zeros: .string("zeros")
    }
  }

  init?(_ json: JSON) {
    switch json {
    case .number(let deviation): self = .normal(deviation)
    case .string(let name): self.init(name)
    default: return nil
    }
  }
}
