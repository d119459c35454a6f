/// A range of numbers, the end excluded.
public final class RangeBox {
  /// The first number.
  public let low: Double
  /// The end, excluded.
  public let high: Double
  /// From one number to the next; never 0. `a..b` steps by 1, `range(a, b, step)` by anything.
  public let step: Double
  /// Makes a range.
  public init(_ low: Double, _ high: Double, step: Double = 1) {
    self.low = low
    self.high = high
    self.step = step
    ContainerMemory.add(48)
  }

  deinit { ContainerMemory.remove(48) }

  /// How many numbers there are; an infinite range has 2^53.
  public var count: Int {
    let count = ((high - low) / step).rounded(.up)
    guard count > 0 else { return 0 }
    return count < NumberText.exactLimit ? Int(count) : Int(NumberText.exactLimit)
  }

  /// The number at a position.
  func element(_ i: Int) -> Double { low + Double(i) * step }

  /// Whether `x` is one of its numbers.
  func contains(_ x: Double) -> Bool {
    let i = (x - low) / step
    return i >= 0 && i == i.rounded() && i < Double(count)
  }

  /// As a script writes it.
  var summary: String {
    let ends = [low, high].map(NumberText.repr)
    return step == 1
      ? "\(ends[0])..\(ends[1])" : "range(\(ends[0]), \(ends[1]), \(NumberText.repr(step)))"
  }
}
