import Datasets
import Language
import Models

private let model = Argument("g", .model, "a model")
private let data = Argument("d", .value(.dataset | .pairs), "the data")
private let keep = Argument(
  "keep", .bool, default: false, "whether the model takes the names", named: true)

/// The builtin `check_classes`.
func classNameBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "check_classes",
      "Refuses data whose class names differ from those of the model they are for.",
      details: """
        A model keeps the names of the classes that it was trained on: `g.classes`, in the order of its \
        outputs. `train`, `distill`, `evaluate`, `outputs` and similar functions call this. Names that are only \
        numbers from 0, as data without names have, fit any model. With `keep` the model takes the names, \
        if it has none or only numbers.
        """,
      searchTerms: ["labels", "class names"], [model, data, keep],
      examples: [
        Example(
          "let g = dense(3)\ncheck_classes(g, shapes(6), keep: true)\ng.classes",
          "[\"square\", \"circle\", \"triangle\"]")
      ]
    ) { call in
      let names =
        switch try call[data] {
        case .object(let pairs as PairsObject): pairs.pairs.first.classes
        case .object(let object as DatasetObject): try object.dataset.classes
        default: throw call.wrong(data, "a dataset or pairs")
        }
      let layer = try call[model]
      try ClassNames.check(layer, names)
      let isOpen = layer.classes.map(ClassNames.isNumbered) ?? true
      if try call[keep], !names.isEmpty, isOpen { layer.classes = names }
    }
  ]
}
