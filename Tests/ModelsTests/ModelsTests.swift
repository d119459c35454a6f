import Formats
import Gradients
import Host
import Tensors
import Testing

@testable import Models

let key = RandomKey(seed: 1)

func tensor(_ shape: Int..., key: RandomKey = RandomKey(seed: 2)) throws -> Tensor {
  try Tensor((0..<shape.reduce(1, *)).map { Float(key.normal(UInt64($0))) }, shape: shape)
}

@Suite struct LayerTests {
  @Test("weights start uniform within 1 / √inputs, the same whenever the size becomes known")
  func standardStart() throws {
    let early = try Conv(filters: 64, size: (3, 3), window: Window(), key: key, channels: 4)
    let late = try Conv(filters: 64, size: (3, 3), window: Window(), key: key)
    #expect(late.weight.value == nil)
    let copy = late.copy()
    _ = try late.call(Variable(tensor(1, 4, 5, 5)))
    _ = try copy.call(Variable(tensor(1, 4, 5, 5)))
    #expect(early.fingerprint == late.fingerprint)
    #expect(early.fingerprint == copy.fingerprint)
    let weights = try #require(early.weight.value).array(Float.self)
    let bound = Float(1.0 / 6)
    #expect(weights.allSatisfy { abs($0) <= bound })
    #expect(weights.contains { abs($0) > 0.98 * bound })
    let mean = weights.reduce(0, +) / Float(weights.count)
    #expect(abs(mean) < 0.01)
  }

