/// The usual names of the splits of a data set.
enum SplitName {
  /// The order of splits.
  static let order = ["train", "val", "test"]

  /// `train`, `val` or `test` for a name that means one of them, in any case: `Training`, `valid`,
  /// `test_set`; nil for any other.
  static func split(_ name: String) -> String? {
    var word = name.lowercased()
    for ending in ["set", "_", "-", " "] where word.hasSuffix(ending) {
      word.removeLast(ending.count)
    }
    return meanings[word]
  }

  private static let meanings = [
    "train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val",
    "test": "test", "testing": "test",
  ]
}
