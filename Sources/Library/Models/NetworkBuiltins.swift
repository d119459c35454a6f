import Gradients
import Host
import Language
import Models
import Tensors

private let inputOption = Language.Parameter.optional(
  "input", .sides, .nil, "the input's shape without the batch; nil waits for the first call",
  namedOnly: true)
private let classesOption = Language.Parameter.required("classes", .whole, "outputs")
private let weightsOption = Language.Parameter.optional(
  "weights", .string, .nil,
  "a safetensors file of the same network; with other classes its last layer starts anew",
  namedOnly: true)

/// `sequential`, `residual`, `model`, and networks by name.
func networkBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "sequential", "Makes a network of layers one after the other.",
      details: """
        A layer is a model, an operation such as relu or max_pool(2), or a function of a tensor. A \
        convolution or dense layer takes a relu and a pooling that follow it along, which saves time \
        and changes no result.
        """,
      [.required("layers", .list, "the layers"), inputOption], result: "model",
      examples: [
        Example("sequential([dense(4), relu, dense(2)])(zeros(3, 5)).shape", "[3, 2]"),
        Example(
          "sequential([conv(8, 3), relu, flatten, dense(2)], input: [1, 8, 8])",
          """
          model: 658 parameters
          layer  kind        output     parameters
          ────────────────────────────────────────
              0  conv(8, 3)  [8, 6, 6]          80
              1  relu        [8, 6, 6]           0
              2  flatten     [288]               0
              3  dense(2)    [2]               578
          """),
      ]
    ) { call in
      let layers = try call.list("layers").map {
        try library.layer(from: $0, on: call.machine, in: "sequential")
      }
      return try sized(Sequential(layers), call)
    },
    Builtin(
      "residual", "Makes a block that adds its input to what its body gives.",
      [
        .required("body", .any, "a layer, or a list of layers"),
        .optional("shortcut", .any, .nil, "what the input goes through before it is added"),
        inputOption,
      ], result: "model",
      examples: [
        Example("residual([conv(4, 3, padding: 1), relu])(ones(1, 4, 5, 5)).shape", "[1, 4, 5, 5]")
      ]
    ) { call in
      func layer(_ value: Value) throws -> Layer {
        guard case .list(let list) = value else {
          return try library.layer(from: value, on: call.machine, in: "residual")
        }
        return Sequential(
          try list.items.map { try library.layer(from: $0, on: call.machine, in: "residual") })
      }
      return try sized(
        Residual(
          layer(call["body"]), shortcut: call.isNil("shortcut") ? nil : layer(call["shortcut"])),
        call)
    },
    custom(library),
    Builtin(
      "small_cnn", "Makes a small network for small images.",
      details: """
        conv 3 x 3 of 32, relu, pool 2, conv 3 x 3 of 64, relu, pool 2, dense 128, relu, dense \
        `classes`. Its first layer starts as `init: "contrast"`, so that images of 0..1 train it as \
        they are.
        """,
      [classesOption, weightsOption, inputOption], result: "model",
      examples: [
        Example("small_cnn(classes: 10, input: [1, 28, 28])(zeros(2, 1, 28, 28)).shape", "[2, 10]")
      ]
    ) { call in
      // Its key has no name: its weights are those of before names were in keys. So are vgg_m's.
      try library.random.make("small_cnn", isKeyedByName: false) { key in
        try sized(
          weighted(
            Networks.smallCNN(classes: call.int("classes", minimum: 1), key: key),
            head: "dense2", call, library), call)
      }
    },
    large(
      "vgg_m", library, "Makes the network CNN-M of Chatfield et al. (2014) for 224 x 224 images.",
      isKeyedByName: false, Networks.vggM),
    large(
      "vgg_vd_16", library,
      "Makes the network VGG-16 of Simonyan and Zisserman (2015) for 224 x 224 images.",
      isKeyedByName: true, Networks.vggVD16),
  ]
}

private func large(
  _ name: String, _ library: Library, _ summary: String, isKeyedByName: Bool,
  _ make: @escaping (Int, RandomKey) throws -> Layer
) -> Builtin {
  Builtin(
    name, summary,
    details: """
      The last layer starts as the paper's fine-tuning does: N(0, 0.01), ten and twenty times the \
      learning rate, no decay on the bias. Weights take their memory at the first call.
      """,
    [classesOption, weightsOption], result: "model",
    examples: [Example("\(name)(classes: 200).parameters |> len", name == "vgg_m" ? "16" : "32")]
  ) { call in
    try library.random.make(name, isKeyedByName: isKeyedByName) { key in
      let layer = try make(call.int("classes", minimum: 1), key)
      return Value(try weighted(layer, head: "fc8", call, library))
    }
  }
}

/// A network with the weights that are wanted. Its last layer, which users know as `head`, starts anew
/// where the file has other classes.
private func weighted(_ layer: Layer, head: String, _ call: Call, _ library: Library) throws
  -> Layer
{
  guard !call.isNil("weights"), let last = layer.children.last else { return layer }
  let report = try layer.load(
    weights: call.string("weights"), fit: .newHead(last.name), on: library.host)
  if let other = report.misfits.first?.inFile.first {
    library.note(
      "\(head): \(other) classes in the file, \(try call.int("classes")) here: starts anew")
  }
  return layer
}

private func sized(_ layer: Layer, _ call: Call) throws -> Value {
  if let shape = try call.inputShape() { try layer.materialise(input: shape) }
  return Value(layer)
}

private func custom(_ library: Library) -> Builtin {
  Builtin(
    "model", "Makes a network of named parts and a forward function.",
    details: """
      The function gets the model, in which the parts stand under their names, and a batch. Tensors \
      among the parts are trained. Parts run in the form that the model runs in.
      """,
    [
      .required("parts", .map, "names with layers, models, tensors or lists of them"),
      .required("forward", .callable, "a function of the model and a batch"),
      inputOption,
    ], result: "model",
    examples: [
      Example(
        "let g = model({body: dense(3), scale: ones(1)}, (m, x) -> m.body(x) * m.scale)\ng(zeros(2, 5)).shape",
        "[2, 3]")
    ]
  ) { call in
    guard case .map(let map) = call["parts"] else { throw call.wrong("parts", "a map") }
    var parts: [(name: String, part: Custom.Part)] = []
    for (key, value) in map.entries {
      guard case .string(let name) = key, !name.isEmpty, !name.contains(".") else {
        throw Failure("argument", "model: parts' names must be words without a dot", argument: 0)
      }
      if ModelObject.members.contains(where: { $0.name == name }) {
        throw Failure("argument", "model: a part can't be called \(name)", argument: 0)
      }
      parts.append((name, try library.part(from: value, name, on: call.machine)))
    }
    let (forward, machine) = (call["forward"], call.machine)
    return try sized(
      Custom(parts: parts) { model, x, _ in
        let result = try machine.call(forward, CallArguments([Value(model), Value(x)]))
        guard case .object(let object as TensorObject) = result else {
          throw Failure(
            "type", "model: the forward function must give a tensor, it gave \(result.brief)")
        }
        return object.variable
      }, call)
  }
}
