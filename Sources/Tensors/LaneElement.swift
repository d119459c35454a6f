/// What is done to sixteen numbers at once and Swift has no vector code for: mostly channels side by
/// side, at `p[16 * pixel + lane]`.
public protocol LaneElement {
  /// to[j][i] = from[i][j] for 16 x 16 numbers; steps are numbers from one row to the next. With
  /// `sign`, laid out as `from`, only where that is above 0; elsewhere 0.
  static func transpose(
    _ from: UnsafePointer<Self>, sign: UnsafePointer<Self>?, step: Int,
    to target: UnsafeMutablePointer<Self>, targetStep: Int)
  /// y = max(0, x + bias) of `count` pixels; NaN stays NaN.
  static func addRelu(
    _ x: UnsafePointer<Self>, bias: UnsafePointer<Self>, count: Int,
    _ y: UnsafeMutablePointer<Self>)
  /// x = 0 where y is not within `low` and `high`, both left out, for `count` numbers; NaN is not.
  static func keep(
    _ x: UnsafeMutablePointer<Self>, where y: UnsafePointer<Self>, above low: Self,
    below high: Self, count: Int)
  /// max(0, m + bias) for the greatest m of a square of pixels whose rows are `rowStep` numbers apart;
  /// NaN wins. `places` gets which of its pixels that is, 255 where relu cuts it off.
  static func pool(
    _ x: UnsafePointer<Self>, size: Int, rowStep: Int, bias: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>, places: UnsafeMutablePointer<UInt8>?)
  /// y = x where `places` is `place`, else 0.
  static func unpool(
    _ x: UnsafePointer<Self>, places: UnsafePointer<UInt8>, place: Int,
    _ y: UnsafeMutablePointer<Self>)
  /// The greatest pixels of sixteen windows of `height` x `width`, which are `stride` (1 or 2) apart
  /// along rows of `rowStep` numbers, and, if wanted, which of a window's pixels they are; NaN wins.
  static func windowMaxima(
    _ x: UnsafePointer<Self>, rowStep: Int, height: Int, width: Int, stride: Int,
    _ y: UnsafeMutablePointer<Self>, places: UnsafeMutablePointer<UInt8>?)
  /// to[i] = from[2 i] for `count` numbers.
  static func everySecond(
    _ from: UnsafePointer<Self>, count: Int, to target: UnsafeMutablePointer<Self>)
  /// y[i] = max(low, scale Σ weights[t] x[offsets[t] + i] + bias) over taps t, for `count` numbers;
  /// NaN stays NaN. Reads up to fifteen numbers beyond.
  static func sumTaps(
    _ x: UnsafePointer<Self>, offsets: UnsafePointer<Int>, _ weights: UnsafePointer<Self>,
    taps: Int, scale: Self, bias: Self, low: Self, count: Int, _ y: UnsafeMutablePointer<Self>)
  /// sums[lane] += Σ a b over the rows of two images, every sixteenth number to its lane; `count`
  /// numbers a row, a multiple of sixteen.
  static func addRowProducts(
    _ a: UnsafePointer<Self>, step aStep: Int, _ b: UnsafePointer<Self>, step bStep: Int,
    rows: Int, count: Int, _ sums: UnsafeMutablePointer<Self>)
}
