import Datasets
import Host
import Language
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
        + (isReordered ? "in another order than" : "otherwise than") + " the model: \(difference)",
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

/// `check_classes`.
func classNameBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "check_classes",
      "Refuses data that name their classes otherwise than the model they are for.",
      details: """
        A model keeps the names of the classes that it was trained on: `g.classes`, in the order of its \
        outputs. `train`, `distill`, `evaluate`, `outputs` and their like call this. Names that are only \
        numbers from 0, as data without names have, fit any model. With `keep` the model takes the names, if \
        it has none or only numbers.
        """,
      [
        .required("g", .model, "a model"), .required("d", .dataset | .pairs, "the data"),
        .optional("keep", .bool, .bool(false), "the model takes the names", namedOnly: true),
      ], result: "nil",
      examples: [
        Example(
          "let g = dense(3)\ncheck_classes(g, shapes(6), keep: true)\ng.classes",
          "[\"square\", \"circle\", \"triangle\"]")
      ]
    ) { call in
      let names =
        if case .object(let pairs as PairsObject) = call["d"] {
          pairs.pairs.first.classes
        } else {
          try call.dataset("d").classes
        }
      let layer = try call.layer("g")
      try ClassNames.check(layer, names)
      let isOpen = layer.classes.map(ClassNames.isNumbered) ?? true
      if try call.bool("keep"), !names.isEmpty, isOpen { layer.classes = names }
      return .nil
    }
  ]
}
