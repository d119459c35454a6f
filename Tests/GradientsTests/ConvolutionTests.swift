import Tensors
import Testing

@testable import Gradients

/// Every convolution algorithm against the definition, computed in float64 by plain loops.
@Suite struct ConvolutionTests {
  /// A convolution's shapes.
  struct Case: CustomStringConvertible {
    let x: [Int]
    let w: [Int]
    var stride = [1]
    var padding = [0]
    var groups = 1
    var description: String { "\(x) \(w) stride \(stride) padding \(padding) groups \(groups)" }
  }

  static let cases = [
    Case(x: [1, 1, 1, 1], w: [1, 1, 1, 1]),
    Case(x: [1, 1, 1, 1], w: [2, 1, 3, 3], padding: [1]),
    Case(x: [3, 17, 13, 11], w: [19, 17, 3, 3], padding: [1]),
    Case(x: [2, 32, 7, 23], w: [16, 32, 3, 3]),
    Case(x: [1, 16, 2, 2], w: [16, 16, 3, 3], padding: [1]),
    // More than one group of tiles, of a thread's own and of all threads.
    Case(x: [5, 17, 13, 11], w: [16, 17, 3, 3], padding: [1]),
    Case(x: [16, 48, 13, 12], w: [64, 48, 3, 3], padding: [1]),
    // Weights that are used in parts.
    Case(x: [2, 130, 7, 6], w: [70, 130, 3, 3], padding: [1]),
    Case(x: [3, 150, 3, 3], w: [40, 150, 3, 3], padding: [1]),
    Case(x: [2, 40, 9, 8], w: [72, 40, 3, 3], stride: [2], padding: [1]),
    Case(x: [1, 40, 11, 9], w: [40, 40, 5, 5], stride: [2], padding: [2]),
    Case(x: [1, 20, 5, 5], w: [18, 20, 3, 3], padding: [4, 0, 5, 1]),
    Case(x: [2, 16, 3, 1], w: [33, 16, 3, 3], padding: [7]),
    Case(x: [2, 18, 23, 19], w: [17, 18, 5, 5], stride: [2], padding: [1]),
    Case(x: [1, 16, 11, 14], w: [16, 16, 6, 4], stride: [2], padding: [2, 3, 1, 0]),
    Case(x: [1, 16, 8, 8], w: [16, 16, 4, 5], stride: [2], padding: [6]),
    Case(x: [2, 18, 13, 20], w: [17, 18, 3, 3], stride: [2], padding: [1]),
    Case(x: [1, 16, 11, 23], w: [16, 16, 4, 3], stride: [2], padding: [0, 1, 1, 2]),
    Case(x: [2, 4, 15, 6], w: [16, 4, 3, 4], stride: [2], padding: [1]),
    Case(x: [2, 3, 29, 31], w: [24, 3, 7, 7], stride: [2], padding: [3]),
    Case(x: [3, 4, 17, 14], w: [16, 4, 5, 6], stride: [2], padding: [2, 0, 1, 3]),
    Case(x: [1, 1, 40, 9], w: [17, 1, 8, 7], stride: [2], padding: [0, 4]),
    Case(x: [2, 18, 23, 21], w: [20, 18, 7, 8], stride: [2], padding: [3]),
    Case(x: [1, 6, 9, 76], w: [4, 3, 7, 5], stride: [2], padding: [3, 1], groups: 2),
    Case(x: [1, 5, 13, 17], w: [7, 5, 2, 2], stride: [5, 3]),
    Case(x: [1, 4, 6, 6], w: [3, 4, 2, 3], padding: [5]),
    Case(x: [2, 40, 9, 9], w: [24, 40, 1, 1]),
    // Single pixels whose rows are read from the image itself.
    Case(x: [3, 20, 8, 6], w: [18, 20, 1, 1]),
    Case(x: [2, 33, 32, 34], w: [40, 33, 1, 1]),
    Case(x: [2, 32, 8, 8], w: [48, 16, 1, 1], groups: 2),
    Case(x: [1, 3, 37, 41], w: [5, 3, 1, 1], stride: [2, 3], padding: [1]),
    Case(x: [2, 12, 9, 7], w: [8, 3, 3, 3], padding: [1], groups: 4),
    Case(x: [1, 32, 8, 9], w: [64, 16, 3, 3], padding: [1], groups: 2),
    Case(x: [2, 5, 19, 17], w: [5, 1, 3, 3], padding: [1], groups: 5),
    Case(x: [1, 3, 6, 83], w: [3, 1, 3, 3], padding: [0, 1, 1, 2], groups: 3),
    Case(x: [2, 5, 7, 7], w: [5, 1, 5, 5], padding: [2], groups: 5),
    Case(x: [1, 3, 9, 14], w: [3, 1, 5, 3], padding: [2, 1], groups: 3),
    Case(x: [1, 7, 14, 33], w: [7, 1, 5, 5], stride: [2], padding: [2], groups: 7),
    Case(x: [1, 3, 5, 5], w: [3, 1, 2, 2], stride: [3], padding: [2, 0, 1, 3], groups: 3),
    Case(x: [1, 3, 9, 14], w: [3, 1, 3, 3], stride: [2, 1], padding: [1], groups: 3),
    Case(x: [2, 3, 9, 15], w: [3, 1, 4, 3], stride: [1, 2], padding: [0, 1], groups: 3),
    Case(x: [3, 6, 4, 5], w: [9, 6, 4, 5]),
  ]

