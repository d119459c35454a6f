import Datasets
import Host
import Language
import Ranks
import Tensors

private let view = Argument("d", .view, "the data set, without splits")
private let dataset = Argument("d", .dataset, "the data set")

private let first = Argument("n", .whole(0...), "how many; all if there are fewer")
private let val = Argument(
  "val", .optional(.number), "the fraction or number of records for .val", named: true)
private let test = Argument(
  "test", .optional(.number), "the fraction or number of records for .test", named: true)
private let newTrain = Argument("train", .optional(.view), "the split train", named: true)
private let newVal = Argument("val", .optional(.view), "the split val", named: true)
private let newTest = Argument("test", .optional(.view), "the split test", named: true)
private let shuffled = Argument("d", .dataset, "the data set; each split is shuffled separately")
private let sets = Argument(rest: "sets", .dataset, "the data sets, with the same classes")
private let firstView = Argument("a", .view, "one view, without splits")
private let secondView = Argument("b", .view, "another view of the same records")
private let pixels = Argument(
  "pixels", .bool, default: true, "whether the records' pixels are read", named: true)

private let views = Argument("d", .views, "the data set, without splits, or pairs")
private let size = Argument(
  "size", .optional(.whole(1...)),
  "how many records a batch has; nil is as many as have 8 MB of pixels, from 16 to 250")
private let shuffle = Argument(
  "shuffle", .bool, default: false, "whether each epoch has another random order", named: true)
private let epoch = Argument(
  "epoch", .whole, default: 0, "the number of this pass over the data", named: true)
private let start = Argument(
  "start", .whole(0...), default: 0, "the batch to begin with", named: true)
private let isDropped = Argument(
  "drop_last", .bool, default: false, "whether a last batch that is not full is dropped",
  named: true)
private let least = Argument(
  "least", .whole(1...), default: 1,
  "the minimum size of a batch, for example a model's `least_batch`", named: true)
private let fields = Argument(
  "fields", ArgumentType<[BatchField]?>.optional(.list(of: .choice)),
  "what each batch is a list of, by name; nil is what is described above", named: true)
private let divided = Argument(
  "divided", .bool, default: false,
  "whether each rank gets its part of every batch, in a run of several ranks", named: true)
private let parts = Argument(
  "parts", .optional(.whole(1...)),
  "the number of parts in which each batch comes; nil gives it as a whole",
  named: true)
private let sync = Argument(
  "sync", .bool, default: true,
  "whether batch normalisation takes the statistics of the whole batch",
  named: true)
private let numbers = Argument(
  "numbers", .bool, default: false, "whether each record's number comes last in a batch",
  named: true)

