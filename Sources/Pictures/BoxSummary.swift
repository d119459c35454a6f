/// What a box plot shows of some numbers (Tukey, "Exploratory Data Analysis", 1977).
struct BoxSummary: Equatable {
  let lowerQuartile: Double
  let median: Double
  let upperQuartile: Double
  /// The smallest and the largest number within 1.5 times the distance of the quartiles from them, or
  /// the quartiles where there is none.
  let whiskers: ClosedRange<Double>
  /// The numbers outside the whiskers, in order.
  let outliers: [Double]

  /// Makes the summary of the finite numbers; nil if there are none.
  init?(_ numbers: [Double]) {
    let sorted = numbers.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return nil }
    // Linear between the two nearest numbers.
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let (low, high) = (Int(place.rounded(.down)), Int(place.rounded(.up)))
      let part = place - Double(low)
      return sorted[low] * (1 - part) + sorted[high] * part
    }
    let (low, high) = (quantile(0.25), quantile(0.75))
    let reach = 1.5 * (high - low)
    func isInside(_ number: Double) -> Bool { number >= low - reach && number <= high + reach }
    lowerQuartile = low
    median = quantile(0.5)
    upperQuartile = high
    whiskers =
      min(
        low, sorted.first(where: isInside) ?? low)...max(
        high, sorted.last(where: isInside) ?? high)
    outliers = sorted.filter { !isInside($0) }
  }
}
