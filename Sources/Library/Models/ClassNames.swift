import Host
import Models

/// How a model's names of its classes meet those of data.
enum ClassNames {
  /// Throws `classes` where a class has another name in the data than the model knows it by. Names that
  /// are only numbers from 0 say nothing, unless they are the model's in another order.
  static func check(_ layer: Layer, _ names: [String]) throws {
    guard let known = layer.classes, !names.isEmpty, !known.starts(with: names) else { return }
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

  /// Whether names are the numbers from 0 in order, which data without names have.
  static func isNumbered(_ names: [String]) -> Bool {
    names.enumerated().allSatisfy { $1 == String($0) }
  }
}
