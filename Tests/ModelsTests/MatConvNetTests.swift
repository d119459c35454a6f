import Formats
import Gradients
import Host
import Tensors
import TestSupport
import Testing

@testable import Models

/// Networks of MatConvNet's layout that Reference/matconvnet.py made, and real ones if they are there.
@Suite struct MatConvNetTests {
  private static func path(_ parts: String...) -> String {
    #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
      + parts.reduce("") { $0 + "/" + $1 }
  }
  private func bytes(_ name: String) throws -> [UInt8] {
    try SystemHost().read(MatConvNetTests.path("Data", name))
  }
  private func load(_ name: String) throws -> MatConvNetFile {
    try MatConvNetFile(bytes(name), name: name)
  }

  /// Images of the pattern that the script uses.
  private func pattern(_ shape: Int...) throws -> Tensor {
    try Tensor(
      (0..<shape.reduce(1, *)).map { Float($0 * 37 % 101) / 100 }, shape: [1] + shape)
  }

  private func expect(
    _ model: Layer, of image: Tensor, gives wanted: [Float],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let y = try model.call(Variable(image), training: false).value.array(Float.self)
    let error = zip(y, wanted).map { abs($0 - $1) }.max() ?? .infinity
    #expect(y.count >= wanted.count && error < 1e-4, sourceLocation: sourceLocation)
  }

  @Test("a released network gives PyTorch's logits and has its classes")
  func released() throws {
    let file = try load("released.mat")
    let model = file.model
    try expect(model, of: pattern(3, 24, 20), gives: MatConvNetConstants.image)
    #expect(model.classes?.first == "class 0, also called 0" && model.classes?.count == 5)
    #expect(model.inputShape == [3, 24, 20])
    #expect(
      model.children.map(\.name) == [
        "normalization", "conv1", "relu1", "norm1", "pool1", "conv2", "relu2", "pool2", "bn2",
        "fc6", "relu6", "dropout6", "fc8", "flatten",
      ])
    #expect(model.headPath == "fc8")
    #expect(file.notes == ["layers{13} (prob) is left out: the model gives logits"])
    #expect(
      model.children.map(\.layer.label).filter { $0.contains("(") }.prefix(5) == [
        "conv(8, 3, stride: [2, 1], padding: [1, 0, 2, 1])", "lrn(size: 5, alpha: 0.1)",
        "max_pool([3, 2], stride: 2, padding: [0, 1, 0, 1])",
        "conv(8, 3, padding: 1, groups: 2, dilation: [1, 2])", "leaky_relu(0.1)",
      ])
  }

  @Test(
    "trained, old and HDF5 files give PyTorch's logits",
    arguments: ["trained.mat", "trained73.mat", "old.mat", "graph.mat"])
  func variants(_ name: String) throws {
    let file = try load(name)
    try expect(file.model, of: pattern(3, 24, 20), gives: MatConvNetConstants.channels)
    #expect((file.model.classes?.count == 5) == (name == "old.mat" || name == "graph.mat"))
  }

  @Test("one output and a grey average image")
  func grey() throws {
    try expect(load("grey.mat").model, of: pattern(1, 9, 7), gives: MatConvNetConstants.grey)
  }

  @Test("a graph with branches, which has a sum and a concatenation")
  func branches() throws {
    let file = try load("branches.mat")
    #expect(file.model is Graph)
    #expect(file.notes == ["it has no average image, so images go into the network as they are"])
    try expect(file.model, of: pattern(3, 4, 5), gives: MatConvNetConstants.branches)
  }

  @Test("a loaded network is trained, saved and loaded, and its weights go into another one")
  func saved() throws {
    let host = MemoryHost()
    let model = try load("released.mat").model
    try model.save(to: "g", on: host)
    let again = try Layer.load(from: "g", on: host)
    try expect(again, of: pattern(3, 24, 20), gives: MatConvNetConstants.image)
    #expect(again.classes == model.classes)
    host.files["net.mat"] = try bytes("released.mat")
    let other = try load("released.mat").model
    for (_, parameter) in other.parameters {
      parameter.value = try Tensor(zeros: parameter.value?.shape ?? [])
    }
    try other.load(weights: "net.mat", on: host)
    try expect(other, of: pattern(3, 24, 20), gives: MatConvNetConstants.image)
    let y = try model.call(Variable(pattern(3, 24, 20)), training: true)
    #expect(y.shape == [1, 5])
  }

  private static let real = path("..", "..", "..", "shared", "data", "matnets")

  @Test(
    "real networks give what PyTorch gives",
    .enabled(
      if: SystemHost().kind(of: real + "/reference.npz") == .file,
      "there is no ../shared/data/matnets"),
    arguments: [
      ("oneclick-net-epoch-50.mat", "plate_x", "plate_logits"),
      ("dcfnet-net-7-125-2.mat", "dcf_x", "dcf_y"),
      ("dncnn-sigma25-bnorm.mat", "dncnn_x", "dncnn_bnorm_residual"),
      ("dncnn-dagnn-epoch-50.mat", "dncnn_x", ""),
    ])
  func realNetworks(_ name: String, input: String, output: String) throws {
    let host = SystemHost()
    let file = try NPZ(
      decoding: host.read(MatConvNetTests.real + "/reference.npz"), name: "reference.npz")
    let arrays = Dictionary(uniqueKeysWithValues: file.arrays.map { ($0.name, $0.content) })
    guard case .tensor(let x)? = arrays[input] else {
      Issue.record("there is no \(input)")
      return
    }
    let bytes = try host.read(MatConvNetTests.real + "/" + name)
    let model = try MatConvNetFile(bytes, name: name).model
    var image = try x.reshaped([1] + x.shape)
    // The inputs in the file are what is left when the average image has been subtracted.
    if let (mean, _, shape) = (model.children[0].layer as? Normalize)?.values {
      let average = try Tensor(mean, shape: [1] + (shape ?? [mean.count, 1, 1]))
      image = try (Variable.apply(.multiply, Variable(image), 1 / 255) + Variable(average)).value
    }
    // Those of the graph are not in the file: PyTorch's begin with these numbers.
    var wanted: [Float] = [
      0.1569478, 0.3417718, 0.7420893, 0.23404, 0.4371778, 0.8350268, 0.170343, 0.5720444,
    ]
    if case .tensor(let y)? = arrays[output] { wanted = y.array(Float.self) }
    try expect(model, of: image, gives: wanted)
    try Fuzz.run(name, [bytes], rounds: 5) { bytes in
      let model = try MatConvNetFile(bytes, name: name).model
      _ = try model.call(Variable(image), training: false)
    }
  }

  @Test(
    "damaged files are errors or models",
    arguments: ["released.mat", "trained.mat", "trained73.mat", "old.mat", "graph.mat"])
  func damaged(_ name: String) throws {
    let image = try pattern(3, 24, 20)
    try Fuzz.run(name, [bytes(name)], rounds: 200) { bytes in
      let model = try MatConvNetFile(bytes, name: name).model
      _ = try model.call(Variable(image), training: false)
    }
  }
}
