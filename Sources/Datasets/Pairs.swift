import Host

/// Two views of the same records, seen differently.
public final class Pairs {
  /// What is seen better, as a rule.
  public let first: View
  /// What is seen worse.
  public let second: View

  /// Pairs two views. Throws `pairs` with the first position where they are not the same record.
  public init(_ first: View, _ second: View) throws {
    if let i = first.firstDifference(from: second) {
      throw Pairs.difference(first, second, at: i)
    }
    self.first = first
    self.second = second
  }

  /// The number of records.
  public var count: Int { first.count }

  private static func difference(_ first: View, _ second: View, at i: Int) -> Failure {
    let hint = "make both views from one data set, or name the records alike with id:"
    guard i < first.count, i < second.count else {
      return Failure(
        "pairs",
        "pairs: the data sets have \(first.count) and \(second.count) records; the first \(i) are the same",
        hint: hint)
    }
    func describe(_ view: View) -> String {
      "\(view.name(i)) of \(view.strand(i).source.title)"
    }
    return Failure(
      "pairs",
      "pairs: the data sets hold different records: the first to differ is record \(i), "
        + "\(describe(first)) and \(describe(second))",
      hint: hint)
  }
}
