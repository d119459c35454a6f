import Gradients
import Host
import Language
import Models
import Tensors

private let subject = Language.Parameter.required("g", .model, "a model or layer")

/// What is done with models: `summary`, `explain`, `copy`, `freeze`, `save`, `load`.
func modelUseBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "summary", area: "models", "Tells a model's layers, output shapes and parameter counts.",
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
      "explain", area: "models", "Runs a batch and tells what each layer costs.",
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
      "copy", area: "models", "Copies a model, weights and buffers included.", [subject],
      result: "model",
      examples: [
        Example(
          "let g = dense(2, input: 3)\nlet h = copy(g)\nh.parameters[\"weight\"] = zeros(2, 3)\nsum(abs(g.parameters[\"weight\"])).item() > 0",
          "true")
      ], methodOf: ["model"]
    ) { Value(try $0.layer("g").copy()) },
    Builtin(
      "freeze", area: "models", "Takes a model's parameters out of training, or puts them back.",
      details: "Batch normalisation keeps its running means too. Gives the model.",
      [subject, .optional("frozen", .bool, .bool(true), "false puts them back")], result: "model",
      examples: [Example("freeze(dense(2, input: 3))", "dense(2): 8 parameters")],
      methodOf: ["model"]
    ) { call in
      try call.layer("g").freeze(call.bool("frozen"))
      return call["g"]
    },
    Builtin(
      "save", area: "models", "Writes a model to a safetensors file.",
      details: """
        The file holds parameters, buffers, which parameters are frozen, and how the model is built. A \
        script's function can't stand in it: load the weights of such a model into one that the script \
        has made.
        """,
      [subject, .required("path", .string, "where to")], result: "nil",
      examples: [
        Example(
          "let path = output_dir() + \"/g.safetensors\"\nsave(dense(2, input: 3), path)\nload(path)",
          "dense(2): 8 parameters")
      ], methodOf: ["model"]
    ) { call in
      try call.layer("g").save(to: call.string("path"), on: library.host)
      return .nil
    },
    Builtin(
      "load", area: "models", "Reads a model that `save` wrote.",
      [
        .required("path", .string, "the file"),
        .optional("into", .model, .nil, "a model that takes the weights", namedOnly: true),
      ], result: "model",
      examples: [
        Example(
          "let path = output_dir() + \"/h.safetensors\"\nsave(dense(2, input: 3), path)\nload(path, into: dense(2, input: 3))",
          "dense(2): 8 parameters")
      ]
    ) { call in
      let path = try call.string("path")
      if call.isNil("into") { return Value(try Layer.load(from: path, on: library.host)) }
      try call.layer("into").load(weights: path, on: library.host)
      return call["into"]
    },
  ]
}
