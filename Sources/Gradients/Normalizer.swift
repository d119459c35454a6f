import Host
import Tensors

/// The normalisation of channels as the readers of images apply it: for channel c of `step`, its
/// mean, factor and shift are at c, `step + c` and `2 step + c` of a table.
struct Normalizer<T: Real> {
  let table: UnsafePointer<T>
  let step: Int
  let low: T
  let high: T

  /// The same from channel `first` on.
  func from(_ first: Int) -> Normalizer {
    Normalizer(table: table + first, step: step, low: low, high: high)
  }

  @inline(__always)
  func channel(_ c: Int) -> ChannelNorm<T> {
    ChannelNorm(
      mean: table[c], factor: table[step + c], shift: table[2 * step + c], low: low, high: high)
  }

  /// Normalises `count` pixels of a block of sixteen interleaved channels. Lanes from `lanes` on
  /// stay zeros.
  func normalize(block: Int, lanes: Int, _ pixels: UnsafeMutablePointer<T>, count: Int) {
    withUnsafeTemporaryAllocation(of: T.self, capacity: 48) { buffer in
      guard let rows = buffer.baseAddress else { return }
      for part in 0..<3 {
        for lane in 0..<16 {
          rows[part * 16 + lane] = lane < lanes ? table[part * step + block * 16 + lane] : 0
        }
      }
      T.normalizeLanes(pixels, table: UnsafePointer(rows), low: low, high: high, count: count)
    }
  }
}

extension ChannelNorm where T: Real {
  /// Leaves numbers as they are.
  static var identity: ChannelNorm {
    ChannelNorm(mean: 0, factor: 1, shift: 0, low: -.infinity, high: .infinity)
  }
}

/// A normalisation of channels: the table of a `Normalizer` and the bounds of the result.
public struct Norms: Sendable {
  let table: Tensor
  let bounds: (low: Double, high: Double)

  init(table: Tensor, bounds: (low: Double, high: Double)) {
    self.table = table
    self.bounds = bounds
  }

  /// The batch normalisation with a given mean and variance, all `[c]`, as in evaluation mode.
  /// Throws `shape`.
  public init(
    scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor, epsilon: Double
  ) throws {
    let all = [scale, shift, mean, variance]
    guard scale.shape.count == 1, all.allSatisfy({ $0.shape == scale.shape }),
      all.allSatisfy({ $0.dtype == scale.dtype }), [.float32, .float64].contains(scale.dtype)
    else {
      throw Failure(
        "shape",
        "batch_norm: the weights are for \(scale.shape.first ?? 0) channels, the mean and variance "
          + "for \(mean.shape.first ?? 0)")
    }
    table =
      scale.dtype == .float64
      ? try Norms.table(Double.self, scale, shift, mean, variance, epsilon)
      : try Norms.table(Float.self, scale, shift, mean, variance, epsilon)
    bounds = (-.infinity, .infinity)
  }

  static func table<T: Real>(
    _: T.Type, _ scale: Tensor, _ shift: Tensor, _ mean: Tensor, _ variance: Tensor,
    _ epsilon: Double
  ) throws -> Tensor {
    let count = scale.count
    var table = try Tensor(uninitialized: [3, count], T.dtype)
    try withElements(
      scale.reading(T.self), shift.reading(T.self), mean.reading(T.self),
      variance.reading(T.self), table.writing(T.self)
    ) { scale, shift, mean, variance, table in
      table.update(from: mean, count: count)
      (table + 2 * count).update(from: shift, count: count)
      let factors = table + count
      let rows = count / 16 * 16
      for c in stride(from: 0, to: rows, by: 16) {
        let deviations = (row16(variance + c) + T(epsilon)).squareRoot()
        store16(1 / deviations * row16(scale + c), factors + c)
      }
      for c in rows..<count { factors[c] = 1 / (variance[c] + T(epsilon)).squareRoot() * scale[c] }
    }
    return table
  }

  /// Whether an activation follows.
  var isClamped: Bool { bounds.low > -.infinity || bounds.high < .infinity }

  /// The same followed by an activation with these bounds.
  func clamped(to bounds: (low: Double, high: Double)) -> Norms {
    Norms(table: table, bounds: bounds)
  }

  func normalizer<T: Real>(_ table: UnsafePointer<T>) -> Normalizer<T> {
    Normalizer(table: table, step: self.table.shape[1], low: T(bounds.low), high: T(bounds.high))
  }
}

extension Norms: Equatable {
  /// Compares the numbers.
  public static func == (a: Norms, b: Norms) -> Bool {
    func numbers(_ norms: Norms) -> [Double] {
      norms.table.dtype == .float64
        ? norms.table.array(Double.self) : norms.table.array(Float.self).map { Double($0) }
    }
    return a.bounds == b.bounds && a.table.dtype == b.table.dtype && numbers(a) == numbers(b)
  }
}

/// A variable, or the normalisation of one per channel that is not computed yet: an operation that
/// can normalises the elements while it reads them, which saves two passes over memory.
public struct Deferred {
  /// The node is that of the normalised variable, the values are those before normalisation.
  let variable: Variable
  let norms: Norms?

  /// A variable that has its values.
  public init(_ variable: Variable) { self.init(variable, norms: nil) }

  init(_ variable: Variable, norms: Norms?) {
    self.variable = variable
    self.norms = norms
  }

  /// The sizes of the axes.
  public var shape: [Int] { variable.shape }

  /// The variable with its values. Throws `out-of-memory`.
  public func computed() throws -> Variable {
    guard let norms else { return variable }
    let y =
      variable.dtype == .float64
      ? try values(Double.self, norms) : try values(Float.self, norms)
    guard let tape = variable.tape else { return Variable(y) }
    return Variable(y, on: tape, node: variable.node)
  }

  private func values<T: Real>(_: T.Type, _ norms: Norms) throws -> Tensor {
    let x = variable.value
    let sizes = ChannelSizes(x.shape)
    var y = try Tensor(uninitialized: x.shape, T.dtype)
    try withElements(x.reading(T.self), norms.table.reading(T.self), y.writing(T.self)) {
      x, table, y in
      let normalizer = norms.normalizer(table)
      sizes.eachChannel { c in
        sizes.runs(of: c) { T.normalize(x + $0, normalizer.channel(c), count: sizes.area, y + $0) }
      }
    }
    return y
  }
}

/// The memory layout of the channels of `[n, c, ...]`.
struct ChannelSizes {
  let images: Int
  let channels: Int
  let area: Int
  var count: Int { images * area }

  init(_ shape: [Int]) {
    images = shape[0]
    channels = shape[1]
    area = shape[2...].reduce(1, *)
  }

  /// Calls `body` for every channel, on the thread pool.
  func eachChannel(_ body: (Int) -> Void) {
    parallel(channels, grain: max(elementGrain / max(count, 1), 1)) { for c in $0 { body(c) } }
  }

  /// Calls `body` with the start of every contiguous run of a channel.
  @inline(__always)
  func runs(of channel: Int, _ body: (Int) -> Void) {
    for image in 0..<images { body((image * channels + channel) * area) }
  }
}
