import Datasets
import Gradients
import Host
import Language
import Models
import Tensors

/// The logits that `outputs` has computed, by the model's weights and the view's records. Since both
/// are hashes of content, an entry can't be stale; the least recently used go when there are many.
final class OutputCache {
  private var entries: [(key: String, logits: Tensor)] = []
  private let budget = 1 << 30

  subscript(_ key: String) -> Tensor? {
    guard let i = entries.firstIndex(where: { $0.key == key }) else { return nil }
    let entry = entries.remove(at: i)
    entries.append(entry)
    return entry.logits
  }

  func keep(_ logits: Tensor, for key: String) {
    entries.append((key, logits))
    var bytes = entries.reduce(0) { $0 + $1.logits.byteCount }
    while bytes > budget, entries.count > 1 {
      bytes -= entries.removeFirst().logits.byteCount
    }
  }
}

/// `outputs`.
func keptOutputBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "outputs", "Gives a view's records with a model's outputs for images.",
      details: """
        They are computed once, in evaluation form, and kept: a second call with the same weights and \
        the same records costs nothing, and changed weights, transforms or files (of a data set that is opened \
        again) are never mistaken. A view \
        with random transforms has no such outputs.
        """,
      [
        .required("f", .model, "the model"),
        .required("d", .dataset, "the data set, without splits, whose classes are the model's"),
        .optional("batch", .whole, .number(250), "records a batch", namedOnly: true),
      ], result: "dataset",
      examples: [
        Example(
          "let d = shapes(3) |> grey() |> resize(8)\noutputs(dense(5), d).images.shape", "[3, 5]")
      ]
    ) { call in
      let (layer, view) = (try call.layer("f"), try call.view("d"))
      guard let viewKey = view.viewKey else {
        throw Failure(
          "random", "outputs: the data set has random transforms, so f's outputs change",
          hint: "call f(x) on each batch", argument: 1)
      }
      try ClassNames.check(layer, view.classes)
      if view.count == 0 { return .object(DatasetObject(view)) }
      if !layer.isSized { _ = try layer.call(Variable(view.selecting([0]).images())) }
      let modelKey = layer.fingerprint.text
      let key = "\(modelKey) \(layer.signature) | \(viewKey)"
      let logits: Tensor
      if let kept = library.outputs[key] {
        logits = kept
      } else {
        let size = try call.int("batch", minimum: 1)
        var parts: [Tensor] = []
        for low in stride(from: 0, to: view.count, by: size) {
          let batch = try view.selecting(low..<min(low + size, view.count)).images()
          parts.append(try layer.call(Variable(batch), training: false).value)
        }
        logits = try Tensor.concat(parts)
        library.outputs.keep(logits, for: key)
      }
      return .object(
        DatasetObject(try view.replacingImages(with: logits, name: "outputs", key: modelKey)))
    }
  ]
}
