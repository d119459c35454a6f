import Glibc

/// How the numbers of a chart's bars or a heat map's cells are written: all alike.
struct NumberText {
  private let decimals: Int?

  /// Writes numbers with `decimals` decimals. nil gives about three digits of the largest one, whole
  /// numbers without decimals, and very large and very small ones as `3.4×10⁻⁵`.
  init(_ numbers: [Double], decimals: Int?) {
    let finite = numbers.filter(\.isFinite)
    let largest = finite.map(abs).max() ?? 0
    if let decimals {
      self.decimals = decimals
    } else if largest == 0 || (largest < 1e6 && finite.allSatisfy { $0 == $0.rounded() }) {
      self.decimals = 0
    } else if largest >= 1e6 || largest < 1e-3 {
      self.decimals = nil
    } else {
      let exponent = Int(log10(largest).rounded(.down))
      self.decimals = exponent >= 0 ? max(0, 2 - exponent) : 1 - exponent
    }
  }

  /// The text of a number: `0.25`, `−3`, `nan`.
  func callAsFunction(_ x: Double) -> String {
    if x.isNaN { return "nan" }
    let sign = x < 0 ? "−" : ""
    guard x.isFinite else { return sign + "inf" }
    guard let decimals else { return x == 0 ? "0" : sign + Ticks.short(abs(x)) }
    return Ticks.fixed(x, decimals: decimals)
  }
}
