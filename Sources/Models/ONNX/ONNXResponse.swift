import Gradients
import Host

/// Local response normalisation as PyTorch's export spells it out: the squares of the channels are
/// padded and averaged along the channels, multiplied, added to a number and raised to a power, by
/// which the data is divided.
struct ONNXResponse {
  /// What is normalised.
  let x: ONNXImport.Data
  private var step = Step.squared
  private var before = 0
  private var size = 0
  private var alpha = 0.0
  private var k = 0.0
  private var beta = 0.0

  private enum Step: Int {
    case squared, deepened, padded, averaged, flattened, scaled, shifted, raised
  }

  /// The squares of some data.
  init(_ x: ONNXImport.Data) { self.x = x }

  /// Whether it is nothing but the squares.
  var isSquare: Bool { step == .squared }

  private func next(_ step: Step, after former: Step, _ node: ONNXNodeReader) throws -> ONNXResponse
  {
    guard self.step == former else {
      throw node.wrong("is not where it belongs in a local response normalisation")
    }
    var part = self
    part.step = step
    return part
  }

  /// Reshapes the squares `[n, c, h, w]` to `[n, 1, c, h, w]`, or the means back.
  func reshaped(to shape: [Int], _ node: ONNXNodeReader) throws -> ONNXResponse {
    switch step {
    case .squared where shape == [1] + x.shape: try next(.deepened, after: .squared, node)
    case .averaged where shape == x.shape: try next(.flattened, after: .averaged, node)
    case .flattened where shape == x.shape: self
    default: throw node.wrong("is not where it belongs in a local response normalisation")
    }
  }

  /// The shape of the part, without the batch axis.
  var shape: [Int] {
    [.deepened, .padded, .averaged].contains(step) ? [1] + x.shape : x.shape
  }

  /// Pads with zeros; `pads` are those before all axes and then those behind them.
  func padded(_ pads: [Int], _ node: ONNXNodeReader) throws -> ONNXResponse {
    var part = try next(.padded, after: .deepened, node)
    guard pads.count == 10, pads.indices.allSatisfy({ [2, 7].contains($0) || pads[$0] == 0 }),
      (0..<1 << 20).contains(pads[2]), (0..<1 << 20).contains(pads[7])
    else { throw node.wrong("pads more than the channels") }
    part.before = pads[2]
    part.size = pads[2] + pads[7] + 1
    return part
  }

  /// The means over as many channels as the padding is for.
  func averaged(_ node: ONNXNodeReader) throws -> ONNXResponse {
    let part = try next(.averaged, after: .padded, node)
    let ones = [1, 1, 1]
    guard try node.ints("kernel_shape") == [size, 1, 1], before == size / 2,
      try node.ints("strides") ?? ones == ones, try node.ints("dilations") ?? ones == ones,
      try (node.ints("pads") ?? []).allSatisfy({ $0 == 0 }),
      try ["NOTSET", "VALID"].contains(node.string("auto_pad", default: "NOTSET"))
    else { throw node.wrong("has windows that do not fit the padding of the channels") }
    _ = try node.int("count_include_pad", default: 0)
    _ = try node.int("ceil_mode", default: 0)
    return part
  }

  /// Multiplies the means.
  func scaled(by alpha: Double, _ node: ONNXNodeReader) throws -> ONNXResponse {
    var part = try next(.scaled, after: .flattened, node)
    part.alpha = alpha
    return part
  }

  /// Adds a number.
  func shifted(by k: Double, _ node: ONNXNodeReader) throws -> ONNXResponse {
    var part = try next(.shifted, after: .scaled, node)
    part.k = k
    return part
  }

  /// Raises to a power.
  func raised(to beta: Double, _ node: ONNXNodeReader) throws -> ONNXResponse {
    var part = try next(.raised, after: .shifted, node)
    part.beta = beta
    return part
  }

  /// The layer that divides the data by it.
  func layer(of x: ONNXImport.Data, _ node: ONNXNodeReader) throws -> Layer {
    _ = try next(.raised, after: .raised, node)
    guard x == self.x else { throw node.wrong("divides other data than what is normalised") }
    return LocalResponseNorm(size: size, k: k, alpha: alpha / Double(size), beta: beta)
  }
}
