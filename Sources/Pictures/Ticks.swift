import Glibc

/// The ticks of an axis: their positions and labels.
struct Ticks: Equatable {
  /// The positions of the ticks, ascending.
  var values: [Double]
  /// One label for each.
  var labels: [String]

  /// Ticks at round numbers (1, 2 or 5 times a power of ten) inside `range`, about `count` of them.
  static func linear(_ range: ClosedRange<Double>, count: Int) -> Ticks {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else { return Ticks(values: [], labels: []) }
    let step = roundStep(span / Double(max(1, count)))
    // Ticks are counted in whole steps, so that errors do not accumulate; a tolerance of a
    // thousandth of a step allows for rounding.
    let first = (range.lowerBound / step - 0.001).rounded(.up)
    let last = (range.upperBound / step + 0.001).rounded(.down)
    guard last >= first, last - first < 1000 else { return Ticks(values: [], labels: []) }
    let values = stride(from: first, through: last, by: 1).map { $0 * step + 0 }
    return Ticks(values: values, labels: labels(of: values, step: step))
  }

  /// Ticks at powers of ten, and at 2 and 5 times these if there are few.
  static func logarithmic(_ range: ClosedRange<Double>, count: Int) -> Ticks {
    guard range.lowerBound > 0, range.upperBound > range.lowerBound else {
      return Ticks(values: [], labels: [])
    }
    let low = Int(log10(range.lowerBound).rounded(.down))
    let high = Int(log10(range.upperBound).rounded(.up))
    let every = max(1, (high - low + count - 1) / max(1, count))
    let factors: [Double] = high - low <= 2 ? [1, 2, 5] : [1]
    var ticks = Ticks(values: [], labels: [])
    let isPlain = low >= -3 && high <= 4
    for exponent in stride(from: low, through: high, by: every) {
      for factor in factors {
        let value = factor * pow(10, Double(exponent))
        guard value >= range.lowerBound * 0.999, value <= range.upperBound * 1.001 else { continue }
        ticks.values.append(value)
        ticks.labels.append(
          isPlain
            ? fixed(value, decimals: max(0, -exponent)) : power(factor, exponent))
      }
    }
    return ticks.values.count > 1 ? ticks : linear(range, count: count)
  }

  /// The smallest of 1, 2, 5 times a power of ten that is at least `step`.
  static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= step * 0.999 { return factor * power }
    return 10 * power
  }

  /// All labels have as many decimals as the step needs; very large and very small numbers are
  /// written as `3×10⁶`.
  private static func labels(of values: [Double], step: Double) -> [String] {
    let largest = values.map(abs).max() ?? 0
    let exponent = Int(log10(step * 1.0001).rounded(.down))
    if largest >= 1e6 || (largest > 0 && largest < 1e-3) {
      let top = Int(log10(largest * 1.0001).rounded(.down))
      let scale = pow(10, Double(top))
      return values.map { value in
        value == 0
          ? "0" : fixed(value / scale, decimals: max(0, top - exponent)) + "×10" + superscript(top)
      }
    }
    return values.map { fixed($0, decimals: max(0, -exponent)) }
  }

  private static func power(_ factor: Double, _ exponent: Int) -> String {
    (factor == 1 ? "" : "\(Int(factor))×") + "10" + superscript(exponent)
  }

  static func superscript(_ number: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return (number < 0 ? "⁻" : "")
      + String(String(abs(number)).compactMap { $0.wholeNumberValue }.map { digits[$0] })
  }

  /// `x` with a number of decimals, a true minus sign and no `-0`.
  static func fixed(_ x: Double, decimals: Int) -> String {
    guard x.isFinite, abs(x) < 1e15 else { return String(x) }
    let places = min(decimals, 12)
    let scale = pow(10, Double(places))
    let whole = Int64((abs(x) * scale).rounded().clamped(to: 0...9e18))
    var digits = String(whole)
    if places > 0 {
      digits = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
      digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -places))
    }
    return (x < 0 && whole != 0 ? "−" : "") + digits
  }
}

extension Comparable {
  func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}

extension Ticks {
  /// Two significant digits: `0.012`, `3.4×10⁻⁵`.
  static func short(_ x: Double) -> String {
    guard x > 0, x.isFinite else { return fixed(x, decimals: 0) }
    let exponent = Int(log10(x).rounded(.down))
    if (-3...5).contains(exponent) { return fixed(x, decimals: max(0, 1 - exponent)) }
    return fixed(x / pow(10, Double(exponent)), decimals: 1) + "×10" + superscript(exponent)
  }
}
