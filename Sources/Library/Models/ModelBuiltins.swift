import Formats
import Gradients
import Host
import Language
import Models
import Tensors

private let subject = Argument("g", .model, "a model or layer")
private let batchSize = Argument(
  "batch", .whole(1...), default: 1, "how many images a training step has", named: true)
private let copiedValue = Argument(
  "g", .value(.model | .optimizer | .list | .map).named("model, optimizer, list or map"),
  "a model or an optimizer, or a list or map of them")
private let patterns = Argument(
  "which", .patterns, default: Value.nil,
  "a pattern of paths or a list of them, `\"conv*\"`; nil is all parameters")
private let frozen = Argument("frozen", .bool, default: true, "false makes them trainable again")
private let saved = Argument(
  "x", .any, "a model, an optimizer, or a list or map of them and of numbers, strings, tensors ...")
private let path = Argument("path", .string, "the path of the file")
private let savedInput = Argument(
  "input", .optional(.inputShape),
  "for ONNX: the shape of one input; nil is that of the model's last", named: true)
private let opset = Argument(
  "opset", .optional(.whole(18...20)), "for ONNX: the version of its operators; nil is 18",
  named: true)
private let source = Argument(
  "path", .value(.string | .model), "the path of a file, or a model whose weights are taken")
private let target = Argument(
  "into", .optional(.value(.model | .optimizer | .list | .map)),
  "a model, an optimizer, or a list or map with them, that takes what the file has", named: true)
private let forwards = Argument(
  "forward", .optional(.value(.callable | .map).named("function or map of functions")),
  "the forward function of the model in the file; a map by path if there are several", named: true)
private let fit = Argument(
  "fit", .choice(["strict", "partial", "outputs"]), default: "strict",
  "\"partial\" leaves what does not fit as it is; \"outputs\" gives the last layer the file's number of outputs",
  named: true)

