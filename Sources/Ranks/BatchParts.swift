/// A batch in parts of which each rank computes some, one after another. Numbers of the parts are added by a tree, so
/// that they have the same bits on any number of ranks.
public struct BatchParts {
  /// How the parts' numbers are added.
  public let tree: PartTree
  /// This rank's parts: their numbers, and what they are of the batch.
  public let own: [(part: Int, division: Division)]
  /// The ranks that compute the parts; nil if this process is alone.
  public let ranks: Ranks?
  /// The positions in the whole batch of this rank's records.
  public let positions: Range<Int>

  /// Cuts a batch of `total` records, of which each part has as many as the others or one more. A batch of fewer records
  /// than parts has a part for each record. A rank without a part has one that is empty.
  public init(of total: Int, parts: Int, among ranks: Ranks?) {
    let count = max(1, min(parts, total))
    tree = PartTree(parts: count, ranks: ranks?.count ?? 1)
    self.ranks = ranks
    let mine = tree.parts(of: ranks?.rank ?? 0)
    func division(_ parts: Range<Int>) -> Division {
      Division(
        parts, of: count, total: total, among: ranks, isApart: true, hasOwnStatistics: true)
    }
    own = mine.map { ($0, division($0..<$0 + 1)) }
    positions = division(mine).positions
    empty = mine.isEmpty ? division(mine) : nil
  }

  /// The part of a rank that has none. It is computed, so that all ranks know what they add, and does not count.
  public let empty: Division?
}
