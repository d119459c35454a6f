import Host
import Tensors

/// A data set as scripts see it: one view, or several named splits.
public struct Dataset {
  /// A part of a data set.
  public struct Split {
    /// `train`, `val` or `test`; empty if the data set has no splits.
    public let name: String
    /// Its records.
    public let view: View
  }

  /// The parts, in order; a single one with an empty name if there are no splits.
  public let splits: [Split]

  /// Splits that are missing, and the reason, by name.
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
    self.splits = splits.map { Split(name: $0.name, view: $0.view.asSplit($0.name)) }
  }

  /// Whether the data set has splits.
  public var hasSplits: Bool { splits[0].name != "" }
  /// The names of the splits; empty where there are none.
  public var splitNames: [String] { hasSplits ? splits.map(\.name) : [] }
  /// The names of the classes, by label.
  public var classes: [String] { splits[0].view.classes }
  /// Whether the records of any split have labels.
  public var isLabelled: Bool { splits.contains { $0.view.isLabelled } }
  /// Warnings from when the data set was opened.
  public var notes: [String] { splits.flatMap(\.view.notes) }
  /// Returns a split by name.
  public subscript(_ name: String) -> View? {
    hasSplits ? splits.first { $0.name == name }?.view : nil
  }

  /// The view of a data set without splits; if there are splits, throws `splits` with their names.
  public var view: View {
    get throws {
      guard hasSplits else { return splits[0].view }
      let names = splits.map { "\($0.name) \($0.view.count)" }.joined(separator: ", ")
      throw Failure(
        "splits", "this data set has splits (\(names)); choose one",
        hint: "for example d.\(splits[0].name)")
    }
  }

  /// Applies `change` to every split.
  public func map(_ change: (View) throws -> View) rethrows -> Dataset {
    let changed = try splits.map { (name: $0.name, view: try change($0.view)) }
    return hasSplits ? Dataset(splits: changed, absent: absent) : Dataset(changed[0].view)
  }

  /// Adds a transform to every split. Throws if it is known to fail on every record: no boxes, the
  /// wrong channels, pixels on the wrong scale.
  public func mapped(_ transform: Transform, seed: UInt64 = 0) throws -> Dataset {
    let settled = try transform.settled(for: self)
    for strand in splits.flatMap(\.view.strands) {
      if let refusal = settled.refusal(of: strand.form) { throw refusal }
    }
    return map { $0.mapped(settled, seed: seed) }
  }

  /// Replaces splits by other views, or adds them. A data set without splits becomes `train`. Throws
  /// `splits` if that would be replaced, too, and `classes` if the classes differ.
  public func replacing(_ parts: [(name: String, view: View)]) throws -> Dataset {
    var views: [String: View] = [:]
    for split in splits { views[hasSplits ? split.name : "train"] = split.view }
    for (name, view) in parts {
      guard hasSplits || name != "train" else {
        throw Failure(
          "splits", "with_splits: a data set without splits is the split train itself",
          hint: "with_splits(train, val: ...)")
      }
      views[name] = view
    }
    let order = ["train", "val", "test"].filter { views[$0] != nil }
    let names = order + splitNames.filter { !order.contains($0) }
    let result = names.compactMap { name in views[name].map { (name: name, view: $0) } }
    for (_, view) in result where view.classes != result[0].view.classes {
      throw View.difference(result[0].view.classes, view.classes, in: "with_splits")
    }
    return Dataset(splits: result, absent: absent.filter { name, _ in views[name] == nil })
  }

  /// Concatenates data sets, split by split. Throws `splits` if their splits differ, `classes` if
  /// their classes differ.
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

  /// Splits the data set into named parts: amounts below 1 are fractions of the records, others are
  /// counts. Without splits the remaining records become `train`; with splits the parts are taken
  /// from `train` and the others are kept. `View.shuffled` says what the seed means. Throws
  /// `splits` if a part already exists or the training split is missing, and `argument` if an
  /// amount is invalid or the amounts exceed the number of records.
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
