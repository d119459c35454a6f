import Glibc

extension RandomKey {
  /// A number from the symmetric beta distribution Beta(`alpha`, `alpha`), `alpha` > 0.
  public func beta(_ alpha: Double) -> Double {
    // The share of one of two gamma variables in their sum, by logarithms: those of a small alpha
    // are too small for floating-point numbers.
    1 / (1 + exp(self["b"].logGamma(alpha) - self["a"].logGamma(alpha)))
  }

  /// The logarithm of a number from the gamma distribution of a shape (Marsaglia and Tsang, 2000).
  private func logGamma(_ shape: Double) -> Double {
    // A number of shape a + 1 times a power of a uniform number is one of shape a.
    let d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    let boost = shape < 1 ? log(1 - self["u"].uniform(0)) / shape : 0
    // More than 95 of 100 tries succeed.
    for attempt in 0..<UInt64(1000) {
      let x = self["x"].normal(attempt)
      let v = pow(1 + c * x, 3)
      guard v > 0 else { continue }
      let u = 1 - self["v"].uniform(attempt)
      if log(u) < x * x / 2 + d * (1 - v + log(v)) { return log(d * v) + boost }
    }
    return log(d) + boost
  }
}
