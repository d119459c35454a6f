import Tensors

/// The check of an operation against finite differences: samples from its domain, away from points
/// where it is not differentiable, and the allowed error of the gradient.
public struct GradientCheck: Sendable {
  /// One call of the operation.
  public struct Sample: Sendable {
    /// What distinguishes this sample.
    public let label: String
    let inputs: [Draw]
    let apply: @Sendable ([Variable]) throws -> Variable
  }

  /// A random input. All inputs are float64.
  public struct Draw: Sendable {
    let shape: [Int]
    let element: @Sendable (RandomKey, UInt64) -> Double

    /// Uniform in `range`.
    static func uniform(_ shape: Int..., in range: ClosedRange<Double> = -1...1) -> Draw {
      Draw(shape: shape) { key, i in
        range.lowerBound + (range.upperBound - range.lowerBound) * key.uniform(i)
      }
    }
    /// Uniform in 0.1...1 with a random sign, to stay away from 0.
    static func signed(_ shape: Int...) -> Draw {
      Draw(shape: shape) { key, i in
        (0.1 + 0.9 * key.uniform(2 * i)) * (key.uniform(2 * i + 1) < 0.5 ? -1 : 1)
      }
    }
    /// Distinct values at least 0.02 apart, in random order: for maxima and sorting.
    static func distinct(_ shape: Int...) -> Draw {
      let count = shape.reduce(1, *)
      return Draw(shape: shape) { key, i in
        0.05 * Double(key.permutation(count)[Int(i)]) - 0.025 * Double(count) + 0.011
      }
    }
  }

  let samples: [Sample]
  /// The maximum error, relative to 1 + the magnitude of the expected value.
  let tolerance: Double
  /// The gradient as a multiple of the derivative: 1 except for operations that define their
  /// gradient differently.
  let factor: Double

  init(_ samples: Sample..., tolerance: Double = 1e-6, factor: Double = 1) {
    self.init(samples, tolerance: tolerance, factor: factor)
  }

  init(_ samples: [Sample], tolerance: Double = 1e-6, factor: Double = 1) {
    self.samples = samples
    self.tolerance = tolerance
    self.factor = factor
  }
}

extension GradientCheck.Sample {
  init(
    _ label: String, _ inputs: GradientCheck.Draw...,
    apply: @escaping @Sendable ([Variable]) throws -> Variable
  ) {
    self.init(label: label, inputs: inputs, apply: apply)
  }
}