  @Test("forward and gradients of every algorithm that fits", arguments: cases)
  func algorithms(_ shapes: Case) throws {
    let window = try Window(stride: shapes.stride, padding: shapes.padding)
    let key = RandomKey(seed: 5)
    let x = try draw(shapes.x, key[0])
    let w = try draw(shapes.w, key[1])
    let b = try draw([shapes.w[0]], key[2])
    let expected = try Reference(x, w, b, window, shapes.groups, key[3])
    var tried: [ConvolutionAlgorithm] = []
    for algorithm in ConvolutionAlgorithm.allCases {
      guard
        (try? ConvolutionPlan(
          shapes.x, weights: shapes.w, window: window, groups: shapes.groups, wanted: algorithm))
          != nil
      else { continue }
      tried.append(algorithm)
      for dtype in [DType.float64, .float32] {
        let found = try gradients(
          [x, w, b].map { try $0.cast(to: dtype) }, expected.seed.cast(to: dtype)
        ) {
          try $0[0].conv2d(
            $0[1], bias: $0[2], window: window, groups: shapes.groups, algorithm: algorithm)
        }
        let tolerance = dtype == .float64 ? 1e-13 : 6e-6
        for (name, pair) in zip(
          ["y", "dx", "dw", "db"], zip(found, expected.all))
        {
          let error = try Self.error(pair.0, pair.1)
          #expect(error <= tolerance, "\(algorithm) \(dtype.name) \(name)")
        }
      }
    }
    #expect(tried.contains(.direct))
  }

  @Test(
    "a form of the weights that is kept is that of the weights as they are",
    arguments: ConvolutionAlgorithm.allCases.filter { ![.product, .depthwise].contains($0) })
  func keptForms(_ algorithm: ConvolutionAlgorithm) throws {
    let key = RandomKey(seed: 3)
    let x = try draw([1, 16, 14, 14], key[0])
    var w = try draw([16, 16, 3, 3], key[1])
    func run(_ w: Tensor) throws -> [Double] {
      try Variable(x).conv2d(Variable(w), window: Window(padding: [1]), algorithm: algorithm)
        .value.array()
    }
    let first = try run(w)
    #expect(try run(w) == first)
    try w.write(Double.self) { $0[7] += 1 }
    let second = try run(w)
    #expect(second != first)
    #expect(try run(Tensor(w.array(Double.self), shape: w.shape)) == second)
  }

