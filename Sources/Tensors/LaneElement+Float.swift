import CVectors

extension Float: LaneElement {
  /// See `LaneElement`.
  public static func transpose(
    _ from: UnsafePointer<Float>, sign: UnsafePointer<Float>?, step: Int,
    to target: UnsafeMutablePointer<Float>, targetStep: Int
  ) {
    limbeck_transpose(from, sign, step, target, targetStep)
  }
  /// See `LaneElement`.
  public static func addRelu(
    _ x: UnsafePointer<Float>, bias: UnsafePointer<Float>, count: Int,
    _ y: UnsafeMutablePointer<Float>
  ) {
    limbeck_add_relu(x, bias, count, y)
  }
  /// See `LaneElement`.
  public static func keep(
    _ x: UnsafeMutablePointer<Float>, where y: UnsafePointer<Float>, above low: Float,
    below high: Float, count: Int
  ) {
    limbeck_keep_within(x, y, low, high, count)
  }
  /// See `LaneElement`.
  public static func pool(
    _ x: UnsafePointer<Float>, size: Int, rowStep: Int, bias: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>, places: UnsafeMutablePointer<UInt8>?
  ) {
    limbeck_pool(x, size, rowStep, bias, y, places)
  }
  /// See `LaneElement`.
  public static func unpool(
    _ x: UnsafePointer<Float>, places: UnsafePointer<UInt8>, place: Int,
    _ y: UnsafeMutablePointer<Float>
  ) {
    limbeck_unpool(x, places, Int32(truncatingIfNeeded: place), y)
  }
  /// See `LaneElement`.
  public static func windowMaxima(
    _ x: UnsafePointer<Float>, rowStep: Int, height: Int, width: Int, stride: Int,
    _ y: UnsafeMutablePointer<Float>, places: UnsafeMutablePointer<UInt8>?
  ) {
    limbeck_window_max(x, rowStep, height, width, stride, y, places)
  }
  /// See `LaneElement`.
  public static func everySecond(
    _ from: UnsafePointer<Float>, count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    limbeck_every_second(from, count, target)
  }
  /// See `LaneElement`.
  public static func interleave(
    _ even: UnsafePointer<Float>, _ odd: UnsafePointer<Float>, count: Int,
    to target: UnsafeMutablePointer<Float>
  ) {
    limbeck_interleave(even, odd, count, target)
  }
  /// See `LaneElement`.
  public static func copy(
    _ from: UnsafePointer<Float>, count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    limbeck_copy(from, count, target)
  }
  /// See `LaneElement`.
  public static func sumTaps(
    _ x: UnsafePointer<Float>, step: Int, offsets: UnsafePointer<Int>,
    _ weights: UnsafePointer<Float>, taps: Int, scale: Float, bias: Float, low: Float, rows: Int,
    count: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    limbeck_sum_taps(x, step, offsets, weights, taps, scale, bias, low, rows, count, y)
  }
  /// See `LaneElement`.
  public static func addRowProducts(
    _ a: UnsafePointer<Float>, step aStep: Int, _ b: UnsafePointer<Float>, step bStep: Int,
    rows: Int, count: Int, _ sums: UnsafeMutablePointer<Float>
  ) {
    limbeck_add_row_products(a, aStep, b, bStep, rows, count, sums)
  }
  /// See `LaneElement`.
  public static func normalize(
    _ x: UnsafePointer<Float>, _ channel: ChannelNorm<Float>, count: Int,
    _ y: UnsafeMutablePointer<Float>
  ) {
    limbeck_normalize(x, limbeck_norm(channel), count, y)
  }
  /// See `LaneElement`.
  public static func addNormalized(
    _ a: UnsafePointer<Float>, _ aChannel: ChannelNorm<Float>, _ b: UnsafePointer<Float>,
    _ bChannel: ChannelNorm<Float>, low: Float, count: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    limbeck_add_normalized(a, limbeck_norm(aChannel), b, limbeck_norm(bChannel), low, count, y)
  }
  /// See `LaneElement`.
  public static func normalizeLanes(
    _ x: UnsafeMutablePointer<Float>, table: UnsafePointer<Float>, low: Float, high: Float,
    count: Int
  ) {
    limbeck_normalize_lanes(x, table, low, high, count)
  }
  /// See `LaneElement`.
  public static func moments(_ x: UnsafePointer<Float>, count: Int) -> (
    mean: Float, squares: Float
  ) {
    var result = (mean: Float(0), squares: Float(0))
    limbeck_moments(x, count, &result.mean, &result.squares)
    return result
  }
  /// See `LaneElement`.
  public static func normSums(
    _ g: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ channel: ChannelNorm<Float>, count: Int
  ) -> (sum: Float, products: Float) {
    var result = (sum: Float(0), products: Float(0))
    limbeck_norm_sums(g, x, limbeck_norm(channel), count, &result.sum, &result.products)
    return result
  }
  /// See `LaneElement`.
  public static func normGradient(
    _ g: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ channel: ChannelNorm<Float>, sum: Float,
    products: Float, count: Int, _ dx: UnsafeMutablePointer<Float>
  ) {
    limbeck_norm_gradient(g, x, limbeck_norm(channel), sum, products, count, dx)
  }
}

extension limbeck_norm {
  init(_ channel: ChannelNorm<Float>) {
    self.init(
      mean: channel.mean, factor: channel.factor, shift: channel.shift, low: channel.low,
      high: channel.high)
  }
}
