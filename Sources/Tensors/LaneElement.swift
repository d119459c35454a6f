/// Operations on sixteen elements at a time for which Swift has no vector code: mostly on
/// interleaved channels at `p[16 * pixel + lane]`.
public protocol LaneElement {
  /// to[j][i] = from[i][j] for 16 x 16 elements; steps are the distances between rows in elements.
  /// With `sign`, in the layout of `from`, only where it is above 0; elsewhere 0.
  static func transpose(
    _ from: UnsafePointer<Self>, sign: UnsafePointer<Self>?, step: Int,
    to target: UnsafeMutablePointer<Self>, targetStep: Int)
  /// y = max(0, x + bias) for `count` pixels; NaN stays NaN.
  static func addRelu(
    _ x: UnsafePointer<Self>, bias: UnsafePointer<Self>, count: Int,
    _ y: UnsafeMutablePointer<Self>)
  /// x = 0 where y is not strictly between `low` and `high`, for `count` elements; this includes
  /// NaN.
  static func keep(
    _ x: UnsafeMutablePointer<Self>, where y: UnsafePointer<Self>, above low: Self,
    below high: Self, count: Int)
  /// max(0, m + bias) for the maximum m of a square of pixels whose rows are `rowStep` elements
  /// apart; NaN is propagated. `places` receives the index of the maximum in the square, or 255
  /// where relu clamps it.
  static func pool(
    _ x: UnsafePointer<Self>, size: Int, rowStep: Int, bias: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>, places: UnsafeMutablePointer<UInt8>?)
  /// y = x where `places` equals `place`, otherwise 0.
  static func unpool(
    _ x: UnsafePointer<Self>, places: UnsafePointer<UInt8>, place: Int,
    _ y: UnsafeMutablePointer<Self>)
  /// The maxima of sixteen windows of `height` x `width`, `stride` (1 or 2) apart along rows of
  /// `rowStep` elements and, optionally, their indices in the windows; NaN is propagated.
  static func windowMaxima(
    _ x: UnsafePointer<Self>, rowStep: Int, height: Int, width: Int, stride: Int,
    _ y: UnsafeMutablePointer<Self>, places: UnsafeMutablePointer<UInt8>?)
  /// to[i] = from[2 i] for `count` elements.
  static func everySecond(
    _ from: UnsafePointer<Self>, count: Int, to target: UnsafeMutablePointer<Self>)
  /// to[2 i] = even[i] and to[2 i + 1] = odd[i] for `count` elements each.
  static func interleave(
    _ even: UnsafePointer<Self>, _ odd: UnsafePointer<Self>, count: Int,
    to target: UnsafeMutablePointer<Self>)
  /// Copies `count` elements, which are too few for a call of memcpy to pay off.
  static func copy(_ from: UnsafePointer<Self>, count: Int, to target: UnsafeMutablePointer<Self>)
  /// y[r][i] = max(low, scale Σ weights[t] x[r][offsets[t] + i] + bias) over taps t; NaN stays NaN.
  /// The rows of `x` are `step` apart, those of `y` follow one another with `count` elements each.
  /// Reads up to fifteen elements beyond the end.
  static func sumTaps(
    _ x: UnsafePointer<Self>, step: Int, offsets: UnsafePointer<Int>,
    _ weights: UnsafePointer<Self>, taps: Int, scale: Self, bias: Self, low: Self, rows: Int,
    count: Int, _ y: UnsafeMutablePointer<Self>)
  /// sums[lane] += Σ a b over the rows of two images, where every sixteenth element belongs to the
  /// same lane; rows have `count` elements, a multiple of sixteen.
  static func addRowProducts(
    _ a: UnsafePointer<Self>, step aStep: Int, _ b: UnsafePointer<Self>, step bStep: Int,
    rows: Int, count: Int, _ sums: UnsafeMutablePointer<Self>)
  /// y = the normalised x for `count` elements of one channel.
  static func normalize(
    _ x: UnsafePointer<Self>, _ channel: ChannelNorm<Self>, count: Int,
    _ y: UnsafeMutablePointer<Self>)
  /// y = max(low, normalised a + normalised b) for `count` elements of one channel; NaN stays NaN.
  static func addNormalized(
    _ a: UnsafePointer<Self>, _ aChannel: ChannelNorm<Self>, _ b: UnsafePointer<Self>,
    _ bChannel: ChannelNorm<Self>, low: Self, count: Int, _ y: UnsafeMutablePointer<Self>)
  /// Normalises `count` pixels of interleaved channels in place; `table` has sixteen means,
  /// factors and shifts.
  static func normalizeLanes(
    _ x: UnsafeMutablePointer<Self>, table: UnsafePointer<Self>, low: Self, high: Self, count: Int)
  /// The mean of `count` elements, and the sum of their squared differences from it.
  static func moments(_ x: UnsafePointer<Self>, count: Int) -> (mean: Self, squares: Self)
  /// Σ g and Σ g (x - mean) over the elements whose normalised value is strictly between the
  /// bounds.
  static func normSums(
    _ g: UnsafePointer<Self>, _ x: UnsafePointer<Self>, _ channel: ChannelNorm<Self>, count: Int
  ) -> (sum: Self, products: Self)
  /// dx = factor (g - sum - products (x - mean)), where g counts as 0 if the normalised value is
  /// not strictly between the bounds. `dx` may be `g`.
  static func normGradient(
    _ g: UnsafePointer<Self>, _ x: UnsafePointer<Self>, _ channel: ChannelNorm<Self>, sum: Self,
    products: Self, count: Int, _ dx: UnsafeMutablePointer<Self>)
}

/// The normalisation of one channel: min(max(low, (x - mean) · factor + shift), high).
public struct ChannelNorm<T: LaneElement> {
  /// Subtracted from x.
  public let mean: T
  /// Multiplies the difference.
  public let factor: T
  /// Added to the product.
  public let shift: T
  /// The lower bound of the result, -∞ without one.
  public let low: T
  /// The upper bound of the result, ∞ without one.
  public let high: T

  /// Initialises all members.
  public init(mean: T, factor: T, shift: T, low: T, high: T) {
    self.mean = mean
    self.factor = factor
    self.shift = shift
    self.low = low
    self.high = high
  }
}
