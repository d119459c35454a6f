import Datasets
import Host
import Language
import Tensors

/// What chooses records and says how often they come or what they count: `classes`, `folds`, `sampled`,
/// `weighted`.
func choosingBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "classes", "Gives the records of some classes, which are numbered anew.",
      details: """
        In every split. Labels count from 0 in the order in which the classes are named. The records are the \
        same as before: they can be paired with others of the same classes.
        """,
      [
        .required("d", .dataset, "the data set"),
        .required("names", .list, "the classes, by name or number"),
      ], result: "dataset",
      examples: [
        Example(
          "classes(shapes(6), [\"triangle\", \"circle\"]).classes", "[\"triangle\", \"circle\"]"),
        Example("len(classes(shapes(9), [1]))", "2"),
      ]
    ) { call in
      let dataset = try call.dataset("d")
      return .object(
        DatasetObject(dataset.choosing(try call.classes("names", of: dataset.classes))))
    },
    Builtin(
      "folds", "Gives a data set k times, each time with another part as .val.",
      details: """
        For cross-validation: each record is in one .val and in all other .train. Parts differ by one record \
        at most. Who is in which depends on the seed and the record, as in `split`; with `stratified` each \
        class is spread over all parts. Of a data set with splits .train is parted, and the others stay.
        """,
      [
        .required("d", .dataset, "the data set"), .required("k", .whole, "how many parts"),
        .optional(
          "stratified", .bool, .bool(false), "every part has its share of each class",
          namedOnly: true),
      ], result: "list of k data sets with the splits train and val",
      examples: [
        Example("folds(shapes(9), 3)[0]", "dataset: train 6, val 3, 3 classes, [1, 32, 32]")
      ], methodOf: ["dataset"]
    ) { call in
      let folds = try call.dataset("d").folds(
        call.int("k", minimum: 2), stratified: call.bool("stratified"), seed: library.random.seed)
      return .list(List(folds.map { .object(DatasetObject($0)) }))
    },
    Builtin(
      "sampled",
      "Gives a data set whose shuffled batches draw records by weights.",
      details: """
        `batches(d, 32, shuffle: true)`, and so `train`, then draws as many records as there are, with \
        replacement, as PyTorch's WeightedRandomSampler: a record of weight 2 comes twice as often as one of 1. \
        What is drawn depends on the seed, the epoch and the place alone. "balanced" draws every class as often as \
        any other. In order, each record comes once.
        """,
      [
        .required("d", .dataset, "the data set, with \"balanced\" perhaps with splits"),
        .required(
          "weights",
          ParameterType("list, tensor or string") {
            ParameterType.list.accepts($0) || ParameterType.tensor.accepts($0)
              || ParameterType.string.accepts($0)
          }, "a weight for each record, 0 or more, or \"balanced\""),
      ], result: "dataset",
      examples: [
        Example(
          "for x, y in batches(sampled(shapes(3), [0, 1, 0]), 3, shuffle: true) { print(y) }")
      ], methodOf: ["dataset"]
    ) { call in
      if case .string(let text) = call["weights"] {
        guard text.text == "balanced" else {
          throw call.wrong("weights", "a list, a tensor or \"balanced\"")
        }
        return .object(DatasetObject(try call.dataset("d").map { try $0.balanced() }))
      }
      return .object(DatasetObject(try call.view("d").sampled(call.weights("weights"))))
    },
    Builtin(
      "weighted", "Gives a data set whose records count differently in a loss.",
      details: """
        The weights go along when records are chosen, split or shuffled: `.weights`, a record's `.weight`, and \
        the last of what `batches` gives, [x, y, weights], for `cross_entropy(g(x), y, weights: w)`.
        """,
      [
        .required("d", .dataset, "the data set, without splits"),
        .required(
          "weights",
          ParameterType("list or tensor") {
            ParameterType.list.accepts($0) || ParameterType.tensor.accepts($0)
          }, "a weight for each record, 0 or more"),
      ], result: "dataset",
      examples: [
        Example("weighted(shapes(3), [1, 2, 3])[1..].weights", "tensor [2] float32\n[2, 3]")
      ],
      methodOf: ["dataset"]
    ) { call in
      .object(DatasetObject(try call.view("d").weighted(call.weights("weights"))))
    },
  ]
}

extension Call {
  /// A list or tensor [n] of numbers.
  fileprivate func weights(_ name: String) throws -> [Float] {
    guard case .object(let object as TensorObject) = self[name] else {
      return try numbers(name).map { Float($0) }
    }
    guard object.tensor.rank == 1 else { throw wrong(name, "one number a record") }
    return object.tensor.doubles.map { Float($0) }
  }

  /// The labels of classes that are listed by name or number, each once.
  fileprivate func classes(_ name: String, of classes: [String]) throws -> [Int] {
    var labels: [Int] = []
    for item in try list(name) {
      let label: Int?
      switch item {
      case .string(let text): label = classes.firstIndex(of: text.text)
      case .number(let number):
        label = Int(exactly: number).flatMap { classes.indices.contains($0) ? $0 : nil }
      default: throw wrong(name, "a list of names or numbers of classes")
      }
      guard let label else {
        let some = classes.prefix(10).joined(separator: ", ") + (classes.count > 10 ? ", ..." : "")
        throw Failure(
          "classes", "classes: there is no class \(item.brief) among the \(classes.count): \(some)",
          argument: index(of: name))
      }
      guard !labels.contains(label) else {
        throw Failure(
          "classes", "classes: \(classes[label]) is named twice", argument: index(of: name))
      }
      labels.append(label)
    }
    guard !labels.isEmpty else { throw wrong(name, "one class or more") }
    return labels
  }
}
