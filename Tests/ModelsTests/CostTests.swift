import Gradients
import Host
import Tensors
import Testing

@testable import Models

/// What layers cost in the pass that really runs.
struct CostTests {
  /// Convolutions with batch normalisations, a residual block, pooling and a dense layer.
  private func network() throws -> Layer {
    func conv(_ filters: Int, _ name: String) throws -> Layer {
      try Networks.conv(filters, 3, padding: [1], key[name])
    }
    return Sequential([
      ("conv1", try conv(16, "conv1")), ("bn1", try BatchNorm()), ("relu1", Networks.relu),
      (
        "block",
        Residual([
          ("conv", try conv(16, "conv2")), ("bn", try BatchNorm()), ("relu", Networks.relu),
          ("last", try conv(16, "conv3")),
        ])
      ), ("relu2", Networks.relu), ("bn2", try BatchNorm()),
      ("pool", Pooling(.max, size: (2, 2), window: try Window(stride: [2]))),
      ("conv4", try conv(8, "conv4")), ("relu4", Networks.relu),
      ("pool4", try Networks.pool(2, stride: 2)), ("fc", try Dense(units: 3, key: key["fc"])),
    ])
  }

  /// Which layer computes each one.
  private func places(_ training: Bool) -> [String: String] {
    let first = training ? "block.conv" : "conv1"
    let norm = training ? "block.last" : "block.conv"
    return [
      "conv1": "", "bn1": first, "relu1": first,
      "block.conv": "", "block.bn": norm, "block.relu": norm, "block.last": "", "block": "",
      "relu2": "block", "bn2": "pool", "pool": "", "conv4": "", "relu4": "conv4", "pool4": "conv4",
      "fc": "",
    ]
  }

  @Test("a layer that another one computes says which one", arguments: [false, true])
  func fusion(_ training: Bool) throws {
    let g = try network()
    let x = Variable(try tensor(2, 3, 16, 16))
    _ = try g.call(x)
    let before = g.fingerprint
    let costs = try g.costs(on: x, training: training, runs: 2)
    #expect(
      costs.map(\.report.path) == [
        "conv1", "bn1", "relu1", "block.conv", "block.bn", "block.relu", "block.last", "block",
        "relu2", "bn2", "pool", "conv4", "relu4", "pool4", "fc",
      ])
    for cost in costs {
      let path = cost.report.path
      #expect(cost.computedIn ?? "" == places(training)[path], "\(path)")
      let isHead = cost.computedIn == nil || training && ["bn1", "bn2", "block.bn"].contains(path)
      #expect((cost.seconds != nil) == isHead, "\(path)")
      #expect((cost.backwardSeconds != nil) == (isHead && training), "\(path)")
      #expect((cost.traffic > 0) == isHead, "\(path)")
    }
    #expect(g.fingerprint == before, "running means and weights stay as they are")
    let conv = costs[3]
    #expect(conv.report.algorithm == .winograd4 || conv.report.algorithm == .winograd2)
    // Fewer than those of the definition, and three times as many with both gradients.
    let part = conv.arithmetic / Double(conv.report.operations)
    #expect(training ? part < 2 && part > 0.7 : part < 0.7 && part > 0.2)
    #expect(costs.reduce(0) { $0 + ($1.seconds ?? 0) } > 0)
  }

  @Test("the fused pass gives what the network gives, and backward times belong to their layers")
  func same() throws {
    let g = try network()
    let x = Variable(try tensor(2, 3, 16, 16))
    let y = try g.call(x).value.array(Float.self)
    let (output, steps) = try g.trace(x, training: false, fuses: true)
    #expect(try output.single().value.array(Float.self) == y)
    #expect(steps.first { $0.layers[0].path == "conv4" }?.layers.count == 3)
    let costs = try g.costs(on: x, training: true, runs: 1)
    for path in ["conv1", "block.conv", "conv4", "fc"] {
      #expect(costs.first { $0.report.path == path }?.backwardSeconds ?? 0 > 0, "\(path)")
    }
  }

  @Test("something that is looked at inside a chain in a chain is what it is without looking")
  func looked() throws {
    let inner = Sequential([
      ("conv", try Networks.conv(4, 3, key)), ("relu", Networks.relu), ("bn", try BatchNorm()),
    ])
    let g = Sequential([("inner", inner), ("last", try Networks.conv(2, 1, key["last"]))])
    let x = Variable(try tensor(2, 3, 6, 6))
    let y = try g.call(x).value.array(Float.self)
    let found = try g.features(x, at: ["inner.conv", "inner.bn", "inner", "output"])
      .map { try $0.single().value.array(Float.self) }
    #expect(found[1] == found[2] && found[3] == y)
    #expect(found[0] == (try inner.children[0].layer.call(x).value.array(Float.self)))
  }

  @Test("a training step of a wide layer has no memory for the gradient of its weights")
  func wide() throws {
    let context = RunContext()
    try context.run {
      let g = try Dense(units: 512, key: key, inputs: 1024)
      let opt = try SGD([g], learningRate: 0.1, momentum: 0.9)
      let x = Variable(try tensor(8, 1024))
      func step() throws { _ = try opt.minimize { try g.call(x).mapped(.square).mean() } }
      try step()
      let held = context.memory.used
      context.memory.resetPeak()
      try step()
      #expect(context.memory.peak - held < 512 * 1024)
      // A norm needs all elements.
      context.memory.resetPeak()
      _ = try opt.minimize(clip: 1) { try g.call(x).mapped(.square).mean() }
      #expect(context.memory.peak - held > 512 * 1024 * 4)
    }
  }
}