/// The builtins for models: `summary`, `copy`, `freeze`, `save` and `load`.
func modelBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "summary", "Lists a model's layers: output shapes, parameters, operations and memory.",
      details: """
        Shapes are known once the model has been called, was made with its input's shape, or was loaded \
        from the file of such a model. MFLOP counts the multiplications and additions of the definition \
        for one image. MB is what a training step with `batch` images holds: outputs and their gradients, \
        and of each parameter that is trained the weight, its gradient and one number of the optimizer's. \
        A shared layer has a row for each time it runs; the last row, the total, counts its parameters \
        once, and those that the model itself has besides its layers.
        """,
      searchTerms: ["architecture", "number of parameters", "FLOPs", "memory"],
      [subject, batchSize], result: "table",
      examples: [
        Example(
          "summary(sequential({fc: dense(2), relu: relu}, input: 3), batch: 100)",
          """
          layer  kind      output  parameters  frozen  MFLOP     MB
          ─────────────────────────────────────────────────────────
          fc     dense(2)  [2]              8       0  0.000  0.002
          relu   relu      [2]              0       0  0.000  0.002
          total                             8       0  0.000  0.003
          """)
      ], methodOf: ["model"]
    ) { .object(try ModelObject($0[subject]).costTable(batch: $0[batchSize])) },
    Builtin(
      "copy", "Copies a model, or models and optimizers together.",
      details: """
        Weights, buffers, passes begun and the names of classes are copied. A layer that is used in two \
        places is one layer in the copy, also where it is in two models of one list or map. An optimizer's \
        copy owns the copies of its models and continues from its current state: \
        `let h, opt2 = copy([g, opt])`. Anything else in a list or map stays what it is.
        """,
      searchTerms: ["clone", "duplicate"], [copiedValue], result: "what was given, copied",
      examples: [
        Example(
          "let g = dense(2, input: 3)\nlet h = copy(g)\nh.parameters[\"weight\"] = zeros(2, 3)\nsum(abs(g.parameters[\"weight\"])).item() > 0",
          "true"),
        Example(
          "let s = dense(3)\nlet f, h = copy([sequential([s]), sequential([s, relu])])\nf(ones(1, 3))\nh.parameters[\"0.bias\"] = zeros(3)\nsum(f.parameters[\"0.bias\"]).item()",
          "0"),
      ], methodOf: ["model", "optimizer"]
    ) { try copied($0[copiedValue], Copies()) },
    Builtin(
      "freeze", "Excludes a model's parameters from training, or includes them again.",
      details: """
        In a pattern `*` is any text, and the path of a layer stands for all parameters in it: \
        `freeze(g, ["conv*", "bn1"])`. A pattern that matches nothing is an error. Patterns count again \
        for layers that are put into the model later, which is refused if one would match nothing then; \
        `freeze(g)` without one is about the parameters that it has now and forgets the patterns. A frozen batch normalisation keeps its running means too. The result is the \
        model.
        """,
      searchTerms: ["requires_grad", "fine-tuning", "trainable", "unfreeze"],
      [subject, patterns, frozen], result: "model",
      examples: [
        Example("freeze(dense(2, input: 3))", "dense(2): 8 parameters"),
        Example(
          "let g = sequential({fc1: dense(4), fc2: dense(2)}, input: 3)\nfreeze(g, \"fc1\").parameters",
          "fc1.weight  [4, 3]  frozen\nfc1.bias  [4]  frozen\nfc2.weight  [2, 4]\nfc2.bias  [2]"),
      ], methodOf: ["model"]
    ) { call in
      let layer = try call[subject]
      if let patterns = try call[patterns] {
        try layer.freeze(patterns, call[frozen])
      } else {
        try layer.freeze(call[frozen])
      }
      return Value(layer)
    },
    Builtin(
      "save",
      "Writes models, optimizers and other values to a safetensors file, or a model to an ONNX file.",
      details: """
        A model's parameters and buffers have the names that PyTorch gives them. The metadata tells how the \
        model is built, the passes begun, the names of the classes and which parameters are frozen. A list \
        or map may hold models, optimizers, tensors, numbers, strings, bools, nil, lists and maps: \
        `save({model: g, opt: opt, history: history}, path)`. What several places share is shared again when \
        it is loaded, also an optimizer's models. An optimizer alone is saved without its models.
        The file is written whole or not at all, and the same value gives the same bytes. Of a `model` with \
        a forward function, and of a function that is a layer, the file has the module and the name of the \
        function, its text and its digest, if it captures nothing but functions and modules. Otherwise a note \
        says why the file has the weights only: load them into a network that the script has made.
        A path that ends in .onnx gives an ONNX file of one model in evaluation mode, without dropout: in \
        float32, for batches of any size, from "input" to "logits", or to the names of several outputs. \
        Weights have the names that they have here; the metadata has the names of the classes. A layer that \
        ONNX has no operator for, such as a function of a script, is an error that names it.
        """,
      searchTerms: ["checkpoint", "export", "weights", "torch.save", "torch.onnx.export"],
      [saved, path, savedInput, opset],
      examples: [
        Example(
          "let path = output_dir() + \"/g.safetensors\"\nsave(dense(2, input: 3), path)\nload(path)",
          "dense(2): 8 parameters"),
        Example(
          "let path = output_dir() + \"/run.safetensors\"\nlet g = dense(2, input: 3)\nsave({model: g, opt: sgd(g, lr: 0.1), history: [{loss: 0.5}]}, path)\nload(path).history",
          "[{loss: 0.5}]"),
      ], methodOf: ["model"]
    ) { call in
      let (value, path) = (try call[saved], try call[path])
      if fileEnding(path) == "onnx" {
        guard let layer = try ArgumentType<Layer>.model.read(value) else {
          throw call.wrong(saved, "model for .onnx")
        }
        guard let input = try call[savedInput] ?? layer.inputShape else {
          throw Failure(
            "unsized", "save: the shape of the model's input is not known",
            hint: "call the model once, or write save(g, path, input: [3, 224, 224])")
        }
        return try layer.onnx(input: input, opset: call[opset] ?? 18).write(
          to: path, on: library.host)
      }
      guard try call[savedInput] == nil, try call[opset] == nil else {
        throw Failure("argument", "save: input and opset are for files that end in .onnx")
      }
      let forward = ForwardFunction.describer(
        on: call.machine, note: { library.note("save: \(path): \($0)") })
      let content =
        if case .object(let object as OptimizerObject) = value {
          try object.optimizer.savedState()
        } else if let layer = try ArgumentType<Layer>.network.read(value) {
          try layer.fileContent(forward)
        } else {
          try ValueWriter(value).content.file(forward)
        }
      // A checkpoint is never ahead of the metrics: a resumed training does not record them again.
      library.run.recorder?.metrics.flush()
      try content.write(to: path, on: library.host)
    },
    Builtin(
      "load", "Reads what `save` wrote, or weights into an existing model.",
      details: """
        A path that ends in .onnx gives the network of an ONNX file, such as `torch.onnx.export` writes, with \
        the names of its weights. A node that no layer here computes is an error that names it.
        With `into` any safetensors, PyTorch (.pth, .pt) or .npz file will do whose tensors have the model's \
        names and sizes: `torch.save(g.state_dict(), path)` writes them, and of a checkpoint its state dict is \
        taken. Names that all begin with `module.` (DataParallel) or `_orig_mod.` (torch.compile) lose \
        that. Layers that the file only numbers, as a list of layers does, are taken in order. A fully \
        connected layer takes the weights of a convolution over the whole image. A note says whether there are NaN or infinities. The sizes that a layer was made with count before \
        its first call too: a file with 10 classes does not fit dense(3), which is an error that names both \
        sizes. `fit: "partial"` takes the layers that fit whole, leaves the others as they are, and says \
        which. `load(f, into: g)` takes the weights and buffers of another model f in the same way.
        A network that MatConvNet wrote (.mat) is loaded as a model with the names of its layers, its \
        average image and its classes: see docs/matconvnet.md.
        Of a file with optimizers or other values, `into: {model: g, opt: opt}` takes what the file has under \
        these keys. Lists and maps without models get the file's content. If something does not fit, \
        nothing is changed.
        Loading runs no code. The forward function of a `model` is that of the standard library of this \
        name, or of a file that is in use and has it as it was when the model was saved; otherwise give it: \
        `load(path, forward: mine.forward)`.
        """,
      searchTerms: [
        "checkpoint", "import", "pretrained", "weights", "state_dict", "torch.load", "ONNX",
      ],
      [source, target, fit, forwards], result: "what was saved, or what was given as into",
      examples: [
        Example(
          "let path = output_dir() + \"/h.safetensors\"\nsave(dense(2, input: 3), path)\nload(path, into: dense(2, input: 3))",
          "dense(2): 8 parameters"),
        Example(
          "let path = output_dir() + \"/two.safetensors\"\nlet s = dense(3, input: 3)\nsave({f: s, g: sequential([s, relu])}, path)\nkeys(load(path))",
          "[\"f\", \"g\"]"),
        Example(
          "let f = dense(2, input: 3)\nlet g = load(f, into: dense(2, input: 3))\nall(f(ones(1, 3)) == g(ones(1, 3)))",
          "true"),
      ]
    ) { call in
      let fit = try WeightFit(named: call[fit])
      if case .object(let object as ModelObject) = try call[source] {
        return try weights(of: object.layer, fit, call, library)
      }
      guard case .string(let text) = try call[source] else { throw call.wrong(source, "a path") }
      let path = text.text
      let isPartial = fit != .strict
      if try call[target] == nil, !isPartial, fileEnding(path) == "onnx" {
        return Value(try Layer.load(ONNXModel(from: path, on: library.host), path: path))
      }
      if try call[target] == nil, try MATFile.isOne(library.host.open(path).bytes(count: 8)) {
        let file = try MatConvNetFile(library.host.read(path), name: path)
        for note in file.notes { library.note("load: \(path): \(note)") }
        return Value(file.model)
      }
      let file = try WeightFile(path, on: library.host)
      if let text = file.unusable { library.note("load: \(path) has \(text)") }
      for failure in file.content.leftOut { library.note("load: left out: \(failure.message)") }
      let value = try ValueFile(file)
      let finder = try ForwardFunction.finder(call[forwards], library, on: call.machine)
      guard let target = try call[target] else {
        guard !isPartial else {
          throw Failure("argument", "load: fit tells how a file fits a model: give it as into")
        }
        return try value.map { try ValueReader.newValue(of: $0, forward: finder) }
          ?? models(Layer.load(file, forward: finder))
      }
      if let value {
        guard !isPartial else {
          throw Failure(
            "argument", "load: \(path) holds more than one model, of which no part can be left out")
        }
        return try ValueReader.fill(target, from: value, forward: finder)
      }
      if case .object(let object as OptimizerObject) = target {
        try object.optimizer.restore(file.content)
      } else if let layer = try ArgumentType<Layer>.network.read(target) {
        try take(file, into: layer, fit, library)
      } else {
        throw Failure(
          "type", "load: \(path) holds the weights of models, and `into` more than models")
      }
      return target
    },
  ]
}

