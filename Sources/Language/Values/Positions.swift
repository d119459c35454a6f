import Host
import Syntax

/// Numbers as positions of elements.
enum Positions {
  /// The position that an index refers to among `count`, or nil if it is out of range.
  @inline(__always)
  static func position(_ x: Double, _ count: Int) -> Int? {
    guard let i = NumberText.wholeNumber(x) else { return nil }
    let position = i < 0 ? i + count : i
    return position >= 0 && position < count ? position : nil
  }

  /// The positions of a slice: negative bounds count from the end, and both are clipped.
  static func slice(_ low: Int?, _ high: Int?, _ count: Int) -> Range<Int> {
    func clip(_ end: Int) -> Int { max(0, min(count, end < 0 ? end + count : end)) }
    let low = clip(low ?? 0)
    return low..<max(low, high.map(clip) ?? count)
  }

  /// A bound of a slice; infinity leaves it open.
  static func end(_ x: Double) throws -> Int? {
    if x == .infinity { return nil }
    guard let end = NumberText.wholeNumber(x) else {
      throw Failure("type", "the end of a slice must be a whole number, got \(NumberText.repr(x))")
    }
    return end
  }
}

/// Evenly spaced positions of elements: `first`, `first + step` ...
public struct RangePositions: RandomAccessCollection, Sendable {
  /// The first position; not that of an element if there are no positions.
  public let first: Int
  /// The distance between positions, never 0.
  public let step: Int
  /// The number of positions.
  public let count: Int
  /// The index of the first position.
  public var startIndex: Int { 0 }
  /// The index after the last position.
  public var endIndex: Int { count }
  /// The position at an index.
  public subscript(i: Int) -> Int { first + i * step }
}
