import Formats
import Gradients
import Host
import Tensors
import TestSupport
import Testing

@testable import Models

/// Files that PyTorch wrote, and those of networks of each kind of layer. What ONNX Runtime computes
/// with ours is checked by Tests/LibraryTests/Reference/onnx_files.py.
@Suite struct ONNXTests {
  /// The folder of the files.
  private static let data =
    #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Data/"

  /// A host with the files that PyTorch wrote.
  private func torch() throws -> MemoryHost {
    let disk = MemoryHost(readsDisk: true)
    return MemoryHost(
      try Dictionary(
        uniqueKeysWithValues: ["small.onnx", "small.onnx.data"].map {
          ("in/\($0)", try disk.read(ONNXTests.data + $0))
        }))
  }

  private func loaded(_ host: MemoryHost, _ path: String = "in/small.onnx") throws -> Layer {
    try Layer.load(ONNXModel(from: path, on: host), path: path)
  }

  @Test("a network that torch.onnx.export wrote computes the same, with the names of its weights")
  func fromTorch() throws {
    let g = try loaded(torch())
    let x = (0..<2 * 3 * 144).map { i in
      let part = Float(i % 19) / 19 - 0.3
      return part * part * 4
    }
    let y = try g.call(Variable(Tensor(x, shape: [2, 3, 12, 12]))).value.array(Float.self)
    #expect(zip(y, smallNetwork).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(g.inputShape == [3, 12, 12])
    let names = g.parameters.map(\.path)
    #expect(names.contains("layer1.1.downsample.0.weight") && names.contains("features.0.bias"))
    #expect(names.count == 15)
    guard case .layer(let lrn as LocalResponseNorm)? = g.part(at: "lrn") else {
      Issue.record("there is no response normalisation")
      return
    }
    #expect(
      lrn.configuration?.map(\.value) == [.number(4), .number(2), .number(0.125), .number(0.75)])
    #expect(!g.descendants.contains { $0.label.hasPrefix("multiply") })
  }

  /// Layers of each kind that has operators in ONNX.
  private func network() throws -> Layer {
    func function(_ name: String) throws -> Layer { try #require(Function(name)) }
    let window = try Window(stride: [2], padding: [0, 1, 0, 1])
    let norm = try BatchNorm()
    var plain = WeightOptions()
    plain.hasBias = false
    return try Graph(
      [
        GraphNode("scale", try Normalize(mean: [0.1, -0.2], deviation: [0.5, 2])),
        GraphNode(
          "body",
          Sequential([
            ("conv", try Conv(filters: 4, size: (3, 2), window: window, options: plain, key: key)),
            ("norm", norm), ("relu", try function("relu")), ("lrn", LocalResponseNorm(size: 3)),
            ("even", LocalResponseNorm(size: 4, alpha: 0.5)),
          ])),
        GraphNode(
          "same",
          try Conv(
            filters: 4, size: (3, 3), window: Window(stride: [2], padding: .same), groups: 2,
            key: key["s"]), inputs: ["body"]),
        GraphNode("pool", Pooling(.average, size: (3, 3), window: try Window(padding: [1]))),
        GraphNode(
          "block",
          Residual(
            [("conv", try Networks.conv(6, 1, key["c"])), ("relu6", try function("relu6"))],
            shortcut: ("way", try Networks.conv(6, 1, key["w"])))),
        GraphNode("tanh", try function("tanh"), inputs: ["pool"]),
        GraphNode("sigmoid", try function("sigmoid"), inputs: ["pool"]),
        GraphNode("gate", try function("multiply"), inputs: ["tanh", "sigmoid", "pool"]),
        GraphNode("sum", try function("add"), inputs: ["gate", "pool", "tanh"]),
        GraphNode("both", try function("concat"), inputs: ["block", "sum"]),
        GraphNode("mean", try function("global_avg_pool")),
        GraphNode("drop", try Dropout(rate: 0.5, key: key)),
        GraphNode("side", try Dense(units: 3, key: key["d"]), inputs: ["body"]),
        GraphNode("head", try Dense(units: 3, options: plain, key: key["e"]), inputs: ["drop"]),
        GraphNode("softmax", try function("softmax")),
        GraphNode("log", try function("log_softmax"), inputs: ["side"]),
      ], outputs: .map(["softmax", "log"]))
  }

  @Test("layers that make images larger, dilated windows and rows of a table come back")
  func enlarging() throws {
    let host = MemoryHost()
    let window = try Window(stride: [2, 1], padding: [1, 0, 2, 1])
    let g = Sequential([
      (
        "conv",
        try Conv(filters: 4, size: (3, 2), window: Window(padding: [2]), dilation: (2, 3), key: key)
      ),
      ("pool", AdaptivePooling(.max, size: (3, 3))),
      ("up", Upsample(.factor(rows: 2, columns: 3))),
      ("smooth", Upsample(.size(rows: 12, columns: 18), method: .bilinear)),
      (
        "transpose",
        try ConvTranspose(
          filters: 6, size: (3, 2), window: window, extra: (1, 0), groups: 2, dilation: (1, 2),
          key: key["t"])
      ),
      (
        "same",
        try ConvTranspose(
          filters: 2, size: (4, 4), window: Window(stride: [2], padding: .same), key: key["s"])
      ),
    ])
    let x = Variable(try tensor(2, 2, 9, 8))
    let y = try g.call(x).value
    try g.onnx(input: [2, 9, 8], opset: 17).write(to: "g.onnx", on: host)
    let h = try loaded(host, "g.onnx")
    let found = try h.call(x).value
    #expect(found.shape == y.shape)
    #expect(zip(found.array(Float.self), y.array(Float.self)).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(Set(h.parameters.map(\.path)) == Set(g.parameters.map(\.path)))
    let file = try ONNXModel(from: "g.onnx", on: host)
    #expect(
      file.nodes.map(\.op) == [
        "Conv", "MaxPool", "Resize", "Resize", "ConvTranspose", "ConvTranspose",
      ])

    let table = Sequential([
      ("words", try Embedding(count: 7, width: 3, key: key)),
      ("flat", try #require(Function("flatten"))),
    ])
    try table.onnx(input: [4], opset: 17).write(to: "table.onnx", on: host)
    let places = Variable(try Tensor([0, 6, 2, 2] as [Float], shape: [1, 4]))
    #expect(
      try loaded(host, "table.onnx").call(places).value.array(Float.self)
        == table.call(places).value.array(Float.self))
    #expect(
      #expect(throws: Failure.self) {
        try Sequential([("up", Upsample(.size(rows: 5, columns: 8)))]).onnx(
          input: [1, 4, 4], opset: 17)
      }?.message.contains("whole multiple") == true)
  }

  @Test("a network of every kind of layer comes back from an ONNX file")
  func roundTrip() throws {
    let host = MemoryHost()
    let g = try network()
    let x = Variable(try tensor(4, 2, 9, 9))
    _ = try g.outputs(for: x, training: true)
    g.classes = ["a", "b", "c"]
    try g.onnx(input: [2, 9, 9], opset: 20).write(to: "g.onnx", on: host)
    let h = try loaded(host, "g.onnx")
    guard case .map(let mine) = try g.outputs(for: x), case .map(let others) = try h.outputs(for: x)
    else { return #expect(Bool(false), "the outputs have no names") }
    #expect(others.map(\.name) == ["softmax", "log"])
    for (a, b) in zip(mine, others) {
      let (a, b) = (try a.output.single(), try b.output.single())
      #expect(
        zip(a.value.array(Float.self), b.value.array(Float.self)).allSatisfy { abs($0 - $1) < 1e-5 }
      )
    }
    #expect(Set(h.parameters.map(\.path)) == Set(g.parameters.map(\.path)))
    #expect(h.classes == g.classes)
    let file = try ONNXModel(from: "g.onnx", on: host)
    #expect(file.opset == 20 && file.given[0].shape == [nil, 2, 9, 9])
    #expect(file.outputs.map(\.name) == ["softmax", "log"])
    #expect(Set(file.nodes.map(\.name)).count == file.nodes.count)
    // Weights by name, as from any file.
    let other = try network()
    _ = try other.outputs(for: x)
    let report = try other.load(weights: "g.onnx", fit: .partial, on: host)
    #expect(report.isWhole && report.taken == g.parameters.count + g.buffers.count)
  }

  @Test("what ONNX has no operators for is an error that names the layer")
  func exportErrors() throws {
    func message(_ layer: Layer) -> String? {
      do { _ = try layer.onnx(input: [2, 4, 4], opset: 18) } catch let failure as Failure {
        return failure.kind + ": " + failure.message
      } catch {}
      return nil
    }
    let cube = Function(label: "cube") { $0 }
    #expect(
      message(Sequential([("a", Networks.relu), ("b", Sequential([cube]))]))
        == "onnx: save: the layer \"b.0\" is cube, which ONNX has no operator for")
    let model = Custom(parts: [], script: 0) { _, x, _ in .tensor(x[0]) }
    #expect(message(model)?.contains("forward function") == true)
    #expect(message(Networks.relu) == nil)
  }

  /// A file of nodes that take "x", images of 2 x 6 x 6.
  private func file(_ nodes: [ONNXModel.Node], _ constants: [String: ONNXModel.Constant] = [:])
    throws
    -> Layer
  {
    var model = ONNXModel(opset: 18)
    model.nodes = nodes
    model.initializers = constants.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    model.inputs = [ONNXModel.Value("x", shape: [1, 2, 6, 6])]
    model.outputs = [ONNXModel.Value("y", shape: nil)]
    return try Layer.load(model, path: "f")
  }

  @Test("a node that no layer computes is an error that names it")
  func importErrors() throws {
    let weights = ONNXModel.Constant.tensor(try tensor(2, 2, 3, 3))
    func node(
      _ op: String, _ inputs: [String] = ["x"],
      _ attributes: [(name: String, value: ONNXModel.Attribute)] = []
    ) -> ONNXModel.Node {
      ONNXModel.Node("n", op, inputs: inputs, outputs: ["y"], attributes: attributes)
    }
    let wrong: [(ONNXModel.Node, String)] = [
      (node("LSTM"), "uses the operator LSTM, which is not supported"),
      (node("ConvTranspose", ["x", "w"], [("group", .int(3))]), "in 3 groups for 2 channels"),
      (node("Resize"), "is only read with scales"),
      (node("Resize", ["x", "", "w"]), "where whole ones of images are read"),
      (node("Cast", ["x"], [("to", .int(6))]), "where only whole numbers (int64) are read"),
      (node("Gather", ["w", "x"]), "is only read as rows of a table"),
      (node("other.Relu"), "uses the operator other.Relu, which is not supported"),
      (node("Relu", ["z"]), "takes \"z\", which the file does not have"),
      (
        node("Relu", ["y"]),
        "takes \"y\", which the file does not have, or which a later node gives"
      ),
      (node("Relu", ["w"]), "takes the constant \"w\""),
      (node("Relu", []), "has no input 0"),
      (node("Relu", ["x"], [("slope", .float(1))]), "has the attribute slope, which is not read"),
      (node("Conv", ["x", "w"], [("dilations", .ints([0, 2]))]), "has the dilations [0, 2]"),
      (node("Conv", ["x", "w"], [("group", .int(2))]), "in 2 groups for 2 channels"),
      (node("Conv", ["x", "w"], [("group", .int(.max))]), "groups"),
      (node("Conv", ["x", "w"], [("auto_pad", .string("SAME_LOWER"))]), "auto_pad = SAME_LOWER"),
      (node("Conv", ["x", "v"]), "takes \"v\", which must be a constant"),
      (
        node("MaxPool", ["x"], [("kernel_shape", .ints([2, 2])), ("dilations", .ints([2, 2]))]),
        "has dilations"
      ),
      (node("MaxPool", ["x"], [("kernel_shape", .ints([7, 7]))]), "has a window of 7 x 7"),
      (
        node("Conv", ["x", "k"], [("pads", .ints([1_000_000, 1_000_000, 1_000_000, 1_000_000]))]),
        "which no tensor can hold"
      ),
      (node("MaxPool", ["x"], [("kernel_shape", .ints([2]))]), "a kernel_shape that is not a list"),
      (node("Clip", ["x"], [("min", .float(-1))]), "has the bounds -1.0 and inf"),
      (node("Softmax", ["x"], [("axis", .int(1))]), "has axis = 1"),
      (node("Flatten", ["x"], [("axis", .int(2))]), "has axis = 2, where only 1 is read"),
      (node("Pad"), "is only read in a local response normalisation"),
      (node("Concat", ["x", "x"], [("axis", .int(3))]), "must join channels"),
      (node("Div", ["x", "x"]), "must divide by a constant"),
      (node("Reshape", ["x", "s"]), "reshapes [2, 6, 6] to [36, 2] for each input"),
    ]
    for (node, message) in wrong {
      let constants = [
        "w": weights, "s": .integers([1, 36, 2], shape: [3]),
        "k": .tensor(try Tensor(zeros: [200, 2, 1, 1])),
      ]
      #expect {
        try file([node], constants)
      } throws: {
        let failure = $0 as? Failure
        return failure?.kind == "onnx" && failure?.message.contains(message) == true
          && failure?.message.contains("\"n\" (\(node.op))") == true
      }
    }
    #expect(throws: Failure.self) { try file([node("Identity")]) }
  }

  @Test("squares alone are a product, and a mean that keeps its axes is a pooling")
  func partsOfLayers() throws {
    let x = Variable(try tensor(2, 2, 6, 6))
    let g = try file([
      ONNXModel.Node("", "Mul", inputs: ["x", "x"], outputs: ["a"]),
      ONNXModel.Node("", "GlobalAveragePool", inputs: ["a"], outputs: ["b"]),
      ONNXModel.Node("", "Mul", inputs: ["a", "b"], outputs: ["y"]),
    ])
    let squares = try x * x
    let means = try squares.globalAveragePool().reshape([2, 2, 1, 1])
    let expected = try (squares * means).value.array(Float.self)
    let y = try g.call(x).value.array(Float.self)
    #expect(zip(y, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func damagedFilesOfPyTorchAreErrorsOrNetworks() throws {
    let host = try torch()
    let bytes = try host.read("in/small.onnx")
    for count in stride(from: 0, to: bytes.count, by: 37) {
      host.files["in/small.onnx"] = Array(bytes.prefix(count))
      #expect(throws: Failure.self) { try loaded(host) }
    }
    try Fuzz.run("onnx", [bytes], rounds: 400) { mutant in
      host.files["in/small.onnx"] = mutant
      _ = try loaded(host)
    }
  }
}