  @Test("tiles that end within the image, at every size", arguments: 1...11)
  func sizes(_ height: Int) throws {
    let key = RandomKey(seed: 9)
    for width in 1...11 {
      for (size, stride) in [(3, 1), (5, 2), (7, 2)] {
        let window = try Window(stride: [stride], padding: [size / 2])
        let inputs = [
          try draw([2, 17, height, width], key[0]), try draw([18, 17, size, size], key[1]),
        ]
        let shape = [2, 18, (height - 1) / stride + 1, (width - 1) / stride + 1]
        let seed = try draw(shape, key[2])
        func run(_ algorithm: ConvolutionAlgorithm) throws -> [Tensor] {
          try gradients(inputs, seed) {
            try $0[0].conv2d($0[1], window: window, algorithm: algorithm)
          }
        }
        let expected = try run(.direct)
        for algorithm in [ConvolutionAlgorithm.winograd4, .winograd5] {
          for (name, pair) in zip(["y", "dx", "dw"], zip(try run(algorithm), expected)) {
            let error = try Self.error(pair.0, pair.1)
            #expect(error <= 1e-13, "\(algorithm) \(name), \(size) of \(height) x \(width)")
          }
        }
      }
    }
  }

  @Test(
    "relu and pooling taken along, by every algorithm, are what they are alone",
    arguments: [
      (Case(x: [3, 17, 14, 14], w: [19, 17, 3, 3], padding: [1]), 2),
      (Case(x: [2, 16, 13, 11], w: [19, 16, 3, 3], padding: [1]), 2),
      (Case(x: [1, 16, 15, 16], w: [19, 16, 3, 3], padding: [1]), 3),
      (Case(x: [1, 16, 9, 70], w: [19, 16, 3, 3], padding: [1]), 2),
      (Case(x: [2, 16, 16, 32], w: [19, 16, 3, 3], padding: [1]), 3),
      (Case(x: [2, 3, 41, 39], w: [16, 3, 7, 7], stride: [2], padding: [2]), 2),
      (Case(x: [1, 16, 23, 67], w: [19, 16, 5, 5], stride: [2]), 3),
    ])
  func pooled(_ shapes: Case, _ size: Int) throws {
    let key = RandomKey(seed: 8)
    let inputs = [
      try draw(shapes.x, key[0]), try draw(shapes.w, key[1]), try draw([shapes.w[0]], key[2]),
    ]
    let window = try Window(stride: shapes.stride, padding: shapes.padding)
    let convolution = try Convolution(
      shapes.x, weights: shapes.w, bias: nil, window: window, groups: 1,
      fusion: .reluPool(size))
    let seed = try draw(convolution.outputShape, key[3])
    let expected = try gradients(inputs, seed) {
      try $0[0].conv2d($0[1], bias: $0[2], window: window, algorithm: .direct).relu()
        .maxPool(size: (size, size), window: Window(stride: [size]))
    }
    var tried: [ConvolutionAlgorithm] = []
    for algorithm in [ConvolutionAlgorithm.direct, .winograd2, .winograd4, .winograd5] {
      let found = try? gradients(inputs, seed) {
        try $0[0].conv2d(
          $0[1], bias: $0[2], window: window, fusing: .reluPool(size), algorithm: algorithm)
      }
      guard let found else { continue }
      tried.append(algorithm)
      for (name, pair) in zip(["y", "dx", "dw", "db"], zip(found, expected)) {
        let error = try Self.error(pair.0, pair.1)
        #expect(error <= 1e-13, "\(algorithm) \(name)")
      }
    }
    #expect(tried.contains(.winograd5))
  }

