import Datasets
import Host
import Language
import Tensors

private let dataset = Argument("d", .dataset, "the data set")
private let view = Argument("d", .view, "the data set, without splits")

private let names = Argument("names", .classes, "the classes, by name or number")
private let newNames = Argument(
  "names", .list(of: .string), "a name for each class, in the order of the labels")
private let count = Argument("k", .whole(2...), "how many parts")
private let stratified = Argument(
  "stratified", .bool, default: false, "whether every class is spread evenly over the parts",
  named: true)
private let population = Argument(
  "d", ArgumentType<DatasetObject>.object("dataset"),
  "the data set; with \"balanced\" it may have splits")
private let chances = Argument(
  "weights", .chances, "a weight for each record, 0 or more, or \"balanced\"")
private let weights = Argument("weights", .weights, "a weight for each record, 0 or more")

/// The builtins that select records, or set how often they are drawn and their weight in the loss:
/// `classes`, `rename_classes`, `folds`, `sampled`, `weighted`.
func choosingBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "classes", "Selects the records of some classes and renumbers the classes.",
      details: """
        This applies to every split. Labels count from 0 in the order in which the classes are \
        named. The records stay the same records: they can be paired with other views of the same \
        classes.
        """,
      searchTerms: ["filter classes", "subset of classes"], [dataset, names], result: "dataset",
      examples: [
        Example(
          "classes(shapes(6), [\"triangle\", \"circle\"]).classes", "[\"triangle\", \"circle\"]"),
        Example("len(classes(shapes(9), [1]))", "2"),
      ]
    ) { call in
      let data = try call[dataset]
      return Value(data.choosing(try call.labels(of: data.classes)))
    },
    Builtin(
      "rename_classes", "Gives the classes of a data set other names.",
      details: """
        This applies to every split; labels stay as they are. Data sets whose classes have the same \
        names can be mixed, and train one model after each other: squares are rectangles, and \
        circles ellipses.
        """,
      searchTerms: ["class names", "relabel"], [dataset, newNames], result: "dataset",
      examples: [
        Example(
          "rename_classes(shapes(6), [\"rectangle\", \"ellipse\", \"triangle\"]).classes",
          "[\"rectangle\", \"ellipse\", \"triangle\"]")
      ], methodOf: ["dataset"]
    ) { call in Value(try call[dataset].renaming(call[newNames])) },
    Builtin(
      "folds", "Splits a data set k times, each time with another part as .val.",
      details: """
        This is for cross-validation: each record is in one .val and in the .train of all others. \
        The sizes of the parts differ by at most one record. A record's part depends on the seed \
        and the record, as in `split`; with `stratified` each class is spread evenly over the \
        parts. If the data set has splits, .train is divided and the other splits are kept.
        """,
      searchTerms: ["cross-validation", "k-fold", "KFold", "StratifiedKFold"],
      [dataset, count, stratified], result: "list of k data sets with the splits train and val",
      examples: [
        Example("folds(shapes(9), 3)[0]", "dataset: train 6, val 3, 3 classes, [1, 32, 32]")
      ], methodOf: ["dataset"]
    ) { call in
      let folds = try call[dataset].folds(
        call[count], stratified: call[stratified], seed: library.random.seed)
      return .list(List(folds.map { Value($0) }))
    },
    Builtin(
      "sampled", "Makes a data set whose shuffled batches draw records by weight.",
      details: """
        `batches(d, 32, shuffle: true)`, and so `train`, then draws as many records as there are, \
        with replacement, like PyTorch's WeightedRandomSampler: a record of weight 2 is drawn \
        twice as often as one of weight 1. The draws depend only on the seed, the epoch and the \
        position. "balanced" draws every class equally often. Without `shuffle`, each record comes \
        once, in order.
        """,
      searchTerms: ["WeightedRandomSampler", "class imbalance", "oversampling"],
      [population, chances], result: "dataset",
      examples: [
        Example(
          "for x, y in batches(sampled(shapes(3), [0, 1, 0]), 3, shuffle: true) { print(y) }")
      ], methodOf: ["dataset"]
    ) { call in
      switch try call[chances] {
      case .balanced: Value(try call[population].dataset.map { try $0.balanced() })
      case .weights(let weights):
        Value(try call[population].view("sampled").sampled(weights))
      }
    },
    Builtin(
      "weighted", "Makes a data set whose records have weights in the loss.",
      details: """
        Records keep their weights when they are selected, split or shuffled. The weights are in \
        `.weights`, in a record's `.weight` and last in what `batches` gives, [x, y, weights], for \
        `cross_entropy(g(x), y, weights: w)`.
        """,
      searchTerms: ["sample weights", "importance"], [view, weights], result: "dataset",
      examples: [
        Example("weighted(shapes(3), [1, 2, 3])[1..].weights", "tensor [2] float32\n[2, 3]")
      ],
      methodOf: ["dataset"]
    ) { call in Value(try call[view].weighted(call[weights])) },
  ]
}

/// How often records are drawn.
private enum Chances {
  /// Every class equally often.
  case balanced
  /// By a weight for each record.
  case weights([Float])
}

extension ArgumentType where T == [Float] {
  /// A list or tensor [n] of numbers.
  fileprivate static var weights: Self {
    ArgumentType<[Double]>.vector.map { $0.map { Float($0) } }
  }
}

extension ArgumentType where T == Chances {
  fileprivate static var chances: Self {
    .either(
      ArgumentType<[Float]>.weights.map { .weights($0) },
      ArgumentType<String>.choice(["balanced"]).map { _ in .balanced })
  }
}

extension ArgumentType where T == [Value] {
  /// Names or numbers of classes, one or more.
  fileprivate static var classes: Self {
    .list(of: .value(.string | .whole)).named("list of names or numbers of classes")
      .limited(", one or more") { !$0.isEmpty }
  }
}

extension Call {
  /// The labels of the listed classes, each once.
  fileprivate func labels(of classes: [String]) throws -> [Int] {
    var labels: [Int] = []
    for item in try self[names] {
      let label: Int? =
        switch item {
        case .string(let text): classes.firstIndex(of: text.text)
        case .number(let number):
          Int(exactly: number).flatMap { classes.indices.contains($0) ? $0 : nil }
        default: nil
        }
      guard let label else {
        let some = classes.prefix(10).joined(separator: ", ") + (classes.count > 10 ? ", ..." : "")
        throw fault(
          names, "unknown class \(item.brief); the \(classes.count) classes are \(some)",
          kind: "classes")
      }
      guard !labels.contains(label) else {
        throw fault(names, "\(classes[label]) is named twice", kind: "classes")
      }
      labels.append(label)
    }
    return labels
  }
}
