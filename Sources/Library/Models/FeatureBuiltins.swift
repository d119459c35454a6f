import Gradients
import Language
import Models

private let model = Argument("g", .model, "the model")
private let batch = Argument("x", .optional(.tensor), "a batch, or one image")
private let places = Argument(
  "at", .places, "the path of a layer, or a list of paths", named: true)
private let training = Argument(
  "training", .optional(.bool), "the mode; nil is that of `g(x)`", named: true)
private let input = Argument("x", .tensor, "a batch, or one image")

/// The builtin `features`.
func featureBuiltins(_: Library) -> [Builtin] {
  [
    Builtin(
      "features", "Gives what layers inside a model compute for a batch.",
      details: """
        One path gives a tensor, a list of paths a map in one pass; "output" is what the model gives. \
        The pass ends behind the last of the layers, and gradients flow back through it. A layer that is \
        looked at is not computed together with the one behind it. Of a layer that runs several times \
        under one path, the first output is given. Without x it is a function of x: \
        `let f = features(g, at: "relu5")`.
        """,
      searchTerms: ["forward hook", "activations", "intermediate layer", "embedding"],
      [model, batch, places, training], result: "tensor, or map of tensors; without x a function",
      examples: [
        Example(
          "let g = sequential({fc1: dense(4), relu1: relu, fc2: dense(2)}, input: 3)\nfeatures(g, ones(2, 3), at: \"relu1\").shape",
          "[2, 4]"),
        Example(
          "let g = sequential({fc1: dense(4), relu1: relu, fc2: dense(2)}, input: 3)\nkeys(features(g, ones(2, 3), at: [\"fc1\", \"output\"]))",
          "[\"fc1\", \"output\"]"),
      ], methodOf: ["model"]
    ) { call in
      guard let x = try call[batch] else {
        return .object(StagedValue(waiting, [call.values[0]] + call.values[2...]))
      }
      return try found(in: call[model], x, call)
    }
  ]
}

/// The builtin that waits for its input where `features` is called without one.
private let waiting = Builtin(
  "features", "Gives what layers inside a model compute for a batch.",
  [input, model, places, training], result: "tensor, or map of tensors", examples: [],
  staging: .staged()
) { try found(in: $0[model], $0[input], $0) }

private func found(in layer: Layer, _ x: Variable, _ call: Call) throws -> Value {
  let places = try call[places]
  let outputs = try layer.features(x, at: places.paths, training: call[training])
  guard places.isList else { return Value(outputs[0]) }
  let map = Map()
  for (path, output) in zip(places.paths, outputs) { map.entries[.string(path)] = Value(output) }
  return .map(map)
}

/// The paths of layers, as one or as a list.
struct Places {
  /// The paths, one or more.
  let paths: [String]
  /// Whether they were given as a list.
  let isList: Bool
}

extension ArgumentType where T == Places {
  /// The path of a layer, or a list of paths.
  static var places: Self {
    let path = ArgumentType<String>.string
    return .either(
      path.map { Places(paths: [$0], isList: false) },
      ArgumentType<[String]>.list(of: path).map {
        $0.isEmpty ? nil : Places(paths: $0, isList: true)
      }
    ).named("string or list of strings")
  }
}
