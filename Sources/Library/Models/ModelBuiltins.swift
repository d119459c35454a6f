import Formats
import Gradients
import Host
import Language
import Models
import Tensors

private let subject = Language.Parameter.required("g", .model, "a model or layer")

/// What is done with models: `summary`, `explain`, `copy`, `freeze`, `save`, `load`.
func modelBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "summary", "Tells a model's layers, output shapes and parameter counts.",
      details: "Shapes are known once the model has been called or was given its input.",
      [subject], result: "table",
      examples: [
        Example(
          "summary(sequential([dense(2), relu], input: 3))",
          """
          layer  kind      output  parameters
          ───────────────────────────────────
              0  dense(2)  [2]              8
              1  relu      [2]              0
          """)
      ], methodOf: ["model"]
    ) { .object(try $0.object("g", as: ModelObject.self).summaryTable()) },
    Builtin(
      "explain", "Runs a batch and tells what each layer costs.",
      details: """
        The algorithm is a convolution's (see `conv`). MFLOP counts the multiplications and additions \
        of the definition, of which Winograd's algorithms make fewer, MB a layer's output and \
        parameters, ms is the least of three runs, layer by layer; together they run faster.
        """,
      [subject, .required("x", .tensor, "a batch, or one image")], result: "table",
      examples: [
        Example(
          "explain(sequential([conv(32, 3)]), zeros(4, 16, 9, 9)).columns[0..3]",
          "[\"layer\", \"kind\", \"algorithm\"]")
      ], methodOf: ["model"]
    ) { call in
      let x = Variable(try call.constant("x"))
      let layer = try call.layer("g")
      if !layer.isSized { _ = try layer.call(x) }
      let rows = try layer.report(on: x, runs: 3)
      return .object(
        TableObject(
          columns: ["layer", "kind", "algorithm", "output", "parameters", "MFLOP", "MB", "ms"],
          rows: rows.map {
            [
              Value($0.path), Value($0.label), Value($0.algorithm?.rawValue ?? ""),
              Value(Tensor.describe($0.output)),
              .number(Double($0.parameters)), .number(Double($0.operations) / 1e6),
              .number(Double($0.bytes) / 1e6), .number($0.seconds * 1e3),
            ]
          }, decimals: 3))
    },
    Builtin(
      "copy", "Copies a model, or models and optimizers together.",
      details: """
        Weights, buffers, passes begun and classes' names are copied. A layer that stands in two places is one \
        layer in the copy; so it is where it stands in two models of one list or map. An optimizer's copy owns \
        the copies of its models and goes on from where it is: `let h, opt2 = copy([g, opt])`. Anything else \
        in a list or map stays what it is.
        """,
      [
        .required(
          "g", .model | .optimizer | .list | .map,
          "a model or an optimizer, or a list or map of them")
      ],
      result: "what was given, copied",
      examples: [
        Example(
          "let g = dense(2, input: 3)\nlet h = copy(g)\nh.parameters[\"weight\"] = zeros(2, 3)\nsum(abs(g.parameters[\"weight\"])).item() > 0",
          "true"),
        Example(
          "let s = dense(3)\nlet f, h = copy([sequential([s]), sequential([s, relu])])\nf(ones(1, 3))\nh.parameters[\"0.bias\"] = zeros(3)\nsum(f.parameters[\"0.bias\"]).item()",
          "0"),
      ], methodOf: ["model", "optimizer"]
    ) { try copied($0["g"], Copies(), $0) },
    Builtin(
      "freeze", "Takes a model's parameters out of training, or puts them back.",
      details: "Batch normalisation keeps its running means too. Gives the model.",
      [subject, .optional("frozen", .bool, .bool(true), "false puts them back")], result: "model",
      examples: [Example("freeze(dense(2, input: 3))", "dense(2): 8 parameters")],
      methodOf: ["model"]
    ) { call in
      try call.layer("g").freeze(call.bool("frozen"))
      return call["g"]
    },
    Builtin(
      "save", "Writes a model to a safetensors file.",
      details: """
        The file holds parameters and buffers under the names that PyTorch gives them; how the model is built, \
        the passes begun, the classes' names and which parameters are frozen stand in its metadata. A list or \
        map of models is kept in one file, and what they share is shared again when it is loaded. A script's \
        function can't stand in it: load the weights of such a model into one that the script has made.
        """,
      [
        .required(
          "g", .model | .optimizer | .list | .map,
          "a model, or a list or map of them; or an optimizer, whose state is kept"),
        .required("path", .string, "where to"),
      ], result: "nil",
      examples: [
        Example(
          "let path = output_dir() + \"/g.safetensors\"\nsave(dense(2, input: 3), path)\nload(path)",
          "dense(2): 8 parameters")
      ], methodOf: ["model"]
    ) { call in
      if case .object(let object as OptimizerObject) = call["g"] {
        try library.host.write(object.optimizer.savedState().encoded(), to: call.string("path"))
        return .nil
      }
      try network(call["g"], call, "g").save(to: call.string("path"), on: library.host)
      return .nil
    },
    Builtin(
      "load", "Reads a model that `save` wrote, or weights into one that is there.",
      details: """
        With `into` any safetensors file will do whose tensors have the model's names and sizes: PyTorch's \
        `save_file(g.state_dict(), path)` writes them. What a layer was made with counts before its first \
        call too: a file with 10 classes does not fit dense(3), and that is an error which names both sizes. \
        `fit: "partial"` takes the layers that fit whole, leaves the others as they are, and says which.
        """,
      [
        .required("path", .string, "the file"),
        .optional(
          "into", .model | .optimizer | .list | .map, .nil,
          "a model, or a list or map of them, that takes the weights; or an optimizer",
          namedOnly: true),
        .optional(
          "fit", .string, Value("strict"), "\"strict\", or \"partial\" to leave what does not fit",
          namedOnly: true),
      ], result: "model, or a list or map of models where one was saved",
      examples: [
        Example(
          "let path = output_dir() + \"/h.safetensors\"\nsave(dense(2, input: 3), path)\nload(path, into: dense(2, input: 3))",
          "dense(2): 8 parameters"),
        Example(
          "let path = output_dir() + \"/two.safetensors\"\nlet s = dense(3, input: 3)\nsave({f: s, g: sequential([s, relu])}, path)\nkeys(load(path))",
          "[\"f\", \"g\"]"),
      ]
    ) { call in
      let (path, fit) = (try call.string("path"), try call.string("fit"))
      guard ["strict", "partial"].contains(fit) else {
        throw call.wrong("fit", "\"strict\" or \"partial\"")
      }
      if call.isNil("into") {
        if fit != "strict" {
          throw Failure("argument", "load: fit says how a file meets a model: give it as into")
        }
        return models(try Layer.load(from: path, on: library.host))
      }
      if case .object(let object as OptimizerObject) = call["into"] {
        try object.optimizer.restore(SafeTensors(decoding: library.host.read(path), path: path))
        return call["into"]
      }
      let report = try network(call["into"], call, "into").load(
        weights: path, fit: fit == "strict" ? .strict : .partial, on: library.host)
      if fit == "partial" { library.note("load: \(path): \(report.text)") }
      return call["into"]
    },
  ]
}

