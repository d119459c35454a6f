import Host
import Syntax

/// What numbers mean as positions among elements.
enum Positions {
  /// The position that an index means among `count`, or nil if it is none of them.
  @inline(__always)
  static func position(_ x: Double, _ count: Int) -> Int? {
    guard let i = NumberText.wholeNumber(x) else { return nil }
    let position = i < 0 ? i + count : i
    return position >= 0 && position < count ? position : nil
  }

  /// The positions of a slice: negative ends count from the end, both are clipped.
  static func slice(_ low: Int?, _ high: Int?, _ count: Int) -> Range<Int> {
    func clip(_ end: Int) -> Int { max(0, min(count, end < 0 ? end + count : end)) }
    let low = clip(low ?? 0)
    return low..<max(low, high.map(clip) ?? count)
  }

  /// An end of a slice; infinity leaves it open.
  static func end(_ x: Double) throws -> Int? {
    if x == .infinity { return nil }
    guard let end = NumberText.wholeNumber(x) else {
      throw Failure("type", "the end of a slice must be a whole number, got \(NumberText.repr(x))")
    }
    return end
  }
}

/// Positions among some elements, evenly spaced: `first`, `first + step` ...
public struct RangePositions: RandomAccessCollection, Sendable {
  /// The first position; that of no element where there are none.
  public let first: Int
  /// From one to the next, never 0.
  public let step: Int
  /// How many there are.
  public let count: Int
  /// Where they begin.
  public var startIndex: Int { 0 }
  /// How many there are.
  public var endIndex: Int { count }
  /// The position with a number.
  public subscript(i: Int) -> Int { first + i * step }
}
