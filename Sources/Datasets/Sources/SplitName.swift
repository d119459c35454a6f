/// What people call the parts of a data set.
enum SplitName {
  /// The order in which splits stand.
  static let order = ["train", "val", "test"]

  /// `train`, `val` or `test` for a name that means one of them, in capitals or not: `Training`, `valid`,
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
