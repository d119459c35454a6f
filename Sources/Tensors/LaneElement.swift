import CVectors

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

extension Float: LaneElement {
  /// See `LaneElement`.
  public static func transpose(
    _ from: UnsafePointer<Float>, sign: UnsafePointer<Float>?, step: Int,
    to target: UnsafeMutablePointer<Float>, targetStep: Int
  ) {
    if let sign {
      limbeck_transpose_positive(from, sign, step, target, targetStep)
    } else {
      limbeck_transpose(from, step, target, targetStep)
    }
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
  public static func sumTaps(
    _ x: UnsafePointer<Float>, offsets: UnsafePointer<Int>, _ weights: UnsafePointer<Float>,
    taps: Int, scale: Float, bias: Float, low: Float, count: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    limbeck_sum_taps(x, offsets, weights, taps, scale, bias, low, count, y)
  }
  /// See `LaneElement`.
  public static func addRowProducts(
    _ a: UnsafePointer<Float>, step aStep: Int, _ b: UnsafePointer<Float>, step bStep: Int,
    rows: Int, count: Int, _ sums: UnsafeMutablePointer<Float>
  ) {
    limbeck_add_row_products(a, aStep, b, bStep, rows, count, sums)
  }
}

// The same in plain loops: float64 is for checks.
extension Double: LaneElement {
  /// See `LaneElement`.
  public static func transpose(
    _ from: UnsafePointer<Double>, sign: UnsafePointer<Double>?, step: Int,
    to target: UnsafeMutablePointer<Double>, targetStep: Int
  ) {
    for i in 0..<16 {
      for j in 0..<16 {
        let isKept = sign.map { $0[i * step + j] > 0 } ?? true
        target[j * targetStep + i] = isKept ? from[i * step + j] : 0
      }
    }
  }
  /// See `LaneElement`.
  public static func addRelu(
    _ x: UnsafePointer<Double>, bias: UnsafePointer<Double>, count: Int,
    _ y: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<16 * count {
      y[i] = .relu(x[i] + bias[i % 16])
    }
  }
  /// See `LaneElement`.
  public static func keep(
    _ x: UnsafeMutablePointer<Double>, where y: UnsafePointer<Double>, above low: Double,
    below high: Double, count: Int
  ) {
    for i in 0..<count { x[i] = y[i] > low && y[i] < high ? x[i] : 0 }
  }
  /// See `LaneElement`.
  public static func pool(
    _ x: UnsafePointer<Double>, size: Int, rowStep: Int, bias: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>, places: UnsafeMutablePointer<UInt8>?
  ) {
    for lane in 0..<16 {
      var (best, place) = (x[lane], 0)
      for q in 1..<size * size {
        let value = x[q / size * rowStep + q % size * 16 + lane]
        if value > best || value.isNaN { (best, place) = (value, q) }
      }
      let sum = best + bias[lane]
      y[lane] = .relu(sum)
      places?[lane] = sum > 0 ? UInt8(place) : 255
    }
  }
  /// See `LaneElement`.
  public static func unpool(
    _ x: UnsafePointer<Double>, places: UnsafePointer<UInt8>, place: Int,
    _ y: UnsafeMutablePointer<Double>
  ) {
    for lane in 0..<16 { y[lane] = Int(places[lane]) == place ? x[lane] : 0 }
  }
  /// See `LaneElement`.
  public static func windowMaxima(
    _ x: UnsafePointer<Double>, rowStep: Int, height: Int, width: Int, stride: Int,
    _ y: UnsafeMutablePointer<Double>, places: UnsafeMutablePointer<UInt8>?
  ) {
    for lane in 0..<16 {
      let first = x + lane * stride
      var (best, place) = (first[0], 0)
      for q in 1..<height * width {
        let value = first[q / width * rowStep + q % width]
        if value > best || value.isNaN { (best, place) = (value, q) }
      }
      y[lane] = best
      places?[lane] = UInt8(place)
    }
  }
  /// See `LaneElement`.
  public static func everySecond(
    _ from: UnsafePointer<Double>, count: Int, to target: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { target[i] = from[2 * i] }
  }
  /// See `LaneElement`.
  public static func sumTaps(
    _ x: UnsafePointer<Double>, offsets: UnsafePointer<Int>, _ weights: UnsafePointer<Double>,
    taps: Int, scale: Double, bias: Double, low: Double, count: Int,
    _ y: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count {
      var sum = 0.0
      for t in 0..<taps { sum += weights[t] * x[offsets[t] + i] }
      let value = sum * scale + bias
      y[i] = value < low ? low : value
    }
  }
  /// See `LaneElement`.
  public static func addRowProducts(
    _ a: UnsafePointer<Double>, step aStep: Int, _ b: UnsafePointer<Double>, step bStep: Int,
    rows: Int, count: Int, _ sums: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<rows {
      for i in 0..<count { sums[i % 16] += a[row * aStep + i] * b[row * bStep + i] }
    }
  }
}
