import Datasets
import Gradients
import Host
import Language
import Models
import Ranks
import Tensors

private let teacher = Argument(
  "f", .teacher,
  "a model, a function of a batch, or a map of `ids` and `logits` with a row for each id")
private let data = Argument(
  "d", ArgumentType<DatasetObject>.object("dataset"),
  "the data set, without splits, whose classes are the model's")
private let places = Argument(
  "at", .optional(.places), "the path of a layer, or a list of paths; nil is the output",
  named: true)
private let batch = Argument(
  "batch", .optional(.whole(1...)),
  "how many records are computed at once; nil is the size of `batches(d)`",
  named: true)

/// The builtin `outputs`.
func keptOutputBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "outputs", "Gives the records of a view with a model's outputs as their `logits`.",
      details: """
        `outputs(f, d)` is d with one more field: `.logits` is the tensor [n, ...] of all records' outputs, and \
        each record has its own `.logits`. `batches` gives them by name (`fields`). They belong to the records: \
        a subset keeps those of its records, and transforms that follow leave them as they are, so that \
        `outputs(f, d) |> lowres(50)` has the outputs for sharp images beside blurred ones. With `at` the records \
        have what layers inside f give, as `features` names them: `.features` is a map by path. It has the \
        logits under "output".

        They are computed once, in evaluation mode, and kept under the model's `digest`: a second call with the \
        same weights and the same records costs nothing, and changed weights, functions, transforms or files (of \
        a data set that is opened again) are never mistaken. A model with a function that has no digest is \
        computed each time. A view with random transforms has no such outputs.

        f may also be a function of a batch, which gives a tensor, or a map of tensors by place, or outputs of \
        another program: a map of `ids` and `logits`, and `classes` if the names of the columns are known. Each \
        record takes the row of its id, wherever it is. It is an error if a record's id is not there, or twice.
        """,
      searchTerms: ["logits", "predictions", "teacher", "features"],
      [teacher, data, places, batch],
      result: "dataset",
      examples: [
        Example(
          "let d = shapes(3) |> grey() |> resize(8)\noutputs(dense(5), d).logits.shape", "[3, 5]"),
        Example(
          "let d = from_tensors(zeros(2, 3), [0, 1])\noutputs({ids: [1, 0], logits: [[5, 6], [7, 8]]}, d).logits",
          "tensor [2, 2] float32\n[[7, 8],\n [5, 6]]"),
      ]
    ) { call in
      let (source, view) = (try call[teacher], try call[data].view("outputs"))
      let paths = try call[places]?.paths ?? ["output"]
      if case .table(let ids, let rows, let classes) = source {
        guard paths == ["output"] else {
          throw Failure("key-missing", "outputs: a table has only \"output\"", argument: 2)
        }
        if let classes { try ClassNames.check(classes, view.classes) }
        return .object(
          DatasetObject(view.withOutputs([("output", try view.rows(of: rows, ids: ids))])))
      }
      guard let viewKey = view.viewKey else {
        throw Failure(
          "random", "outputs: the data set has random transforms, so f's outputs change",
          hint: "call f(x) on each batch", argument: 1)
      }
      if case .model(let layer) = source {
        try ClassNames.check(layer, view.classes)
        if view.count > 0, !layer.isSized {
          _ = try layer.call(Variable(view.selecting([0]).images()))
        }
      }
      if view.count == 0 { return .object(DatasetObject(view)) }
      let digest = try call.knownDigest(call.values[0])?.text
      func key(_ place: String) -> String? { digest.map { "\($0) | \(viewKey) | \(place)" } }
      var kept: [String: Tensor] = [:]
      for place in paths { kept[place] = key(place).flatMap { library.outputs[$0] } }
      var missing = paths.filter { kept[$0] == nil }
      if let ranks = call.ranks {
        // Some may have computed them while the ranks were apart.
        let flags = try ranks.exchange("outputs", paths.map { missing.contains($0) ? 1 : 0 })
        missing = paths.enumerated().filter { i, _ in
          flags.contains { i < $0.count && $0[i] != 0 }
        }.map(\.element)
      }
      if !missing.isEmpty {
        let size = try call[batch] ?? view.batchSize
        // Each of several ranks computes a part of the records.
        let ranks = call.ranks.flatMap { $0.count <= view.count ? $0 : nil }
        let own = ranks.map { Division(of: view.count, among: $0).positions } ?? 0..<view.count
        let parts = try stride(from: own.lowerBound, to: own.upperBound, by: size).map { low in
          let images = try view.selecting(low..<min(low + size, own.upperBound)).images()
          return try source.values(for: images, at: missing, on: call.machine)
        }
        for (i, place) in missing.enumerated() {
          var rows = try Tensor.concat(parts.map { $0[i] })
          if ranks != nil { rows = try Variable(rows).gathered("outputs").value }
          kept[place] = rows
          if let key = key(place) { library.outputs.keep(rows, for: key) }
        }
      }
      return .object(
        DatasetObject(view.withOutputs(paths.compactMap { path in kept[path].map { (path, $0) } })))
    }
  ]
}

extension Call {
  /// Returns the digest of a value; nil if it has none.
  fileprivate func knownDigest(_ value: Value) throws -> Digest? {
    do {
      return try machine.digest(of: value)
    } catch let failure as Failure where failure.kind == "no-digest" {
      return nil
    }
  }
}
