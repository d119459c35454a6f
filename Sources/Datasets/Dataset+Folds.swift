import Host

extension Dataset {
  /// Makes `count` data sets for cross-validation, each with another part as `val` and the rest as
  /// `train`. If there are splits, the parts are taken from `train` and the other splits are kept.
  /// A record's part depends on the seed and the record. Throws `splits` if the train split is
  /// missing or a val split exists, `argument` if there are fewer records than parts.
  public func folds(_ count: Int, stratified: Bool, seed: UInt64) throws -> [Dataset] {
    if hasSplits, self["train"] == nil || self["val"] != nil {
      throw Failure(
        "splits",
        "folds: the data set has the splits \(splitNames.joined(separator: ", ")); it must have train, which is "
          + "divided, and no val",
        hint: self["train"] == nil ? nil : "folds(d.train, \(count))")
    }
    let whole = self["train"] ?? splits[0].view
    try Memory.expect(
      256 * whole.count, for: "folds: a view of \(View.grouped(whole.count)) records")
    guard count >= 2, count <= whole.uniqueCount else {
      throw Failure(
        "argument",
        "folds: k must be from 2 to the number of records, \(View.grouped(whole.uniqueCount)), "
          + "got \(count)")
    }
    let parts = whole.folds(count, stratified: stratified, seed: seed)
    return (0..<count).map { i in
      let train = whole.selecting(parts.indices.filter { parts[$0] != i })
      let val = whole.selecting(parts.indices.filter { parts[$0] == i })
      return Dataset(
        splits: [(name: "train", view: train), (name: "val", view: val)]
          + splits.filter { $0.name != "train" && $0.name != "" }.map {
            (name: $0.name, view: $0.view)
          })
    }
  }
}
