import Host

/// The part of a batch that this rank has. It holds from when a loop over divided batches gives a batch
/// until the loop is over: whoever gives the batches holds it, and what is computed meanwhile looks it up.
public final class Division {
  /// The ranks among which the batch is divided.
  public let ranks: Ranks
  /// The position in the whole batch of the part's first record.
  public let first: Int
  /// The number of records of the part. It may be 0; then one record is computed, which counts nothing.
  public let count: Int
  /// The number of records of the whole batch.
  public let total: Int

  /// Divides a batch of `total` records.
  public init(of total: Int, among ranks: Ranks) {
    self.ranks = ranks
    self.total = total
    first = total * ranks.rank / ranks.count
    count = total * (ranks.rank + 1) / ranks.count - first
  }

  /// The positions in the whole batch of the records that this rank computes: its part, or one record
  /// if that is empty, since layers take no empty batch.
  public var positions: Range<Int> {
    count > 0 ? first..<first + count : min(first, total - 1)..<min(first, total - 1) + 1
  }

  /// The weight of this rank's mean in the mean of the whole batch.
  public var share: Double { Double(count) / Double(total) }

  private struct Reference { weak var division: Division? }
  /// The parts of the loops that the thread runs, the innermost last. A loop that is over has released its
  /// own, however it ended.
  private static let loops = ThreadLocal<[Reference]> { [] }

  /// The part of the batch that the calling thread works at; nil outside of loops over divided batches.
  public static var current: Division? {
    Ranks.current != nil ? loops.withValue { $0.last { $0.division != nil }?.division } : nil
  }

  /// Makes this the part that the calling thread works at, until it is released.
  public func begin() {
    Division.loops.withValue { loops in
      loops.removeAll { $0.division == nil }
      loops.append(Reference(division: self))
    }
  }
}
