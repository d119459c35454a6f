import Tensors
import Testing

@testable import Gradients

/// Equal windows give equal numbers, bit for bit, wherever they lie: what looks at images rests on it.
@Suite struct PlaceTests {
  private func noise(_ shape: Int..., seed: UInt64) throws -> Tensor {
    try Tensor.randn(shape, key: RandomKey(seed: seed))
  }

  /// Images whose pixels, the same everywhere, differ from channel to channel.
  private func flat(_ images: Int, _ channels: Int, _ height: Int, _ width: Int) throws -> Tensor {
    try noise(1, channels, 1, 1, seed: 9).broadcast(to: [images, channels, height, width])
  }

  /// How many different numbers the channels of a result have, `margin` from its edges, at most.
  private func kinds(_ y: Tensor, margin: Int) throws -> Int {
    let (images, channels, height, width) = (y.shape[0], y.shape[1], y.shape[2], y.shape[3])
    let numbers = y.array(Float.self)
    return (0..<channels).map { channel in
      var found: Set<UInt32> = []
      for image in 0..<images {
        for row in margin..<height - margin {
          for column in margin..<width - margin {
            let at = ((image * channels + channel) * height + row) * width + column
            found.insert(numbers[at].bitPattern)
          }
        }
      }
      return found.count
    }.max() ?? 0
  }

  /// What an operation gives of flat images, while a gradient at them is taken; and that gradient.
  private func looked(_ x: Tensor, _ apply: (Variable) throws -> Variable) throws -> (
    y: Tensor, dx: Tensor
  ) {
    var y = x
    let result = try Tape.valueAndGradients(at: [x], caller: "grad") {
      let result = try apply($0[0])
      y = result.value
      return try result.sum()
    }
    return (y, result.gradients[0].gradient)
  }

  private struct Case {
    let name: String
    let sizes: (channels: Int, out: Int, window: Int)
    var stride = 1
    var padding = 0
    var groups = 1
    var fusion = Fusion.none
  }

  @Test("convolutions, at the edges of tiles, runs and vectors too")
  func convolutions() throws {
    let cases = [
      Case(name: "3 x 3", sizes: (32, 40, 3), padding: 1),
      Case(name: "few channels", sizes: (3, 17, 3), padding: 1),
      Case(name: "relu", sizes: (16, 33, 3), fusion: .relu),
      Case(name: "relu and pool", sizes: (32, 32, 3), padding: 1, fusion: .reluPool(2)),
      Case(name: "5 x 5 by two", sizes: (20, 24, 5), stride: 2, padding: 2),
      Case(name: "7 x 7 by two", sizes: (3, 32, 7), stride: 2, padding: 3),
      Case(name: "1 x 1", sizes: (24, 19, 1)),
      Case(name: "groups", sizes: (32, 32, 3), padding: 1, groups: 2),
      Case(name: "depthwise", sizes: (18, 18, 3), padding: 1, groups: 18),
      Case(name: "depth in parts", sizes: (70, 16, 3), padding: 1),
    ]
    for (height, width) in [(37, 53), (16, 16), (70, 19)] {
      for wanted in cases {
        let x = try flat(2, wanted.sizes.channels, height, width)
        let w = try noise(
          wanted.sizes.out, wanted.sizes.channels / wanted.groups, wanted.sizes.window,
          wanted.sizes.window, seed: 4)
        let bias = try noise(wanted.sizes.out, seed: 5)
        let window = try Window(stride: [wanted.stride], padding: [wanted.padding])
        let (y, dx) = try looked(x) {
          try $0.conv2d(
            Variable(w), bias: Variable(bias), window: window, groups: wanted.groups,
            fusing: wanted.fusion)
        }
        let name = "\(wanted.name), \(height) x \(width)"
        #expect(try kinds(y, margin: 2) == 1, "\(name)")
        // Pixels under strides or pools differ in what they hear, by phase.
        let period = wanted.stride * (wanted.fusion == .reluPool(2) ? 2 : 1)
        #expect(try kinds(dx, margin: 4) <= period * period, "\(name), gradient")
      }
    }
  }

  @Test("pools, normalisations and the operations between them")
  func others() throws {
    let x = try flat(2, 19, 37, 53)
    let ones = Variable(try Tensor.ones([19]))
    let operations: [(String, (Variable) throws -> Variable)] = [
      ("lrn", { try $0.localResponseNorm(size: 5, k: 2, alpha: 0.3, beta: 0.75) }),
      ("lrn, another power", { try $0.localResponseNorm(size: 4, k: 1, alpha: 0.3, beta: 0.6) }),
      ("avg_pool", { try $0.avgPool(size: (3, 3), window: Window(stride: [2], padding: [1])) }),
      ("max_pool", { try $0.maxPool(size: (3, 3), window: Window(stride: [2])) }),
      (
        "batch_norm",
        {
          try $0.batchNorm(
            scale: ones, shift: ones, mean: self.noise(19, seed: 1), variance: Tensor.ones([19]),
            epsilon: 1e-5
          ).computed()
        }
      ),
      ("sigmoid", { try $0.mapped(.sigmoid) }), ("tanh", { try $0.mapped(.tanh) }),
    ]
    for (name, apply) in operations {
      #expect(try kinds(try looked(x, apply).y, margin: 2) == 1, "\(name)")
    }
  }

  @Test("the map is that of the direct algorithm, bit for bit; training keeps winograd")
  func choice() throws {
    let x = try flat(1, 32, 24, 24)
    let w = Variable(try noise(32, 32, 3, 3, seed: 4))
    let window = try Window(padding: [1])
    func map(_ algorithm: ConvolutionAlgorithm?) throws -> [Float] {
      try looked(x) {
        try $0.conv2d(w, window: window, fusing: .reluPool(2), algorithm: algorithm)
          .conv2d(w, window: window, algorithm: algorithm)
          .maxPool(size: (2, 2), window: Window(stride: [2])).mapped(.square)
      }.dx.array(Float.self)
    }
    #expect(try map(nil) == map(.direct))
    #expect(try map(nil) != map(.winograd4), "an algorithm that is given is kept")
    let chosen = try ConvolutionPlan(
      x.shape, weights: w.shape, window: window, groups: 1, wanted: nil
    ).algorithm
    #expect(chosen != .direct, "the case is another now")
  }
}