extension WeightFit {
  /// The fit that scripts call by a name.
  fileprivate init(named name: String) {
    self = name == "partial" ? .partial : name == "outputs" ? .outputs : .strict
  }
}

/// Takes the weights of a model into another one, which is returned.
private func weights(of layer: Layer, _ fit: WeightFit, _ call: Call, _ library: Library) throws
  -> Value
{
  guard case .object(let object as ModelObject)? = try call[target] else {
    throw call.wrong(target, "a model, which takes the weights of another one")
  }
  try take(WeightFile(weightsOf: layer), into: object.layer, fit, library)
  return .object(object)
}

/// Loads weights into a network, and notes what a script should know about it.
private func take(
  _ file: WeightFile, into layer: Layer, _ fit: WeightFit, _ library: Library
) throws {
  let report = try layer.load(weights: file, fit: fit)
  if fit == .partial { library.note("load: \(file.path): \(report.text)") }
  if report.isNumbered {
    library.note("load: \(file.path) numbers its layers, which are taken in order")
  }
}

/// Returns a copy of a value; models and optimizers are copied, also inside lists and maps.
private func copied(_ value: Value, _ copies: Copies, depth: Int = 0) throws -> Value {
  guard depth <= 64 else {
    throw Failure("type", "copy: lists are nested more than 64 deep, or one contains itself")
  }
  switch value {
  case .object(let object as ModelObject): return Value(copies.layer(object.layer))
  case .object(let object as OptimizerObject):
    return .object(OptimizerObject(copies.optimizer(object.optimizer)))
  case .list(let list):
    return .list(List(try list.items.map { try copied($0, copies, depth: depth + 1) }))
  case .map(let map):
    let copy = Map()
    for (key, item) in map.entries {
      copy.entries[key] = try copied(item, copies, depth: depth + 1)
    }
    return .map(copy)
  default: return value
  }
}

/// Returns a network as a value; a bundle becomes a list or a map.
private func models(_ layer: Layer) -> Value {
  guard let bundle = layer as? Bundle else { return Value(layer) }
  if bundle.isList { return .list(List(bundle.models.map { Value($0.layer) })) }
  let map = Map()
  for (name, layer) in bundle.models { map.entries[.string(name)] = Value(layer) }
  return .map(map)
}

extension ArgumentType where T == [PathPattern]? {
  /// A pattern of paths, or a list of them.
  fileprivate static var patterns: Self {
    let pattern = ArgumentType<String>.string.map { PathPattern($0) }
    return .optional(
      .either(pattern.map { [$0] }, .list(of: pattern)).named("string or list of strings"))
  }
}
