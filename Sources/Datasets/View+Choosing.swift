import Host
import Tensors

extension View {
  /// A record independently of the view: its source's identity, as a number, and its own number.
  private struct Identity: Hashable {
    let source: Int
    let record: Int32
  }

  /// For each strand, how many other sources before it draw from the same key.
  var copyNumbers: [Int] {
    var drawn: [String: [String]] = [:]
    return strands.map { strand in
      let source = strand.source
      let others = drawn[source.drawKey, default: []]
      if let number = others.firstIndex(of: source.identity) { return number }
      drawn[source.drawKey, default: []].append(source.identity)
      return others.count
    }
  }

  /// The identity of each entry, and for each source the key that it draws from.
  private func identities(_ key: RandomKey) -> (of: [Identity], keys: [RandomKey]) {
    var numbers: [String: Int] = [:]
    var keys: [RandomKey] = []
    let sources = zip(strands, copyNumbers).map { strand, copy -> Int in
      let identity = strand.source.identity
      if let number = numbers[identity] { return number }
      numbers[identity] = keys.count
      let own = key[strand.source.drawKey]
      // Copies of files in another place must not be shuffled next to their originals.
      keys.append(copy == 0 ? own : own["copy"][copy])
      return keys.count - 1
    }
    return (
      entries.map { Identity(source: sources[Int($0.strand)], record: $0.record) }, keys
    )
  }

  /// Shuffles the records. The order depends on the seed and the records, so other views of the
  /// same records are shuffled alike. A record that occurs twice gets two places. Throws
  /// `out-of-memory`.
  public func shuffled(seed: UInt64) throws -> View {
    // Most views hold their records in order, so each occurs once.
    let isOnce =
      strands.count == 1
      && zip(entries, entries.dropFirst()).allSatisfy { $0.record < $1.record }
    try Memory.expect(
      (isOnce ? 64 : 192) * count, for: "shuffle: a view of \(View.grouped(count)) records")
    let (identities, keys) = identities(RandomKey(seed: seed)["shuffle"])
    var seen: [Identity: Int] = [:]
    let draws = identities.map { identity -> UInt64 in
      var turn = 0
      if !isOnce {
        turn = seen[identity, default: 0]
        seen[identity] = turn + 1
      }
      return keys[identity.source][turn].integer(UInt64(UInt32(bitPattern: identity.record)))
    }
    return selecting(entries.indices.sorted { (draws[$0], $0) < (draws[$1], $1) })
  }

  /// Divides the view into parts: for each count that many drawn records, and last the remaining
  /// ones. The draw depends on the seed and the records, so other views of the same records are
  /// split alike, and the copies of a record that occurs twice stay together. Records keep their
  /// order. The caller has checked memory.
  func parted(_ counts: [Int], seed: UInt64) -> [View] {
    let (identities, keys) = identities(RandomKey(seed: seed)["split"])
    let unique = Array(Set(identities))
    let order =
      unique
      .map { (keys[$0.source].integer(UInt64(UInt32(bitPattern: $0.record))), $0) }
      .sorted { ($0.0, $0.1.source, $0.1.record) < ($1.0, $1.1.source, $1.1.record) }
    var part: [Identity: Int] = [:]
    var low = 0
    for (number, count) in counts.enumerated() {
      for (_, identity) in order[low..<low + count] { part[identity] = number }
      low += count
    }
    var positions = [[Int]](repeating: [], count: counts.count + 1)
    for (i, identity) in identities.enumerated() {
      positions[part[identity] ?? counts.count].append(i)
    }
    return positions.map { selecting($0) }
  }

  /// The part that each record is in, of `count` parts of nearly equal size, drawn as `parted`
  /// draws; with `stratified` each class is spread evenly over the parts.
  func folds(_ count: Int, stratified: Bool, seed: UInt64) -> [Int] {
    let (identities, keys) = identities(RandomKey(seed: seed)["folds"])
    var labels: [Identity: Int32] = [:]
    for (i, identity) in identities.enumerated() where labels[identity] == nil {
      labels[identity] = stratified ? label(i) : 0
    }
    let order = labels.sorted {
      func place(_ entry: (key: Identity, value: Int32)) -> (Int32, UInt64, Int, Int32) {
        let draw = keys[entry.key.source].integer(UInt64(UInt32(bitPattern: entry.key.record)))
        return (entry.value, draw, entry.key.source, entry.key.record)
      }
      return place($0) < place($1)
    }
    var part: [Identity: Int] = [:]
    for (i, entry) in order.enumerated() { part[entry.key] = i % count }
    return identities.map { part[$0] ?? 0 }
  }

  /// The number of distinct records.
  var uniqueCount: Int { Set(identities(RandomKey(seed: 0)).of).count }

  /// Concatenates several views. Throws `classes` if their classes differ.
  public static func mixed(_ views: [View]) throws -> View {
    guard let first = views.first else { throw Failure("argument", "mix: no data sets were given") }
    let total = views.reduce(0) { $0 + $1.count }
    try Memory.expect(
      2 * MemoryLayout<Entry>.stride * total, for: "mix: a view of \(View.grouped(total)) records")
    var strands: [Strand] = []
    var entries: [Entry] = []
    entries.reserveCapacity(total)
    for (number, view) in views.enumerated() {
      for earlier in views[..<number] {
        if let failure = earlier.contradictionOfShared(with: view, in: "mix") { throw failure }
      }
      guard view.classes == first.classes else {
        throw difference(first.classes, view.classes, in: "mix")
      }
      let base = Int32(strands.count)
      strands += view.strands
      entries += view.entries.map { Entry(strand: base + $0.strand, record: $0.record) }
    }
    return View(
      strands: strands, entries: entries, classes: first.classes,
      values: try RecordValues.joined(views), origins: Set(views.flatMap(\.origins)).sorted())
  }
}
