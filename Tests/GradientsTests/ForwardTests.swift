import Glibc
import Tensors
import Testing

@testable import Gradients

/// The network operations against PyTorch's numbers (Reference/forward.py).
@Suite struct ForwardTests {
  /// The numbers that the script's `wave` gives.
  private func wave(_ a: Double, _ shape: Int..., times factor: Double = 1, plus: Double = 0)
    throws -> Variable
  {
    let count = shape.reduce(1, *)
    return Variable(
      try Tensor((0..<count).map { factor * sin(a * Double($0 + 1)) + plus }, shape: shape))
  }

  private func expect(_ y: Variable, _ expected: [Double], within tolerance: Double = 1e-8) throws {
    let found = try y.value.cast(to: .float64).array(Double.self)
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) <= tolerance) }
  }

  /// Every `down`th row and `across`th column of images.
  private func thinned(_ y: Variable, _ down: Int, _ across: Int) throws -> Variable {
    let s = y.shape
    let rows = try Tensor(
      (0..<(s[2] + down - 1) / down).map { Int32($0 * down) }, shape: [(s[2] + down - 1) / down])
    let columns = try Tensor(
      (0..<(s[3] + across - 1) / across).map { Int32($0 * across) },
      shape: [(s[3] + across - 1) / across])
    let all = TensorIndex.slice(low: nil, high: nil)
    return try y.at([all, all, .tensor(rows)]).at([all, all, all, .tensor(columns)])
  }

  @Test("conv_transpose2d with strides, padding, extra rows and columns, groups and a bias")
  func transposedConvolution() throws {
    let y = try wave(0.7, 2, 4, 3, 3).convTranspose2d(
      wave(0.31, 4, 2, 3, 2), bias: wave(0.5, 4), window: Window(stride: [2, 3], padding: [1, 0]),
      extra: (1, 2), groups: 2)
    try expect(thinned(y, 2, 3), ForwardConstants.transposed)
  }

  @Test("grid_sample with each padding, corners aligned or not")
  func gridSample() throws {
    let x = try wave(0.7, 2, 4, 5, 6)
    let grid = try wave(0.37, 2, 2, 3, 2, times: 1.6)
    let expected: [(SamplePadding, Bool, [Double])] = [
      (.zeros, false, ForwardConstants.zeros), (.zeros, true, ForwardConstants.zerosAligned),
      (.border, false, ForwardConstants.border), (.border, true, ForwardConstants.borderAligned),
      (.reflection, false, ForwardConstants.reflection),
      (.reflection, true, ForwardConstants.reflectionAligned),
    ]
    let all = TensorIndex.slice(low: nil, high: nil)
    for (padding, isAligned, numbers) in expected {
      let y = try x.gridSample(grid, padding: padding, alignsCorners: isAligned)
      try expect(y.at([all, .slice(low: 0, high: 2)]), numbers)
    }
  }

  @Test("grid_sample at places that are far outside, infinite or not a number")
  func oddPlaces() throws {
    let x = try wave(0.7, 1, 1, 3, 3)
    for padding in SamplePadding.allCases {
      for place in [1e30, Double.infinity, -Double.infinity, Double.nan] {
        let grid = Variable(try Tensor([place, 0], shape: [1, 1, 1, 2]))
        let y = try x.gridSample(grid, padding: padding).value.array(Double.self)[0]
        #expect(y.isNaN == (place.isNaN || padding == .reflection && place.isInfinite))
      }
    }
  }

  @Test("affine_grid, corners aligned or not")
  func affineGrid() throws {
    let theta = try wave(0.6, 2, 2, 3)
    try expect(theta.affineGrid(size: (2, 3)), ForwardConstants.affineGrid)
    try expect(
      theta.affineGrid(size: (2, 3), alignsCorners: true), ForwardConstants.affineGridAligned)
  }

  @Test("conv2d with strides, padding, groups, and with relu and pooling taken along")
  func convolutions() throws {
    let x = try wave(0.7, 2, 4, 5, 6)
    try expect(
      x.conv2d(
        wave(0.31, 3, 4, 3, 2), bias: wave(0.5, 3),
        window: Window(stride: [2, 1], padding: [1, 0])),
      ForwardConstants.convolution)
    try expect(
      thinned(x.conv2d(wave(0.31, 4, 2, 3, 3), window: Window(padding: [1]), groups: 2), 2, 2),
      ForwardConstants.grouped)
    try expect(
      x.conv2d(
        wave(0.31, 3, 4, 3, 3), bias: wave(0.5, 3), window: Window(padding: [1]),
        fusing: .reluPool(2)),
      ForwardConstants.reluPool)
  }

  @Test("conv2d in float32 is as close as float32 can be")
  func single() throws {
    try expect(
      wave(0.7, 2, 4, 5, 6).cast(to: .float32).conv2d(
        wave(0.31, 3, 4, 3, 3).cast(to: .float32), bias: wave(0.5, 3).cast(to: .float32),
        window: Window(padding: [1]), fusing: .reluPool(2)),
      ForwardConstants.reluPool, within: 1e-5)
  }

  @Test("pooling")
  func pooling() throws {
    let x = try wave(0.7, 2, 4, 5, 6)
    try expect(
      x.maxPool(size: (3, 3), window: Window(stride: [2], padding: [1])), ForwardConstants.maxPool)
    try expect(
      x.avgPool(size: (2, 3), window: Window(stride: [1, 2], padding: [1, 0]))
        .at([.slice(low: nil, high: nil), .slice(low: 0, high: 2)]),
      ForwardConstants.averagePool)
    try expect(
      x.adaptiveAvgPool(size: (3, 4))
        .at([.slice(low: nil, high: nil), .slice(low: 0, high: 2)]),
      ForwardConstants.adaptivePool)
    #expect(
      try x.adaptiveAvgPool(size: (5, 6)).value.array(Double.self) == x.value.array(Double.self))
  }

  @Test("adaptive maxima, and images made larger and smaller")
  func sizes() throws {
    let x = try wave(0.7, 2, 4, 5, 6)
    let all = TensorIndex.slice(low: nil, high: nil)
    func first(_ channels: Int, _ y: Variable) throws -> Variable {
      try y.at([all, .slice(low: 0, high: channels)])
    }
    try expect(first(2, x.adaptiveMaxPool(size: (3, 4))), ForwardConstants.adaptiveMaxPool)
    let methods: [(UpsampleMethod, larger: [Double], twice: [Double], smaller: [Double])] = [
      (
        .nearest, ForwardConstants.nearest, ForwardConstants.nearestTwice,
        ForwardConstants.nearestSmaller
      ),
      (
        .bilinear, ForwardConstants.bilinear, ForwardConstants.bilinearTwice,
        ForwardConstants.bilinearSmaller
      ),
    ]
    for (method, larger, twice, smaller) in methods {
      try expect(first(1, x.upsampled(to: (7, 9), by: method)), larger)
      let last = TensorIndex.slice(low: 3, high: nil)
      let wide = try x.upsampled(to: (10, 12), by: method).at([.slice(low: 1, high: nil), last])
      try expect(thinned(wide, 3, 2), twice)
      try expect(first(2, x.upsampled(to: (3, 4), by: method)), smaller)
    }
    #expect(
      try x.upsampled(to: (5, 6), by: .bilinear).value.array(Double.self)
        == x.value.array(Double.self))
  }

  @Test("windows with gaps, and the gradient of rows of which one is taken three times")
  func dilationAndRows() throws {
    let x = try wave(0.7, 2, 4, 5, 6)
    try expect(
      x.conv2d(
        wave(0.31, 3, 4, 2, 2).dilated(by: (2, 3)), window: Window(stride: [1, 2], padding: [1])),
      ForwardConstants.dilated)
    try expect(
      thinned(
        wave(0.7, 1, 4, 3, 3).convTranspose2d(
          wave(0.31, 4, 2, 2, 2).dilated(by: (3, 2)), window: Window(stride: [2], padding: [1])),
        2, 1),
      ForwardConstants.transposedDilated)
    let factors = try wave(0.3, 2, 2, 2)
    let places = TensorIndex.tensor(try Tensor([3, 0, 3, 3] as [Int32], shape: [4]))
    let found = try Tape.valueAndGradients(at: [wave(0.7, 5, 2).value], caller: "grad") { table in
      try (table[0].at([places]).reshape([2, 2, 2]) * factors).sum()
    }
    try expect(Variable(found.gradients[0].gradient), ForwardConstants.embeddingGradient)
  }

  @Test("normalisations; PyTorch's α is ours times the window's size")
  func norms() throws {
    let x = try wave(0.7, 2, 4, 5, 6)
    try expect(
      thinned(x.localResponseNorm(size: 5, k: 2, alpha: 0.2, beta: 0.75), 2, 3),
      ForwardConstants.lrn)
    let (scale, shift) = (try wave(0.3, 4, plus: 1), try wave(0.4, 4))
    try expect(
      thinned(x.batchNorm(scale: scale, shift: shift, epsilon: 1e-5).0.computed(), 2, 3),
      ForwardConstants.batchNorm)
    let variance = try wave(0.3, 4).value.array(Double.self).map { 1 + $0 * $0 }
    try expect(
      thinned(
        x.batchNorm(
          scale: scale, shift: shift, mean: wave(0.2, 4).value,
          variance: Tensor(variance, shape: [4]), epsilon: 1e-5
        ).computed(), 2, 3),
      ForwardConstants.batchNormEvaluated)
  }

  @Test("softmax, its logarithm, linear and the losses")
  func losses() throws {
    let logits = try wave(0.9, 3, 5, times: 3)
    try expect(logits.softmax(), ForwardConstants.softmax)
    try expect(logits.logSoftmax(axis: 0), ForwardConstants.logSoftmax)
    try expect(
      wave(0.7, 3, 4).linear(wave(0.31, 2, 4), bias: wave(0.5, 2)), ForwardConstants.linear)
    try expect(
      logits.crossEntropy(labels: Tensor([4, 0, 2] as [Int32], shape: [3])),
      ForwardConstants.crossEntropy)
    try expect(
      logits.distillation(teacher: wave(1.3, 3, 5, times: 3), temperature: 4),
      ForwardConstants.distillation)
  }

  @Test("relu lets NaN through, so that it is seen")
  func notNumbers() throws {
    let x = Variable(try Tensor([Float.nan, -1, 2], shape: [3]))
    let y = try x.relu().value.array(Float.self)
    #expect(y[0].isNaN && y[1] == 0 && y[2] == 2)
  }
}
