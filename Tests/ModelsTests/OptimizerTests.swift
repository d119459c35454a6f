import Gradients
import Host
import Tensors
import Testing

@testable import Models

/// Ten steps against PyTorch's (Reference/optimizers.py).
@Suite struct OptimizerTests {
  private func run(clip: Double? = nil, _ make: (Layer) throws -> Optimizer) throws -> [Float] {
    let weight = Parameter(try Tensor(zeros: [1, 3]))
    let model = Custom(parts: [("w", .parameter(weight))], script: "f") { _, x, _ in .tensor(x[0]) }
    let centre = Variable(try Tensor([1, -2, 3] as [Float], shape: [1, 3]))
    let slope = Variable(try Tensor([0.5, 1, 2] as [Float], shape: [1, 3]))
    let optimizer = try make(model)
    for _ in 0..<10 {
      _ = try optimizer.minimize(clip: clip) {
        let distance = try weight.variable() - centre
        return try (distance * distance * slope).sum()
      }
    }
    return try #require(weight.value).array(Float.self)
  }

  private func expect(_ found: [Float], _ expected: [Float]) {
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(found)")
  }

  @Test("sgd with momentum and decay") func sgd() throws {
    expect(
      try run { try SGD([$0], learningRate: 0.05, momentum: 0.9, weightDecay: 0.1) },
      [1.2495413, -3.0140127, 2.8036576])
  }

  @Test("sgd with Nesterov's momentum") func nesterov() throws {
    expect(
      try run {
        try SGD(
          [$0], learningRate: 0.05, momentum: 0.9, weightDecay: 0.1, isNesterov: true)
      }, [1.1845378, -2.5330888, 2.740999])
    #expect(throws: Failure.self) {
      try run { try SGD([$0], learningRate: 0.05, isNesterov: true) }
    }
  }

  @Test("adam with decay") func adam() throws {
    expect(
      try run { try Adam([$0], learningRate: 0.1, betas: (0.8, 0.99), weightDecay: 0.1) },
      [0.8649638, -0.9548285, 0.9737223])
  }

  @Test("adamw") func adamw() throws {
    expect(
      try run {
        try Adam([$0], learningRate: 0.1, betas: (0.8, 0.99), weightDecay: 0.1, isDecoupled: true)
      },
      [0.8481577, -0.9163053, 0.9321054])
  }

  @Test("gradients clipped to a norm") func clipped() throws {
    expect(
      try run(clip: 1.5) { try SGD([$0], learningRate: 0.05, momentum: 0.9) },
      [0.3081276, -1.1326889, 2.8593271])
    #expect(throws: Failure.self) { try run(clip: 0) { try SGD([$0], learningRate: 0.05) } }
  }

  @Test("multipliers of rate and decay") func multipliers() throws {
    let plain = try run { try SGD([$0], learningRate: 0.05) }
    let scaled = try run { model in
      model.parameters[0].parameter.rateMultiplier = 0.5
      model.parameters[0].parameter.decayMultiplier = 0
      return try SGD([model], learningRate: 0.1, weightDecay: 0.3)
    }
    #expect(plain == scaled)
  }
}
