import Formats
import Host

extension MatConvNetNetwork {
  /// Takes a simple network (SimpleNN), whose layers are structs in a cell.
  init(simple net: MATField) throws {
    let found = try net["layers"].items
    let steps = try found.enumerated().map { i, layer in
      let given = try layer.optional("weights")?.items.map { $0.isEmpty ? nil : $0 }
      return Step(
        layer: MatConvNetLayer(
          type: try layer["type"].text, name: try layer.optional("name")?.text ?? "layer\(i + 1)",
          place: layer.path, options: layer,
          // Files of old versions have fields of their own.
          weights: try given ?? [
            layer.optional("filters"), layer.optional("biases"), layer.optional("moments"),
          ], index: i), inputs: ["\(i)"], output: "\(i + 1)")
    }
    try self.init(steps, in: net)
  }

  /// Takes a graph (DagNN), whose layers name the variables that they read and write.
  init(graph net: MATField) throws {
    let parameters = Dictionary(
      try (net.optional("params")?.items ?? []).map { (try $0["name"].text, $0) },
      uniquingKeysWith: { a, _ in a })
    let steps = try net["layers"].items.enumerated().map { i, found in
      let (type, name) = (try found["type"].text, try found["name"].text)
      guard let simple = MatConvNetNetwork.types[type] else {
        throw found.wrong("the layer \(name) has the unknown type \"\(type)\"")
      }
      let (inputs, outputs) = (try found["inputs"].texts, try found["outputs"].texts)
      guard outputs.count == 1 else {
        throw try found["outputs"].wrong("wants one output, got \(outputs)")
      }
      let weights = try (found.optional("params")?.texts ?? []).map { name -> MATField? in
        guard let parameter = parameters[name] else {
          throw try found["params"].wrong("unknown parameter \(name)")
        }
        return try parameter.optional("value")
      }
      let options = MATField(value: .empty, path: found.path, file: found.file)
      return Step(
        layer: MatConvNetLayer(
          type: simple, name: name, place: found.path,
          options: try found.optional("block") ?? options, weights: weights, index: i),
        inputs: inputs, output: outputs[0])
    }
    try self.init(steps, in: net)
  }

  /// The types of a DagNN's layers, as simple networks call them.
  private static let types = [
    "dagnn.Conv": "conv", "dagnn.ReLU": "relu", "dagnn.Pooling": "pool", "dagnn.LRN": "lrn",
    "dagnn.DropOut": "dropout", "dagnn.BatchNorm": "bnorm", "dagnn.SoftMax": "softmax",
    "dagnn.Sigmoid": "sigmoid", "dagnn.Sum": "sum", "dagnn.Concat": "concat", "dagnn.Loss": "loss",
  ]
}
