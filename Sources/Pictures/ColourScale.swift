import Images

/// The colours of numbers: from light to dark blue, or, around a centre that is white, from blue to
/// orange. All numbers that are not finite or outside the ends have an end's colour; NaN is grey.
struct ColourScale {
  /// The numbers at the two ends.
  let limits: ClosedRange<Double>
  /// The number that is white; nil for a scale from light to dark.
  let centre: Double?
  /// Whether there are numbers below and above the limits.
  let exceeded: (below: Bool, above: Bool)

  /// The colour of NaN.
  static let missing = DrawnColour(0xD0D0D0)
  private static let stops = [0xF4F8FC, 0xC6DBEF, 0x7FB2D9, 0x3181BD, 0x0B4F94, 0x08265A].map {
    DrawnColour($0)
  }
  private static let below = DrawnColour(0x0530A0)
  private static let above = DrawnColour(0x964600)

  /// Makes the scale of some numbers. Without `limits` it ends at the smallest and the largest, and,
  /// around a centre, at the same distance on both sides. Without `centre` that is 0, if there are
  /// numbers on both sides of it.
  init(_ numbers: [Double], limits: ClosedRange<Double>?, centre: Double?) {
    let finite = numbers.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    let ends = limits ?? low...high
    let centre = centre ?? (ends.lowerBound < 0 && ends.upperBound > 0 ? 0 : nil)
    self.centre = centre
    if let limits {
      self.limits = limits
    } else if let centre {
      let reach = max(abs(low - centre), abs(high - centre))
      let half = reach > 0 ? reach : 1
      self.limits = centre - half...centre + half
    } else {
      self.limits = ends
    }
    let range = self.limits
    exceeded = (
      numbers.contains { $0 < range.lowerBound }, numbers.contains { $0 > range.upperBound }
    )
  }

  /// The colour of a number.
  func colour(of number: Double) -> DrawnColour {
    guard !number.isNaN else { return ColourScale.missing }
    if let centre {
      let end = number < centre ? limits.lowerBound : limits.upperBound
      let share = end == centre ? 1 : (number - centre) / (end - centre)
      let full = number < centre ? ColourScale.below : ColourScale.above
      return .white.mixed(with: full, number == centre ? 0 : share.clamped(to: 0...1))
    }
    let span = limits.upperBound - limits.lowerBound
    // Equal numbers have a light colour.
    let share = span > 0 ? ((number - limits.lowerBound) / span).clamped(to: 0...1) : 0.2
    let place = share * Double(ColourScale.stops.count - 1)
    let i = min(Int(place), ColourScale.stops.count - 2)
    return ColourScale.stops[i].mixed(with: ColourScale.stops[i + 1], place - Double(i))
  }
}