  @Test("a chain gives the same numbers whether its layers are fused or not")
  func fusing() throws {
    let g = try Networks.smallCNN(classes: 10, key: key)
    let x = Variable(try tensor(3, 1, 28, 28))
    let fused = try g.call(x).value.array(Float.self)
    let watched = Pass(training: false, trace: Trace(fuses: false))
    let last = try watched.apply(g, x, as: "").value.array(Float.self)
    #expect(fused.count == last.count && zip(fused, last).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("a layer says what the one in front of it may do in its place")
  func fusions() throws {
    let pass = Pass(training: true)
    let relu = try #require(Function("relu"))
    #expect(relu.fusion(after: .none, pass) == .relu && relu.fusion(after: .relu, pass) == nil)
    #expect(Function("tanh")?.fusion(after: .none, pass) == nil)
    let squares = try Networks.pool(2, stride: 2)
    #expect(squares.fusion(after: .relu, pass) == .reluPool(2))
    #expect(squares.fusion(after: .none, pass) == nil)
    #expect(try Networks.pool(3, stride: 2).fusion(after: .relu, pass) == nil)
    let mean = Pooling(.average, size: (2, 2), window: try Window(stride: [2]))
    #expect(mean.fusion(after: .relu, pass) == nil)
    let (conv, dense) = (try Networks.conv(2, 3, key), try Dense(units: 2, key: key))
    #expect(conv.fused(with: .reluPool(2), pass) != nil)
    #expect(dense.fused(with: .relu, pass) != nil && dense.fused(with: .reluPool(2), pass) == nil)
    #expect(squares.fused(with: .relu, pass) == nil)
    let norm = try BatchNorm()
    #expect(norm.fused(with: .relu6, pass) != nil && norm.fused(with: .reluPool(2), pass) == nil)
    _ = try norm.call(Variable(tensor(1, 2, 3, 3)))
    #expect(norm.fusion(after: .none, pass) == nil)
    let fusion = try #require(norm.fusion(after: .none, Pass(training: false)))
    #expect(conv.fused(with: fusion, pass) != nil && dense.fused(with: fusion, pass) == nil)
    #expect(norm.fused(with: fusion, pass) == nil)
    #expect(norm.fusion(after: fusion, Pass(training: false)) == nil)
    let clamped = try #require(relu.fusion(after: fusion, pass))
    #expect(clamped != fusion && relu.fusion(after: clamped, pass) == nil)
  }

  @Test("in evaluation mode a convolution normalises what it writes, by every algorithm")
  func folding() throws {
    func conv(
      _ filters: Int, _ size: Int, groups: Int = 1, stride: Int = 1,
      _ algorithm: ConvolutionAlgorithm
    ) throws -> Layer {
      try Conv(
        filters: filters, size: (size, size),
        window: Window(stride: [stride], padding: [size / 2]), groups: groups,
        algorithm: algorithm, key: key)
    }
    let norms = try (0..<5).map { _ in try BatchNorm() }
    let image = try Conv(
      filters: 6, size: (7, 7), window: Window(), algorithm: .product, key: key)
    let g = Sequential(
      [
        ("stem", try conv(16, 3, stride: 2, .winograd4)), ("norm0", norms[0]),
        ("relu0", try #require(Function("relu"))),
        ("depthwise", try conv(16, 3, groups: 16, .depthwise)),
        ("norm1", norms[1]), ("relu1", try #require(Function("relu6"))),
        ("single", try conv(18, 1, .direct)), ("norm2", norms[2]),
        ("wide", try conv(20, 3, .winograd2)),
        ("norm3", norms[3]), ("relu3", try #require(Function("relu6"))), ("image", image),
        ("norm4", norms[4]),
      ])
    let x = Variable(try tensor(2, 3, 14, 14))
    _ = try g.call(x)
    for (i, norm) in norms.enumerated() {
      let count = try #require(norm.weight.value).count
      func draw(_ j: Int) throws -> Tensor { try tensor(count, key: key[i][j]) }
      norm.runningMean.value = try draw(0)
      norm.runningVariance.value = try Tensor(
        draw(1).array(Float.self).map { $0 * $0 + 0.5 }, shape: [count])
      norm.weight.value = try draw(2)
      norm.bias.value = try draw(3)
    }
    let steps = try g.trace(x, training: false, fuses: true).steps.filter { $0.layers.count > 1 }
    #expect(
      steps.map { $0.layers.map(\.path) } == [
        ["stem", "norm0", "relu0"], ["depthwise", "norm1", "relu1"], ["single", "norm2"],
        ["wide", "norm3", "relu3"], ["image", "norm4"],
      ])
    let found = try g.call(x).value.array(Float.self)
    let alone = Pass(training: false, trace: Trace(fuses: false))
    let expected = try alone.apply(g, x, as: "").value.array(Float.self)
    #expect(expected.contains { abs($0) > 0.1 })
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 * (1 + abs($1)) })
  }

  @Test("no two kinds of layers have one name in files")
  func kinds() {
    let names = LayerKind.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test("parameters have paths, and a shared layer is listed once")
  func paths() throws {
    let shared = try Dense(units: 3, key: key, inputs: 3)
    let g = Sequential([shared, Residual(Sequential([shared, try Dense(units: 3, key: key)]))])
    #expect(
      g.parameters.map(\.path) == ["0.weight", "0.bias", "1.body.1.weight", "1.body.1.bias"])
  }

  @Test("an image is a batch of one")
  func image() throws {
    let g = try Networks.smallCNN(classes: 4, key: key)
    #expect(try g.call(Variable(tensor(1, 28, 28))).shape == [1, 4])
  }

  @Test("a copy shares nothing")
  func copies() throws {
    let g = try Dense(units: 2, key: key, inputs: 3)
    let h = g.copy()
    let before = g.fingerprint
    try h.parameters[0].parameter.update { try $0.write(Float.self) { $0[0] += 1 } }
    #expect(g.fingerprint == before)
    #expect(h.fingerprint != before)
  }

  @Test("parts of a model with a forward function run in the model's form, others in their own")
  func forms() throws {
    let drop = try Dropout(rate: 0.5, key: key)
    let other = try Dropout(rate: 0.5, key: key)
    var seen: [Bool] = []
    let model = Custom(
      parts: [("drop", .layer(drop)), ("w", .parameter(Parameter(try tensor(1))))], script: "f"
    ) {
      _, inputs, _ in
      let x = inputs[0]
      let a = try drop.call(x)
      let b = try other.call(x)
      for y in [a, b] { seen.append(y.value.array(Float.self).contains(0)) }
      return .tensor(x)
    }
    let x = Variable(try tensor(10, 10))
    _ = try model.call(x, training: true)
    _ = try model.call(x)
    #expect(seen == [true, false, false, false])
  }

  @Test("batch normalisation trains on the batch and evaluates on running means")
  func batchNorm() throws {
    let norm = try BatchNorm()
    let x = Variable(try tensor(8, 2, 3, 3))
    let trained = try norm.call(x, training: true).value.array(Float.self)
    #expect(abs(trained.reduce(0, +)) < 1e-3)
    #expect(norm.batches.value?.array(Int32.self) == [1])
    _ = try norm.call(x)
    #expect(norm.batches.value?.array(Int32.self) == [1])
  }
}

@Suite struct MinimizeTests {
  private func setting() throws -> (Layer, SGD, () throws -> Variable) {
    let g = try Networks.smallCNN(classes: 5, key: key)
    let x = Variable(try tensor(6, 1, 12, 12))
    let y = try Tensor([0, 1, 2, 3, 4, 0] as [Int32], shape: [6])
    let opt = try SGD([g], learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3)
    return (g, opt, { try g.call(x).crossEntropy(labels: y) })
  }

