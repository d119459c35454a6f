/// A batch in parts of which each rank computes some. Numbers of the parts are added by a tree, so that they have
/// the same bits on any number of ranks.
public struct BatchParts {
  /// How the parts' numbers are added.
  public let tree: PartTree
  /// This rank's parts: their numbers, and what they are of the batch.
  public let own: [(part: Int, division: Division)]
  /// The ranks that compute the parts; nil if this process is alone.
  public let ranks: Ranks?
  /// The positions in the whole batch of this rank's records.
  public let positions: Range<Int>
  /// Whether a part can ask for something about the whole batch, as batch normalisation does; otherwise the parts are
  /// computed one after another, and it goes by the statistics of the part.
  public let isSynchronised: Bool

  /// Cuts a batch of `total` records, of which each part has as many as the others or one more. A batch of fewer records
  /// than parts has a part for each record. A rank without a part has one that is empty.
  public init(of total: Int, parts: Int, among ranks: Ranks?, isSynchronised: Bool = true) {
    let count = max(1, min(parts, total))
    tree = PartTree(parts: count, ranks: ranks?.count ?? 1)
    self.ranks = ranks
    self.isSynchronised = isSynchronised
    let mine = tree.parts(of: ranks?.rank ?? 0)
    func division(_ parts: Range<Int>) -> Division {
      Division(
        parts, of: count, total: total, among: ranks, isApart: true,
        hasOwnStatistics: !isSynchronised)
    }
    own = mine.map { ($0, division($0..<$0 + 1)) }
    positions = division(mine).positions
    empty = mine.isEmpty ? division(mine) : nil
  }

  /// The part of a rank that has none. It is computed, so that all ranks know what they add, and does not count.
  public let empty: Division?

  /// Whether several parts are computed in turn, each on a thread of its own.
  public var takesTurns: Bool { isSynchronised && own.count > 1 }

  /// Computes this rank's parts, or the one that does not count, so that each can ask for something about the whole
  /// batch. `body` gets the position among this rank's parts. It is called on other threads if the parts take turns.
  public func compute(_ body: (Int, Division) throws -> Void) throws {
    let divisions = own.map(\.division) + (empty.map { [$0] } ?? [])
    defer { for division in divisions { division.meeting = nil } }
    guard takesTurns else {
      // An empty part only hears what the others say.
      divisions[0].meeting = PartMeeting(part: own.first?.part) { name, bytes in
        try all(name, own.isEmpty ? [] : [bytes])
      }
      return try body(0, divisions[0])
    }
    let turns = PartTurns(own.count)
    for (i, (part, division)) in own.enumerated() {
      division.meeting = PartMeeting(part: part) { try turns.exchange(i, ($0, $1)) }
    }
    try turns.run({ try body($0, divisions[$0]) }, exchanging: all)
  }

  /// What all parts say, given what this rank's say.
  private func all(_ name: String, _ own: [[UInt8]]) throws -> [[UInt8]] {
    guard let ranks else { return own }
    var bytes: [UInt8] = []
    for said in own {
      withUnsafeBytes(of: UInt64(said.count)) { bytes.append(contentsOf: $0) }
      bytes += said
    }
    return try ranks.exchange("\(name) in \(tree.parts) parts", bytes).flatMap { bytes in
      var (all, rest) = ([[UInt8]](), bytes[...])
      while rest.count >= 8 {
        let count = rest.withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
        all.append(Array(rest.dropFirst(8).prefix(count)))
        rest = rest.dropFirst(8 + count)
      }
      return all
    }
  }
}