/// The builtins that select or order records: `subset`, `split`, `with_splits`, `shuffle`.
func datasetPartBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "subset", "Selects the first records of a data set.",
      searchTerms: ["head", "take", "first"], [view, first], result: "dataset",
      examples: [Example("len(subset(shapes(10), 4))", "4")], methodOf: ["dataset"]
    ) { call in
      let view = try call[view]
      return Value(view.selecting(0..<min(view.count, try call[first])))
    },
    Builtin(
      "split", "Sets parts of a data set aside as splits.",
      details: """
        An amount below 1 is a fraction of the records, any other is their number. The remaining \
        records form `.train`; if the data set has splits, the parts are taken from `.train`. \
        Which records are drawn depends on the seed and the record, so views of the same records \
        are split alike. Records keep their order.
        """,
      searchTerms: ["train_test_split", "random_split", "validation set", "holdout"],
      [dataset, val, test], result: "dataset with splits",
      examples: [
        Example("split(shapes(9), val: 1/3)", "dataset: train 6, val 3, 3 classes, [1, 32, 32]")
      ], methodOf: ["dataset"]
    ) { call in
      let amounts = [("val", try call[val]), ("test", try call[test])]
      let parts = amounts.compactMap { name, amount in amount.map { (name: name, amount: $0) } }
      guard !parts.isEmpty else {
        throw Failure(
          "argument", "split: give val, test or both", hint: "split(d, val: 1/3)")
      }
      return Value(try call[dataset].splitting(parts, seed: library.random.seed))
    },
    Builtin(
      "with_splits", "Makes a data set some of whose splits are other data sets.",
      details: """
        The splits that are not given are those of `d`. A data set without splits becomes `.train`. \
        All splits must have the same classes in the same order.
        """,
      searchTerms: ["replace split", "train and validation sets", "DatasetDict"],
      [dataset, newTrain, newVal, newTest], result: "dataset with splits",
      examples: [
        Example(
          "let d = split(shapes(9), val: 3)\nwith_splits(d, train: d.train[0..4], test: shapes(5))",
          "dataset: train 4, val 3, test 5, 3 classes, [1, 32, 32]")
      ], methodOf: ["dataset"]
    ) { call in
      let given = [
        ("train", try call[newTrain]), ("val", try call[newVal]), ("test", try call[newTest]),
      ]
      return Value(
        try call[dataset].replacing(
          given.compactMap { name, view in view.map { (name: name, view: $0) } }))
    },
    Builtin(
      "shuffle", "Puts the records in a random order.",
      details: """
        The order depends on the seed and the records, so views of the same records are shuffled \
        alike. For another order in each epoch, use `batches` with `shuffle` and `epoch`.
        """,
      searchTerms: ["permute", "random order"], [shuffled], result: "dataset",
      examples: [Example("len(shuffle(shapes(5)))", "5")], methodOf: ["dataset"]
    ) { call in Value(try call[shuffled].map { try $0.shuffled(seed: library.random.seed) }) },
  ]
}

/// `mix` and `pairs`, whose errors tell whether data sets fit, `batches`, `describe`.
func datasetViewBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "mix", "Concatenates data sets: A + B.",
      details: """
        Data sets with splits are mixed split by split. All must have the same classes in the same \
        order. It is an error if the same record has two labels. `concat([A, B])` does the same.
        """,
      searchTerms: ["ConcatDataset", "concatenate", "union"], [sets], result: "dataset",
      examples: [
        Example("let d = shapes(5)\nlen(mix(d, d |> lowres(8)))", "10")
      ], methodOf: ["dataset"]
    ) { call in Value(try Dataset.mixed(call[sets])) },
    Builtin(
      "pairs", "Pairs two views of the same records.",
      details: """
        It is an error if the data sets do not hold the same records in the same order, or name their \
        classes differently; the message names the first difference.
        """,
      searchTerms: ["zip", "paired"], [firstView, secondView], result: "pairs",
      examples: [
        Example("let d = shapes(5)\nlen(pairs(d, d |> resize(16)))", "5")
      ], methodOf: ["dataset"]
    ) { call in .object(PairsObject(try Pairs(call[firstView], call[secondView]))) },
    batches(library),
    Builtin(
      "describe",
      "Prints counts, classes, sizes, channel means and unreadable records of a data set.",
      details: """
        Every record is read through the transforms: `channels` shows the mean and standard \
        deviation that `normalize` uses. Warns of classes without records, boxes that extend \
        outside their images, pixels that are NaN and records that can't be read. `pixels: false` \
        skips everything that needs pixels.
        """,
      searchTerms: ["statistics", "summary", "class distribution", "histogram"], [dataset, pixels],
      examples: [Example("describe(shapes(6))")], methodOf: ["dataset"]
    ) { call in library.host.output(try call[dataset].description(pixels: call[pixels]) + "\n") },
  ]
}

