import Host
import Tensors

/// What a script calls a data set: one view, or several under the names of splits.
public struct Dataset {
  /// A part of a data set.
  public struct Split {
    /// `train`, `val` or `test`; empty where the data set has no splits.
    public let name: String
    /// Its records.
    public let view: View
  }

  /// The parts, in order; exactly one, with an empty name, where there are no splits.
  public let splits: [Split]

  /// Splits that one looks for in vain, and why, by name.
  public let absent: [String: String]

  /// A data set without splits.
  public init(_ view: View) {
    splits = [Split(name: "", view: view)]
    absent = [:]
  }
  /// A data set with splits, at least one.
  public init(splits: [(name: String, view: View)], absent: [String: String] = [:]) {
    precondition(!splits.isEmpty)
    self.absent = absent
    self.splits = splits.map { Split(name: $0.name, view: $0.view) }
  }

  /// Whether it has splits.
  public var hasSplits: Bool { splits[0].name != "" }
  /// The names of the splits; empty where there are none.
  public var splitNames: [String] { hasSplits ? splits.map(\.name) : [] }
  /// The names of the classes, by label.
  public var classes: [String] { splits[0].view.classes }
  /// Whether records of some split have labels.
  public var isLabelled: Bool { splits.contains { $0.view.isLabelled } }
  /// What was odd but harmless when it was opened.
  public var notes: [String] { splits.flatMap(\.view.notes) }
  /// A split by name.
  public subscript(_ name: String) -> View? {
    hasSplits ? splits.first { $0.name == name }?.view : nil
  }

  /// The view of a data set without splits; throws `splits`, naming them, where there are any.
  public var view: View {
    get throws {
      guard hasSplits else { return splits[0].view }
      let names = splits.map { "\($0.name) \($0.view.count)" }.joined(separator: ", ")
      throw Failure(
        "splits", "this data set has splits (\(names)); choose one",
        hint: "for example d.\(splits[0].name)")
    }
  }

  /// Every split through `change`.
  public func map(_ change: (View) throws -> View) rethrows -> Dataset {
    let changed = try splits.map { (name: $0.name, view: try change($0.view)) }
    return hasSplits ? Dataset(splits: changed, absent: absent) : Dataset(changed[0].view)
  }

  /// Every split through one more transform. Throws what is known to fail on every record: no boxes,
  /// other channels, pixels on another scale.
  public func mapped(_ transform: Transform, seed: UInt64 = 0) throws -> Dataset {
    let settled = try transform.settled(for: self)
    for strand in splits.flatMap(\.view.strands) {
      if let refusal = settled.refusal(of: strand.form) { throw refusal }
    }
    return map { $0.mapped(settled, seed: seed) }
  }

  /// A + B, split by split. Throws `splits` where the two have different ones, `classes` where these
  /// differ.
  public static func mixed(_ sets: [Dataset]) throws -> Dataset {
    guard let first = sets.first else { throw Failure("argument", "mix: no data sets were given") }
    if let other = sets.first(where: { $0.splitNames != first.splitNames }) {
      func list(_ set: Dataset) -> String {
        set.hasSplits ? "the splits " + set.splitNames.joined(separator: ", ") : "no splits"
      }
      throw Failure("splits", "mix: one data set has \(list(first)), another \(list(other))")
    }
    let views = try first.splits.indices.map { i in
      try View.mixed(sets.map { $0.splits[i].view })
    }
    return first.hasSplits
      ? Dataset(splits: zip(first.splitNames, views).map { (name: $0, view: $1) })
      : Dataset(views[0])
  }

  /// The data set with parts of it set aside under names: amounts below 1 are shares of the records,
  /// others counts. Without splits what is left becomes `train`; with splits the parts come out of
  /// `train`, and the others stay. See `View.shuffled` for what the seed means. Throws `splits` where
  /// a part exists already or there is no train, `argument` where amounts don't fit.
  public func splitting(_ parts: [(name: String, amount: Double)], seed: UInt64) throws -> Dataset {
    let whole: View
    if hasSplits {
      guard let train = self["train"] else {
        throw Failure(
          "splits",
          "split: the data set has splits, \(splitNames.joined(separator: ", ")), but no train to take records from"
        )
      }
      if let taken = parts.first(where: { splitNames.contains($0.name) }) {
        throw Failure("splits", "split: the data set already has a split \(taken.name)")
      }
      whole = train
    } else {
      whole = splits[0].view
    }
    try Memory.expect(
      256 * whole.count, for: "split: a view of \(View.grouped(whole.count)) records")
    let total = whole.uniqueCount
    var counts: [Int] = []
    for (name, amount) in parts {
      guard amount > 0, amount < 1 || amount == amount.rounded(), amount <= Double(max(total, 1))
      else {
        throw Failure(
          "argument",
          "split: \(name) must be a fraction between 0 and 1 or a number of records, at most "
            + "\(View.grouped(total)), got \(amount.scriptText)")
      }
      counts.append(Int(amount < 1 ? (amount * Double(total)).rounded() : amount))
    }
    guard counts.reduce(0, +) <= total else {
      throw Failure(
        "argument",
        "split: \(counts.map(String.init).joined(separator: " + ")) records were asked for, but there are only \(total)"
      )
    }
    let views = whole.parted(counts, seed: seed)
    var result = [(name: "train", view: views[views.count - 1])]
    let others =
      zip(parts, views).map { (name: $0.name, view: $1) }
      + splits.filter { $0.name != "train" && $0.name != "" }.map { (name: $0.name, view: $0.view) }
    for name in ["val", "test"] { result += others.filter { $0.name == name } }
    result += others.filter { $0.name != "val" && $0.name != "test" }
    return Dataset(
      splits: result, absent: absent.filter { name, _ in !result.contains { $0.name == name } })
  }
}