  @Test("the loss falls, also where the layers get their sizes in the first step")
  func learns() throws {
    let (_, opt, loss) = try setting()
    let first = try opt.minimize(loss)
    for _ in 0..<20 { _ = try opt.minimize(loss) }
    #expect(try opt.minimize(loss) < first / 2)
  }

  @Test("the same steps give the same numbers, whatever the number of threads")
  func deterministic() throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    let prints = try [1, 2, 3].map { count in
      Threads.count = count
      let (g, opt, loss) = try setting()
      for _ in 0..<3 { _ = try opt.minimize(loss) }
      return g.fingerprint
    }
    #expect(prints[0] == prints[1])
    #expect(prints[0] == prints[2])
  }

  @Test("a loss that is not finite changes nothing, running means included")
  func notFinite() throws {
    let norm = try BatchNorm(channels: 2)
    let g = Sequential([norm, try Dense(units: 1, key: key, inputs: 2)])
    let opt = try SGD([g], learningRate: 0.1)
    let before = g.fingerprint
    let bad = try Tensor([1, .nan, 2, 3] as [Float], shape: [2, 2])
    let failure = #expect(throws: Failure.self) {
      try opt.minimize { try g.call(Variable(bad)).sum() }
    }
    #expect(failure?.kind == "not-finite")
    #expect(g.fingerprint == before)
    #expect(opt.steps == 0)
  }

  @Test("an interrupt in the loss changes nothing")
  func interrupted() throws {
    let (g, opt, loss) = try setting()
    _ = try opt.minimize(loss)
    let before = g.fingerprint
    #expect(throws: Interrupted.self) {
      try opt.minimize {
        _ = try loss()
        throw Interrupted()
      }
    }
    #expect(g.fingerprint == before)
    #expect(Tape.current == nil)
  }

  @Test("parameters that the loss does not use, or that are frozen, stay as they are")
  func unused() throws {
    let used = try Dense(units: 2, key: key, inputs: 2)
    let idle = try Dense(units: 2, key: key["idle"], inputs: 2)
    let opt = try SGD([used, idle], learningRate: 0.1, weightDecay: 0.1)
    let x = Variable(try tensor(3, 2))
    let before = idle.fingerprint
    used.bias?.isFrozen = true
    let bias = used.bias?.value?.array(Float.self)
    _ = try opt.minimize { try used.call(x).sum() }
    #expect(idle.fingerprint == before)
    #expect(used.bias?.value?.array(Float.self) == bias)
    let failure = #expect(throws: Failure.self) { try opt.minimize { try x.sum() } }
    #expect(failure?.kind == "no-gradient")
  }

  @Test("training mode applies only if the optimizer owns the model")
  func forms() throws {
    let owned = Sequential([try Dropout(rate: 0.5, key: key), try Dense(units: 1, key: key)])
    let other = try Dropout(rate: 0.5, key: key)
    let opt = try SGD([owned], learningRate: 0)
    let ones = Variable(try Tensor([Float](repeating: 1, count: 100), shape: [1, 100]))
    var dropped: [Bool] = []
    _ = try opt.minimize {
      dropped.append(try owned.layers[0].call(ones).value.array(Float.self).contains(0))
      dropped.append(try other.call(ones).value.array(Float.self).contains(0))
      return try owned.call(ones).sum()
    }
    dropped.append(try owned.layers[0].call(ones).value.array(Float.self).contains(0))
    #expect(dropped == [true, false, false])
  }

  @Test("an optimizer's state, saved and restored, goes on as if nothing had happened")
  func states() throws {
    let (g, opt, loss) = try setting()
    for _ in 0..<2 { _ = try opt.minimize(loss) }
    let h = g.copy()
    let state = try SafeTensors(decoding: opt.savedState().encoded(), path: "state")
    let again = try SGD([h], learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3)
    try again.restore(state)
    let x = Variable(try tensor(6, 1, 12, 12))
    let y = try Tensor([0, 1, 2, 3, 4, 0] as [Int32], shape: [6])
    _ = try opt.minimize(loss)
    _ = try again.minimize { try h.call(x).crossEntropy(labels: y) }
    #expect(g.fingerprint == h.fingerprint)
    #expect(again.steps == 3)
  }
}
