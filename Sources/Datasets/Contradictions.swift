import Host

extension View {
  /// Why this view and another view of the same records, compared position by position, can't both
  /// be right about the classes; nil if they agree. The message begins with `operation`.
  func contradiction(with other: View, in operation: String) -> Failure? {
    for i in 0..<min(count, other.count) where className(i) != other.className(i) {
      return contradiction(at: i, with: other, at: i, in: operation)
    }
    guard classes == other.classes else {
      return View.difference(classes, other.classes, in: operation)
    }
    return nil
  }

  /// The same for views whose records need not correspond: only records that are in both are
  /// compared.
  func contradictionOfShared(with other: View, in operation: String) -> Failure? {
    for (number, strand) in strands.enumerated() {
      for (otherNumber, otherStrand) in other.strands.enumerated()
      where strand.source.identity == otherStrand.source.identity
        && strand.source !== otherStrand.source && strand.source.labels != otherStrand.source.labels
      {
        var place: [Int32: Int] = [:]
        for (i, entry) in other.entries.enumerated() where entry.strand == otherNumber {
          place[entry.record] = i
        }
        for (i, entry) in entries.enumerated() where entry.strand == number {
          if let j = place[entry.record], className(i) != other.className(j) {
            return contradiction(at: i, with: other, at: j, in: operation)
          }
        }
      }
    }
    return nil
  }

  /// The name of the class of record `i`.
  func className(_ i: Int) -> String {
    let label = Int(label(i))
    return classes.indices.contains(label) ? classes[label] : String(label)
  }

  private func contradiction(at i: Int, with other: View, at j: Int, in operation: String)
    -> Failure
  {
    Failure(
      "labels",
      "\(operation): the data sets hold the same records with different labels: record \(name(i)) is "
        + "\(className(i)) (label \(label(i))) in one and \(other.className(j)) (label \(other.label(j))) "
        + "in the other",
      hint:
        "correct the labels of one of them; if the records are not the same, give one data set another id:"
    )
  }

  /// The error for two lists of classes that should be equal.
  static func difference(_ first: [String], _ second: [String], in operation: String) -> Failure {
    if first.count == second.count, let i = first.indices.first(where: { first[$0] != second[$0] })
    {
      return Failure(
        "classes",
        "\(operation): the classes differ: class \(i) is \(first[i]) in one and \(second[i]) in the other",
        hint: "give both the same classes in the same order")
    }
    return Failure(
      "classes", "\(operation): the classes differ, \(brief(first)) and \(brief(second))",
      hint: "give both the same classes in the same order")
  }

  private static func brief(_ classes: [String]) -> String {
    let start = classes.prefix(3).joined(separator: ", ")
    return "\(classes.count) (\(start)\(classes.count > 3 ? ", ..." : ""))"
  }
}