/// What a value holds, copied: models and optimizers, in lists and maps too.
private func copied(_ value: Value, _ copies: Copies, _ call: Call, depth: Int = 0) throws -> Value
{
  guard depth <= 64 else {
    throw Failure("type", "copy: lists lie more than 64 deep in each other, or one contains itself")
  }
  switch value {
  case .object(let object as ModelObject): return Value(copies.layer(object.layer))
  case .object(let object as OptimizerObject):
    return .object(OptimizerObject(copies.optimizer(object.optimizer)))
  case .list(let list):
    return .list(List(try list.items.map { try copied($0, copies, call, depth: depth + 1) }))
  case .map(let map):
    let copy = Map()
    for (key, item) in map.entries {
      copy.entries[key] = try copied(item, copies, call, depth: depth + 1)
    }
    return .map(copy)
  default: return value
  }
}

/// One network, or several as a bundle.
private func network(_ value: Value, _ call: Call, _ name: String) throws -> Layer {
  func layer(_ item: Value) throws -> Layer {
    guard case .object(let object as ModelObject) = item else {
      throw call.wrong(name, "a model, or a list or map of models")
    }
    return object.layer
  }
  switch value {
  case .list(let list):
    return Bundle(try list.items.enumerated().map { ("\($0)", try layer($1)) }, isList: true)
  case .map(let map):
    return Bundle(
      try map.entries.map { key, item in
        guard case .string(let text) = key else {
          throw call.wrong(name, "a model, or a list or map of models whose keys are names")
        }
        return (text, try layer(item))
      }, isList: false)
  default: return try layer(value)
  }
}

/// A network as a value; a bundle is a list or map.
private func models(_ layer: Layer) -> Value {
  guard let bundle = layer as? Bundle else { return Value(layer) }
  if bundle.isList { return .list(List(bundle.models.map { Value($0.layer) })) }
  let map = Map()
  for (name, layer) in bundle.models { map.entries[.string(name)] = Value(layer) }
  return .map(map)
}
