import Host

/// The part of a batch that is computed at a time. Whoever gives the batches, or their parts, holds it, and what is
/// computed meanwhile looks it up.
public final class Division {
  /// The ranks among which the batch is divided; nil if this process is alone.
  public let ranks: Ranks?
  /// The position in the whole batch of the part's first record.
  public let first: Int
  /// The number of records of the part. It may be 0; then one record is computed, which does not count.
  public let count: Int
  /// The number of records of the whole batch.
  public let total: Int
  /// Whether it is one of the parts that `minimize` is given.
  public let isApart: Bool
  /// Whether batch normalisation goes by the statistics of the part, whose means over the batch the running statistics
  /// then follow.
  public let hasOwnStatistics: Bool
  /// The parts that are computed together with this one; nil if it is a rank's part, or if each part is computed alone.
  public internal(set) var meeting: PartMeeting?

  /// This rank's part of a batch of `total` records, which all ranks compute at the same time. If it is not synchronised,
  /// batch normalisation does not ask for the statistics of the whole batch.
  public convenience init(of total: Int, among ranks: Ranks, isSynchronised: Bool = true) {
    self.init(
      ranks.rank..<ranks.rank + 1, of: ranks.count, total: total, among: ranks, isApart: false,
      hasOwnStatistics: !isSynchronised)
  }

  /// Consecutive parts of the `count` parts of a batch of `total` records.
  init(
    _ parts: Range<Int>, of count: Int, total: Int, among ranks: Ranks?, isApart: Bool,
    hasOwnStatistics: Bool
  ) {
    self.ranks = ranks
    self.total = total
    self.isApart = isApart
    self.hasOwnStatistics = hasOwnStatistics
    first = total * parts.lowerBound / count
    self.count = total * parts.upperBound / count - first
  }

  /// The positions in the whole batch of the records that this rank computes: its part, or one record
  /// if that is empty, since layers take no empty batch.
  public var positions: Range<Int> {
    count > 0 ? first..<first + count : min(first, total - 1)..<min(first, total - 1) + 1
  }

  /// The weight of the part's mean in the mean of the whole batch.
  public var share: Double { Double(count) / Double(total) }

  private struct Reference { weak var division: Division? }
  /// The parts that the thread works at, the innermost last. A loop that is over has released its own, however it
  /// ended.
  private static let loops = ThreadLocal<[Reference]> { [] }

  /// The part of a batch that the calling thread works at; nil where batches are whole, as for a group of ranks inside
  /// a loop of all of them.
  public static var current: Division? {
    let division = loops.withValue { $0.last { $0.division != nil }?.division }
    return division.flatMap { $0.ranks == nil || $0.ranks === Ranks.current ? $0 : nil }
  }

  /// Makes this the part that the calling thread works at, until it is released.
  public func begin() {
    Division.loops.withValue { loops in
      loops.removeAll { $0.division == nil }
      loops.append(Reference(division: self))
    }
  }

  /// Ends what `begin` has begun, also if something still holds the part.
  public func end() {
    Division.loops.withValue { loops in
      loops.removeAll { $0.division == nil || $0.division === self }
    }
  }
}