  @Test("an algorithm that does not fit is an error that says what it is for")
  func misfit() throws {
    let x = Variable(try Tensor(zeros: [1, 16, 8, 8]))
    let w = Variable(try Tensor(zeros: [16, 16, 5, 5]))
    do {
      _ = try x.conv2d(w, window: Window(), algorithm: .winograd4)
      Issue.record("no error")
    } catch {
      #expect(
        "\(error)".contains(
          "winograd4 computes windows of 3 x 3 with stride 1 or of 3 x 3 to 8 x 8 with stride 2"))
    }
  }

  @Test(
    "numbers do not depend on the number of threads", arguments: [cases[2], cases[7], cases[10]])
  func threads(_ shapes: Case) throws {
    let window = try Window(stride: shapes.stride, padding: shapes.padding)
    let key = RandomKey(seed: 6)
    let x = try draw(shapes.x, key[0]).cast(to: .float32)
    let w = try draw(shapes.w, key[1]).cast(to: .float32)
    let y = try Variable(x).conv2d(Variable(w), window: window).value
    let seed = try draw(y.shape, key[2]).cast(to: .float32)
    let before = Threads.count
    defer { Threads.count = before }
    let runs = try [1, 2, 3].map { count in
      Threads.count = count
      return try gradients([x, w], seed) { try $0[0].conv2d($0[1], window: window) }
        .map { $0.array(Float.self) }
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0] == runs[2])
  }

  /// The result and the gradients of `sum(seed * result)`.
  private func gradients(
    _ inputs: [Tensor], _ seed: Tensor, _ body: ([Variable]) throws -> Variable
  ) throws -> [Tensor] {
    try Tape.record { tape in
      let leaves = inputs.map { tape.leaf($0) }
      let y = try body(leaves)
      let all = try tape.walk(from: y, seed: seed, wanted: leaves.map(\.node))
      return [y.value] + all.compactMap { $0 }
    }
  }

  private func draw(_ shape: [Int], _ key: RandomKey) throws -> Tensor {
    try Tensor(
      (0..<shape.reduce(1, *)).map { 2 * key.uniform(UInt64($0)) - 1 }, shape: shape)
  }

  /// The largest difference, relative to the largest number expected.
  static func error(_ found: Tensor, _ expected: Tensor) throws -> Double {
    #expect(found.shape == expected.shape)
    let pairs = zip(
      try found.cast(to: .float64).array(Double.self), expected.array(Double.self))
    let scale = expected.array(Double.self).map(abs).max() ?? 0
    return pairs.map { $0.isNaN ? .infinity : abs($0 - $1) }.max().map { $0 / max(scale, 1e-300) }
      ?? 0
  }

  /// The definition.
  private struct Reference {
    let seed: Tensor
    let all: [Tensor]

    init(
      _ x: Tensor, _ w: Tensor, _ b: Tensor, _ window: Window, _ groups: Int, _ key: RandomKey
    ) throws {
      let g = try WindowGeometry("conv2d", x.shape, size: (w.shape[2], w.shape[3]), window)
      let (out, inner) = (w.shape[0], w.shape[1])
      let shape = [g.images, out, g.outHeight, g.outWidth]
      let count = shape.reduce(1, *)
      let seeds = (0..<count).map { 2 * key.uniform(UInt64($0)) - 1 }
      let (xs, ws, bs) = (x.array(Double.self), w.array(Double.self), b.array(Double.self))
      var y = [Double](repeating: 0, count: count)
      var dx = [Double](repeating: 0, count: xs.count)
      var dw = [Double](repeating: 0, count: ws.count)
      var db = [Double](repeating: 0, count: out)
      var i = 0
      for n in 0..<g.images {
        for o in 0..<out {
          for oy in 0..<g.outHeight {
            for ox in 0..<g.outWidth {
              y[i] = bs[o]
              db[o] += seeds[i]
              for c in 0..<inner {
                let channel = n * g.channels + o / (out / groups) * inner + c
                for ky in 0..<g.windowHeight {
                  for kx in 0..<g.windowWidth {
                    let py = oy * window.stride.y + ky - g.padding.top
                    let px = ox * window.stride.x + kx - g.padding.left
                    if py < 0 || py >= g.height || px < 0 || px >= g.width { continue }
                    let at = (channel * g.height + py) * g.width + px
                    let tap = ((o * inner + c) * g.windowHeight + ky) * g.windowWidth + kx
                    y[i] += xs[at] * ws[tap]
                    dx[at] += seeds[i] * ws[tap]
                    dw[tap] += seeds[i] * xs[at]
                  }
                }
              }
              i += 1
            }
          }
        }
      }
      seed = try Tensor(seeds, shape: shape)
      all = [
        try Tensor(y, shape: shape), try Tensor(dx, shape: x.shape), try Tensor(dw, shape: w.shape),
        try Tensor(db, shape: [out]),
      ]
    }
  }
}