private func batches(_ library: Library) -> Builtin {
  Builtin(
    "batches", "Iterates over a data set or pairs in batches.",
    details: """
      A data set gives lists [x, y] and pairs give [x, z, y]: images [n, c, h, w], float32, and \
      labels [n], int32. If the records have weights (`weighted`), these come last. All images \
      must have the same size. The last batch may be smaller. The order and random transforms \
      depend only on the seed, the epoch, the position and the `random_scope`. `.position` counts \
      the batches so far, `.indices` are the records of the last one, and `start` continues where \
      another loop stopped. If fewer than `least` records are left for the last batch, they join \
      the batch before it, and a note says so.

      With `fields`, a batch is a list of the named values, in that order: "images" of a data set, \
      "first" and "second" of pairs (the images of the two views), "labels", "numbers", "weights" \
      (nil if there are none), "logits" and "features" (see `outputs`; a map by place). Images that \
      are not named are not rendered.

      `numbers: true` adds each record's number in its source as the last item, int32 [n]. A record \
      keeps its number when it is selected, split or shuffled, and has the same number in every view \
      of the source, so what is known of a record can be kept under it from epoch to epoch.

      With `divided: true` each of several ranks (docs/several-machines.md) gets its part of every batch. In \
      such a loop `minimize` takes the step of the whole batch. A rank whose part is empty gets one record of \
      the batch, which does not count. `.whole` is the number of the batch's records on all ranks. With `sync: false` \
      batch normalisation takes the statistics of each rank's part, or with `parts` of each of these.

      With `parts: 4` each batch comes as one value of that many parts, for `minimize(opt, fn, over: parts)`, which takes \
      one step for all of them. It needs the memory of one, unless batch normalisation takes the statistics of all. \
      `for x, y in parts` loops over them.
      """,
    searchTerms: [
      "dataloader", "mini-batch", "minibatch", "iterator", "gradient accumulation", "micro-batch",
    ],
    [views, size, shuffle, epoch, start, isDropped, least, fields, numbers, divided, parts, sync],
    result: "batches, for use in a for loop",
    examples: [
      Example(
        "let shapes_seen = []\nfor x, y in batches(shapes(5), 2) { shapes_seen.append(len(x)) }\nshapes_seen",
        "[2, 2, 1]"),
      Example("len(batches(shapes(5), 2, start: 1))", "2"),
      Example("map(batches(shapes(5), 2, least: 2), b -> len(b[1]))", "[2, 3]"),
      Example(
        "let d = shapes(9)[[7, 2, 5]]\nfor x, y, numbers in batches(d, 3, numbers: true) { print(numbers) }"
      ),
      Example(
        "let d = shapes(3) |> grey() |> resize(8)\nlet p = pairs(outputs(dense(5), d), d)\n"
          + "for t, z in batches(p, 2, fields: [\"logits\", \"second\"]) { print(t.shape, z.shape) }"
      ),
    ], methodOf: ["dataset", "pairs"]
  ) { call in
    let last = Batches.LastBatch(isDropped: try call[isDropped], least: try call[least])
    let (views, fields, parts) = (try call[views], try call[fields], try call[parts])
    guard try call[sync] || call[divided] || parts != nil else {
      throw Failure(
        "argument", "batches: sync: false needs divided: true or parts",
        hint:
          "add divided: true, or leave sync out: a batch that is not divided has its own statistics"
      )
    }
    let ranks = try call[divided] ? Ranks.current : nil
    let batches = Batches(
      views, rendered: try fields.map { try BatchField.rendered($0, of: views) },
      size: try call[size] ?? views.reduce(Int.max) { min($0, $1.batchSize) },
      shuffle: try call[shuffle], epoch: library.random.pass(try call[epoch]),
      seed: library.random.seed,
      start: try call[start], last: last,
      part: parts.map { parts in { BatchParts(of: $0, parts: parts, among: ranks).positions } }
        ?? ranks.map { ranks in { Division(of: $0, among: ranks).positions } })
    if batches.joined > 0 {
      library.note(
        "batches: \(batches.count) records in batches of \(batches.size) leave \(batches.joined) for the last, "
          + "which join the batch before it: the minimum is \(last.least) (drop_last: true drops them)"
      )
    }
    return .object(
      BatchesObject(
        batches, fields: fields, hasNumbers: try call[numbers], among: ranks, parts: parts,
        isSynchronised: try call[sync]))
  }
}

extension ArgumentType where T == [View] {
  /// A data set without splits, or the two views of pairs.
  fileprivate static var views: Self {
    Self(.dataset | .pairs) { value in
      if case .object(let object as PairsObject) = value {
        return [object.pairs.first, object.pairs.second]
      }
      return try ArgumentType<View>.view.read(value).map { [$0] }
    }
  }
}
