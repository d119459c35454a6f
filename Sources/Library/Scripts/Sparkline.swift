/// A curve in a line of text: `█▆▄▃▂▁`.
enum Sparkline {
  private static let blocks = Array("▁▂▃▄▅▆▇█")

  /// The curve of some numbers, from the lowest to the highest block; a number that is not finite is a
  /// space. Empty for less than two numbers.
  static func text(_ values: some Collection<Double>) -> String {
    let finite = values.filter(\.isFinite)
    guard values.count > 1, let low = finite.min(), let high = finite.max() else { return "" }
    return String(
      values.map { value in
        guard value.isFinite else { return " " }
        let share = high > low ? (value - low) / (high - low) : 0
        return blocks[min(blocks.count - 1, Int(share * Double(blocks.count)))]
      })
  }
}
