import Host
import Syntax

/// A range of numbers, end excluded. It is a collection of its numbers, which is the only way to
/// iterate over it. Its ends are internal to the language; if the range selects elements,
/// `positions(among:)` returns which ones.
public final class RangeBox: RandomAccessCollection, Sendable {
  /// The first number, if there is one.
  let low: Double
  /// The end, which is excluded.
  let high: Double
  /// The distance between numbers; never 0. `a..b` steps by 1, `range(a, b, step)` by any number.
  let step: Double
  /// The number of numbers; 2^53 for an infinite range.
  public let count: Int

  /// Makes a range of the numbers from `low` on, before `high`.
  public init(_ low: Double, _ high: Double, step: Double = 1) {
    self.low = low
    self.high = high
    self.step = step
    let exact = ((high - low) / step).rounded(.up)
    if exact > 0 {
      let most = exact < NumberText.exactLimit ? Int(exact) : Int(NumberText.exactLimit)
      // The last number after rounding up may be the end itself: 1 + 3 * 0.1 in range(1, 1.3, 0.1).
      let last = low + Double(most - 1) * step
      count = (step > 0 ? last < high : last > high) || most > 1 << 52 ? most : most - 1
    } else {
      count = 0
    }
    ContainerMemory.add(56)
  }

  /// Selects some of another range's numbers.
  init(_ other: RangeBox, at positions: RangePositions) {
    low = other[positions.first]
    high = other[positions.first + positions.count * positions.step]
    step = other.step * Double(positions.step)
    count = positions.count
    ContainerMemory.add(56)
  }

  deinit { ContainerMemory.remove(56) }

  /// The index of the first number.
  public var startIndex: Int { 0 }
  /// The index after the last number.
  public var endIndex: Int { count }
  /// The number at an index.
  public subscript(i: Int) -> Double { low + Double(i) * step }

  /// Whether `x` is one of its numbers.
  func contains(_ x: Double) -> Bool {
    let i = ((x - low) / step).rounded()
    return i >= 0 && i < Double(count) && low + i * step == x
  }

  /// Whether another range has the same numbers.
  func isEqual(_ other: RangeBox) -> Bool {
    guard count == other.count, count > 0 else { return count == other.count }
    return low == other.low && (count == 1 || step == other.step)
  }

  /// The range as a script would write it.
  public var summary: String {
    let ends = [low, high].map(NumberText.repr)
    return step == 1
      ? "\(ends[0])..\(ends[1])" : "range(\(ends[0]), \(ends[1]), \(NumberText.repr(step)))"
  }
}

extension RangeBox {
  /// Which of `count` elements the range selects as an index. With step 1 it is a slice: negative
  /// bounds count from the end. With other steps it selects number by number, and negative numbers
  /// count from the end. Positions out of range are skipped. Throws `type` for numbers that are not
  /// whole, and for a range that passes from negative numbers to others.
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
    // The steps that lead into the range from outside, and those that stay inside.
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
