import Datasets
import Host
import Language
import Tensors

/// What is done with data sets: `subset`, `split`, `shuffle`, `mix`, `pairs`, `batches`, `describe`.
func datasetViewBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "subset", "Gives the first records of a data set.",
      [
        .required("d", .dataset, "the data set, without splits"),
        .required("n", .whole, "how many; all where there are fewer"),
      ], result: "dataset",
      examples: [Example("len(subset(shapes(10), 4))", "4")], methodOf: ["dataset"]
    ) { call in
      let view = try call.view("d")
      return .object(
        DatasetObject(view.selecting(0..<min(view.count, try call.int("n", minimum: 0)))))
    },
    Builtin(
      "split", "Sets parts of a data set aside as splits.",
      details: """
        Below 1 an amount is a share of the records, else their number. What is left is `.train`; of a \
        data set with splits, parts are taken from `.train`. Who is drawn depends on the seed and the \
        record: views of the same records split alike. Records keep their order.
        """,
      [
        .required("d", .dataset, "the data set"),
        .optional("val", .number, .nil, "how much for .val", namedOnly: true),
        .optional("test", .number, .nil, "how much for .test", namedOnly: true),
      ], result: "dataset with splits",
      examples: [
        Example("split(shapes(9), val: 1/3)", "dataset: train 6, val 3, 3 classes, [1, 32, 32]")
      ], methodOf: ["dataset"]
    ) { call in
      var parts: [(name: String, amount: Double)] = []
      for name in ["val", "test"] where !call.isNil(name) {
        parts.append((name: name, amount: try call.number(name)))
      }
      guard !parts.isEmpty else {
        throw Failure(
          "argument", "split: neither val nor test is given", hint: "split(d, val: 1/3)")
      }
      return .object(
        DatasetObject(try call.dataset("d").splitting(parts, seed: library.random.seed)))
    },
    Builtin(
      "shuffle", "Gives the records in another order.",
      details: """
        The order depends on the seed and the records: views of the same records are shuffled alike. \
        To shuffle anew each epoch give `batches` the epoch.
        """,
      [.required("d", .dataset, "the data set; splits are shuffled one by one")], result: "dataset",
      examples: [Example("len(shuffle(shapes(5)))", "5")], methodOf: ["dataset"]
    ) { call in
      .object(
        DatasetObject(try call.dataset("d").map { try $0.shuffled(seed: library.random.seed) }))
    },
    Builtin(
      "mix", "Puts data sets one after the other: A + B.",
      details: """
        Data sets with splits are mixed split by split; all have the same classes in the same order. The same \
        record under two labels is an error. `concat([A, B])` is the same.
        """,
      [.rest("sets", .dataset, "the data sets, of the same classes")], result: "dataset",
      examples: [
        Example("let d = shapes(5)\nlen(mix(d, d |> lowres(8)))", "10")
      ], methodOf: ["dataset"]
    ) { call in
      let sets = try call.list("sets").map { item -> Dataset in
        guard case .object(let object as DatasetObject) = item else {
          throw call.wrong("sets", "data sets")
        }
        return object.dataset
      }
      return .object(DatasetObject(try Dataset.mixed(sets)))
    },
    Builtin(
      "pairs", "Pairs two views of the same records.",
      details: """
        Refuses data sets that do not hold the same records in the same order, or name their classes \
        differently, and names the first that differs.
        """,
      [
        .required("a", .dataset, "one view, without splits"),
        .required("b", .dataset, "another view of the same records"),
      ], result: "pairs",
      examples: [
        Example("let d = shapes(5)\nlen(pairs(d, d |> resize(16)))", "5")
      ], methodOf: ["dataset"]
    ) { call in .object(PairsObject(try Pairs(call.view("a"), call.view("b")))) },
    batches(library),
    Builtin(
      "describe",
      "Prints what a data set holds: counts, classes, sizes, channel means, unreadable records.",
      details: """
        Every record is looked at, through the transforms: `channels` are the mean and standard \
        deviation that `normalize` takes. Warns of classes without records, of boxes that reach \
        outside their images, of pixels that are NaN and of what can't be read. `pixels: false` leaves \
        out what needs pixels.
        """,
      [
        .required("d", .dataset, "the data set"),
        .optional("pixels", .bool, .bool(true), "look at the records' pixels", namedOnly: true),
      ], result: "nil",
      examples: [Example("describe(shapes(6))")], methodOf: ["dataset"]
    ) { call in
      library.host.output(
        try call.dataset("d").description(pixels: call.bool("pixels")) + "\n")
      return .nil
    },
  ]
}

private func batches(_ library: Library) -> Builtin {
  Builtin(
    "batches", "Goes over a data set or pairs, some records at a time.",
    details: """
      A data set gives lists [x, y], pairs [x, z, y]: images [n, c, h, w], float32, and labels [n], \
      int32; where the records have weights (`weighted`), these come last. Images must be of one size. The last batch may be smaller. The order and random \
      transforms depend on the seed, the epoch, the position and the `random_scope` alone; `.position` counts the batches \
      given, `.indices` are the records of the last one, and `start` takes up where another loop stopped. \
      Where fewer than `least` records are left for the last batch, they join the one before, and a note \
      says so.
      """,
    [
      .required("d", .dataset | .pairs, "the data set, without splits, or pairs"),
      .required("size", .whole, "records a batch"),
      .optional("shuffle", .bool, .bool(false), "in an order drawn for the epoch", namedOnly: true),
      .optional("epoch", .whole, .number(0), "which pass over the data this is", namedOnly: true),
      .optional("start", .whole, .number(0), "the batch to begin with", namedOnly: true),
      .optional(
        "drop_last", .bool, .bool(false), "leave out the records that fill no batch",
        namedOnly: true),
      .optional(
        "least", .whole, .number(1), "the fewest records of a batch, e.g. a model's `least_batch`",
        namedOnly: true),
    ], result: "batches: go over them with for",
    examples: [
      Example(
        "let shapes_seen = []\nfor x, y in batches(shapes(5), 2) { shapes_seen.append(len(x)) }\nshapes_seen",
        "[2, 2, 1]"),
      Example("len(batches(shapes(5), 2, start: 1))", "2"),
      Example("map(batches(shapes(5), 2, least: 2), b -> len(b[1]))", "[2, 3]"),
    ], methodOf: ["dataset", "pairs"]
  ) { call in
    let size = try call.int("size", minimum: 1)
    let shuffle = try call.bool("shuffle")
    let epoch = library.random.pass(try call.int("epoch"))
    let start = try call.int("start", minimum: 0)
    let last = Batches.LastBatch(
      isDropped: try call.bool("drop_last"), least: try call.int("least", minimum: 1))
    let batches =
      if case .object(let object as PairsObject) = call["d"] {
        Batches(
          object.pairs, size: size, shuffle: shuffle, epoch: epoch, seed: library.random.seed,
          start: start, last: last)
      } else {
        Batches(
          try call.view("d"), size: size, shuffle: shuffle, epoch: epoch, seed: library.random.seed,
          start: start, last: last)
      }
    if batches.joined > 0 {
      library.note(
        "batches: \(batches.count) records in batches of \(size) leave \(batches.joined) for the last, "
          + "which joins the batch before: the fewest are \(last.least) (drop_last: true leaves it out)"
      )
    }
    return .object(BatchesObject(batches))
  }
}
