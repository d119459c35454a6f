import Glibc

/// One axis of a chart: the values it spans and how they map to 0..1.
struct Axis {
  let isLogarithmic: Bool
  let range: ClosedRange<Double>
  let ticks: Ticks

  /// Makes an axis that spans the values with some room around them, or exactly the given `limits`.
  /// With `zero` it extends down to 0, as bars require. `room` is the share of the axis that is left
  /// free beyond the values, below them only if some are negative.
  init(
    over values: [Double], logarithmic: Bool, limits: ClosedRange<Double>?, zero: Bool = false,
    room: Double = 0, tickCount: Int
  ) {
    isLogarithmic = logarithmic
    let usable = values.filter { $0.isFinite && (!logarithmic || $0 > 0) }
    let isBelow = !logarithmic && (usable.min() ?? 0) < 0
    let isAbove = logarithmic || (usable.max() ?? 1) > 0
    var low = usable.min() ?? (logarithmic ? 1 : 0)
    var high = usable.max() ?? (logarithmic ? 10 : 1)
    var range: ClosedRange<Double>
    if let limits {
      range = limits
    } else if logarithmic {
      let room = high > low ? pow(high / low, 0.04) : 2
      range = low / room...high * room
    } else {
      if zero {
        low = min(low, 0)
        high = max(high, 0)
      }
      if low == high {
        let half = max(abs(low) * 0.1, 0.5)
        range = (zero && low >= 0 ? low : low - half)...high + half
      } else {
        let room = (high - low) * 0.04
        range = (zero && low == 0 ? 0 : low - room)...(zero && high == 0 ? 0 : high + room)
      }
    }
    if limits == nil, room > 0 {
      range = range.widened(
        below: isBelow ? room : 0, above: isAbove ? room : 0, logarithmic: logarithmic)
    }
    self.range = range
    ticks =
      logarithmic
      ? Ticks.logarithmic(range, count: tickCount) : Ticks.linear(range, count: tickCount)
  }

  /// A value's position between the axis's ends; nil for values that can't be shown: NaN,
  /// infinities, and on a logarithmic axis anything not positive.
  func position(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    let place: Double
    if isLogarithmic {
      guard value > 0 else { return nil }
      place = log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    } else {
      place = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
    // Beyond this cairo's fixed-point coordinates overflow; it is far outside the plot.
    return place.isFinite ? place.clamped(to: -20...21) : nil
  }
}

extension ClosedRange<Double> {
  /// The range with shares of the result added at its ends, of which at least a fifth is left to it.
  fileprivate func widened(below: Double, above: Double, logarithmic: Bool) -> Self {
    let (low, high) = logarithmic ? (log(lowerBound), log(upperBound)) : (lowerBound, upperBound)
    let span = (high - low) / Swift.max(0.2, 1 - below - above)
    let ends = (low - span * below, high + span * above)
    let wide = logarithmic ? (exp(ends.0), exp(ends.1)) : ends
    return wide.0.isFinite && wide.1.isFinite && wide.0 < wide.1 ? wide.0...wide.1 : self
  }
}
