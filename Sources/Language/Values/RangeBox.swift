import Host
import Syntax

/// A range of numbers, the end excluded: a collection of them, which is the one way to go over it.
/// Its ends are nobody's business but the language's own; where it picks elements,
/// `positions(among:)` says which.
public final class RangeBox: RandomAccessCollection, Sendable {
  /// The first number, if there is one.
  let low: Double
  /// The end, excluded.
  let high: Double
  /// From one number to the next; never 0. `a..b` steps by 1, `range(a, b, step)` by anything.
  let step: Double
  /// How many numbers there are; an infinite range has 2^53.
  public let count: Int

  /// The numbers from `low` on, before `high`.
  public init(_ low: Double, _ high: Double, step: Double = 1) {
    self.low = low
    self.high = high
    self.step = step
    let exact = ((high - low) / step).rounded(.up)
    if exact > 0 {
      let most = exact < NumberText.exactLimit ? Int(exact) : Int(NumberText.exactLimit)
      // What the division rounds up may be the end itself: 1 + 3 * 0.1 in range(1, 1.3, 0.1).
      let last = low + Double(most - 1) * step
      count = (step > 0 ? last < high : last > high) || most > 1 << 52 ? most : most - 1
    } else {
      count = 0
    }
    ContainerMemory.add(56)
  }

  /// Some of another's numbers.
  init(_ other: RangeBox, at positions: RangePositions) {
    low = other[positions.first]
    high = other[positions.first + positions.count * positions.step]
    step = other.step * Double(positions.step)
    count = positions.count
    ContainerMemory.add(56)
  }

  deinit { ContainerMemory.remove(56) }

  /// Where its numbers begin.
  public var startIndex: Int { 0 }
  /// How many there are.
  public var endIndex: Int { count }
  /// The number at a position.
  public subscript(i: Int) -> Double { low + Double(i) * step }

  /// Whether `x` is one of its numbers.
  func contains(_ x: Double) -> Bool {
    let i = ((x - low) / step).rounded()
    return i >= 0 && i < Double(count) && low + i * step == x
  }

  /// Whether another has the same numbers.
  func isEqual(_ other: RangeBox) -> Bool {
    guard count == other.count, count > 0 else { return count == other.count }
    return low == other.low && (count == 1 || step == other.step)
  }

  /// As a script writes it.
  public var summary: String {
    let ends = [low, high].map(NumberText.repr)
    return step == 1
      ? "\(ends[0])..\(ends[1])" : "range(\(ends[0]), \(ends[1]), \(NumberText.repr(step)))"
  }
}

extension RangeBox {
  /// Which of `count` elements the range picks as an index. By steps of 1 it is a slice: negative ends
  /// count from the end. By other steps it picks number by number, negative ones from the end. What
  /// lies outside is left out. Throws `type` for numbers that aren't whole, and for those that pass
  /// from negative ones to others.
  public func positions(among count: Int) throws -> RangePositions {
    if step == 1 {
      let slice = Positions.slice(try Positions.end(low), try Positions.end(high), count)
      return RangePositions(first: slice.lowerBound, step: 1, count: slice.count)
    }
    guard let step = NumberText.wholeNumber(step), let low = NumberText.wholeNumber(low) else {
      throw Failure("type", "the positions of \(summary) are not whole numbers")
    }
    guard !isEmpty else { return RangePositions(first: 0, step: step, count: 0) }
    let last = self[self.count - 1]
    guard (low < 0) == (last < 0) else {
      throw Failure(
        "type", "\(summary) passes from negative positions, which count from the end, to others",
        hint: "a list may hold both: `map(r, i -> i)`")
    }
    // The steps that lead in from outside, and those that stay inside.
    let first = low < 0 ? low + count : low
    let ahead = step > 0 ? -first : first - (count - 1)
    let skipped = ahead > 0 ? (ahead - 1) / abs(step) + 1 : 0
    guard skipped < self.count else { return RangePositions(first: 0, step: step, count: 0) }
    let start = first + skipped * step
    let room = step > 0 ? count - 1 - start : start
    let inside = room < 0 ? 0 : room / abs(step) + 1
    return RangePositions(first: start, step: step, count: Swift.min(self.count - skipped, inside))
  }
}
