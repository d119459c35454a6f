import Datasets
import Gradients
import Host
import Language
import Models
import Tensors

private let model = Argument("f", .model, "the model")
private let data = Argument(
  "d", ArgumentType<DatasetObject>.object("dataset"),
  "the data set, without splits, whose classes are the model's")
private let batch = Argument(
  "batch", .whole(1...), default: 250, "how many records are computed at once", named: true)

/// The builtin `outputs`.
func keptOutputBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "outputs", "Gives the records of a view with a model's outputs as their `logits`.",
      details: """
        `outputs(f, d)` is d with one more field: `.logits` is the tensor [n, ...] of all records' outputs, and \
        each record has its own `.logits`. `batches` gives them by name (`fields`). They belong to the records: \
        a subset keeps those of its records, and transforms that follow leave them as they are, so that \
        `outputs(f, d) |> lowres(50)` has the outputs for sharp images beside blurred ones.

        They are computed once, in evaluation mode, and kept under the model's `digest`: a second call with the \
        same weights and the same records costs nothing, and changed weights, functions, transforms or files (of \
        a data set that is opened again) are never mistaken. A model with a function that has no digest is \
        computed each time. A view with random transforms has no such outputs.
        """,
      searchTerms: ["logits", "predictions", "teacher", "features"], [model, data, batch],
      result: "dataset",
      examples: [
        Example(
          "let d = shapes(3) |> grey() |> resize(8)\noutputs(dense(5), d).logits.shape", "[3, 5]")
      ]
    ) { call in
      let (layer, view) = (try call[model], try call[data].view("outputs"))
      guard let viewKey = view.viewKey else {
        throw Failure(
          "random", "outputs: the data set has random transforms, so f's outputs change",
          hint: "call f(x) on each batch", argument: 1)
      }
      try ClassNames.check(layer, view.classes)
      if view.count == 0 { return .object(DatasetObject(view)) }
      if !layer.isSized { _ = try layer.call(Variable(view.selecting([0]).images())) }
      let modelKey = try call.knownDigest(call.values[0])?.text
      let key = modelKey.map { "\($0) | \(viewKey)" }
      let logits: Tensor
      if let key, let kept = library.outputs[key] {
        logits = kept
      } else {
        let size = try call[batch]
        let parts = try stride(from: 0, to: view.count, by: size).map { low in
          let batch = try view.selecting(low..<min(low + size, view.count)).images()
          return try layer.call(Variable(batch), training: false).value
        }
        logits = try Tensor.concat(parts)
        if let key { library.outputs.keep(logits, for: key) }
      }
      return .object(DatasetObject(view.withLogits(logits)))
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
