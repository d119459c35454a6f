import Host
import Models

/// Compares the class names of a model with those of a data set.
enum ClassNames {
  /// Throws `classes` if a class has different names in the data and in the model. Names that are
  /// merely numbers from 0 are ignored, unless they are the model's own names in another order.
  static func check(_ layer: Layer, _ names: [String]) throws {
    if let known = layer.classes { try check(known, names) }
  }

  /// The same for the names that something else than a layer has for its outputs.
  static func check(_ known: [String], _ names: [String]) throws {
    guard !names.isEmpty, !known.starts(with: names) else { return }
    let isReordered = known.sorted() == names.sorted()
    if !isReordered, isNumbered(names) || isNumbered(known) { return }
    let first = zip(known, names).enumerated().first { $1.0 != $1.1 }
    let difference =
      first.map { i, pair in
        "class \(i) is \"\(pair.0)\" to the model and \"\(pair.1)\" in the data"
      } ?? "the model knows \(known.count) and the data have \(names.count)"
    throw Failure(
      "classes",
      "classes: the data name their classes "
        + (isReordered ? "in another order than" : "differently from")
        + " the model: \(difference)",
      hint: isReordered
        ? "open the data with the model's order (g.classes), which its labels then follow"
        : "g.classes = nil lets it go on with other classes; g.classes = d.classes says that they are the same"
    )
  }

  /// Returns whether the names are the numbers from 0 in order, as they are in data without class
  /// names.
  static func isNumbered(_ names: [String]) -> Bool {
    names.enumerated().allSatisfy { $1 == String($0) }
  }
}
