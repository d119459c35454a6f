import Tensors

/// What the harness tries an operation on: samples over its domain, away from points where it has no
/// derivative, and how close the gradient must come.
public struct GradientCheck: Sendable {
  /// One call of the operation.
  public struct Sample: Sendable {
    /// What is special about it.
    public let label: String
    let inputs: [Draw]
    let apply: @Sendable ([Variable]) throws -> Variable
  }

  /// How an input is drawn. All are float64.
  public struct Draw: Sendable {
    let shape: [Int]
    let element: @Sendable (RandomKey, UInt64) -> Double

    /// Uniform in `range`.
    static func uniform(_ shape: Int..., in range: ClosedRange<Double> = -1...1) -> Draw {
      Draw(shape: shape) { key, i in
        range.lowerBound + (range.upperBound - range.lowerBound) * key.uniform(i)
      }
    }
    /// Uniform in 0.1...1 with a random sign: away from 0.
    static func signed(_ shape: Int...) -> Draw {
      Draw(shape: shape) { key, i in
        (0.1 + 0.9 * key.uniform(2 * i)) * (key.uniform(2 * i + 1) < 0.5 ? -1 : 1)
      }
    }
    /// All different, 0.02 apart at least, in random order: for maxima and orders.
    static func distinct(_ shape: Int...) -> Draw {
      let count = shape.reduce(1, *)
      return Draw(shape: shape) { key, i in
        0.05 * Double(key.permutation(count)[Int(i)]) - 0.025 * Double(count) + 0.011
      }
    }
  }

  let samples: [Sample]
  /// The largest error allowed, relative to 1 + the size of the expected number.
  let tolerance: Double
  /// What the gradient is, relative to the derivative: 1 but for operations that mean it otherwise.
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
