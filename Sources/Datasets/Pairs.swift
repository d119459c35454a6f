import Host

/// Two views of the same records with different transforms.
public final class Pairs {
  /// The first view, usually the one of higher quality.
  public let first: View
  /// The second view, usually the degraded one.
  public let second: View

  /// Pairs two views. Throws `pairs` with the first position at which the records differ, `classes`
  /// and `labels` if the views name a record's class differently.
  public init(_ first: View, _ second: View) throws {
    if let i = first.firstDifference(from: second) {
      throw Pairs.difference(first, second, at: i)
    }
    if let contradiction = first.contradiction(with: second, in: "pairs") { throw contradiction }
    self.first = first
    self.second = second
  }

  /// The number of records.
  public var count: Int { first.count }

  private static func difference(_ first: View, _ second: View, at i: Int) -> Failure {
    let hint = "make both views from one data set, or give both the same id:"
    guard i < first.count, i < second.count else {
      return Failure(
        "pairs",
        "pairs: the data sets have \(first.count) and \(second.count) records; the first \(i) are the same",
        hint: hint)
    }
    func describe(_ view: View) -> String {
      "\(view.name(i)) of \(view.strand(i).source.title)"
    }
    let titles = [first, second].map { $0.strand(i).source.title }
    // They have the same numbers but are different records: their pixels, labels or options differ.
    if describe(first) == describe(second) {
      return Failure(
        "pairs",
        "pairs: the data sets hold different records, from record \(i) on: they come from two different "
          + titles[0],
        hint: hint)
    }
    return Failure(
      "pairs",
      "pairs: the data sets hold different records: the first to differ is record \(i), which is "
        + "\(describe(first)) in one and \(describe(second)) in the other",
      hint: hint)
  }
}
