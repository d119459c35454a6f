// Plain loops, since float64 is only used for checks.
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
  public static func interleave(
    _ even: UnsafePointer<Double>, _ odd: UnsafePointer<Double>, count: Int,
    to target: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { (target[2 * i], target[2 * i + 1]) = (even[i], odd[i]) }
  }
  /// See `LaneElement`.
  public static func copy(
    _ from: UnsafePointer<Double>, count: Int, to target: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { target[i] = from[i] }
  }
  /// See `LaneElement`.
  public static func sumTaps(
    _ x: UnsafePointer<Double>, step: Int, offsets: UnsafePointer<Int>,
    _ weights: UnsafePointer<Double>, taps: Int, scale: Double, bias: Double, low: Double,
    rows: Int, count: Int, _ y: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<rows {
      for i in 0..<count {
        var sum = 0.0
        for t in 0..<taps { sum += weights[t] * x[row * step + offsets[t] + i] }
        let value = sum * scale + bias
        y[row * count + i] = value < low ? low : value
      }
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
  /// See `LaneElement`.
  public static func normalize(
    _ x: UnsafePointer<Double>, _ channel: ChannelNorm<Double>, count: Int,
    _ y: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { y[i] = channel.clamped(channel.affine(x[i])) }
  }
  /// See `LaneElement`.
  public static func addNormalized(
    _ a: UnsafePointer<Double>, _ aChannel: ChannelNorm<Double>, _ b: UnsafePointer<Double>,
    _ bChannel: ChannelNorm<Double>, low: Double, count: Int, _ y: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count {
      let sum =
        aChannel.clamped(aChannel.affine(a[i])) + bChannel.clamped(bChannel.affine(b[i]))
      y[i] = sum < low ? low : sum
    }
  }
  /// See `LaneElement`.
  public static func normalizeLanes(
    _ x: UnsafeMutablePointer<Double>, table: UnsafePointer<Double>, low: Double, high: Double,
    count: Int
  ) {
    for i in 0..<16 * count {
      let lane = i % 16
      let channel = ChannelNorm(
        mean: table[lane], factor: table[16 + lane], shift: table[32 + lane], low: low, high: high)
      x[i] = channel.clamped(channel.affine(x[i]))
    }
  }
  /// See `LaneElement`.
  public static func moments(_ x: UnsafePointer<Double>, count: Int) -> (
    mean: Double, squares: Double
  ) {
    var (sum, squares) = (0.0, 0.0)
    for i in 0..<count { sum += x[i] }
    let mean = sum / Double(count)
    for i in 0..<count { squares += (x[i] - mean) * (x[i] - mean) }
    return (mean, squares)
  }
  /// See `LaneElement`.
  public static func normSums(
    _ g: UnsafePointer<Double>, _ x: UnsafePointer<Double>, _ channel: ChannelNorm<Double>,
    count: Int
  ) -> (sum: Double, products: Double) {
    var (sum, products) = (0.0, 0.0)
    for i in 0..<count where channel.isInside(channel.affine(x[i])) {
      sum += g[i]
      products += g[i] * (x[i] - channel.mean)
    }
    return (sum, products)
  }
  /// See `LaneElement`.
  public static func normGradient(
    _ g: UnsafePointer<Double>, _ x: UnsafePointer<Double>, _ channel: ChannelNorm<Double>,
    sum: Double, products: Double, count: Int, _ dx: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count {
      let inside = channel.isInside(channel.affine(x[i])) ? g[i] : 0
      dx[i] = channel.factor * (inside - sum - products * (x[i] - channel.mean))
    }
  }
}

extension ChannelNorm<Double> {
  fileprivate func affine(_ x: Double) -> Double { (x - mean) * factor + shift }
  fileprivate func clamped(_ value: Double) -> Double {
    value < low ? low : value > high ? high : value
  }
  fileprivate func isInside(_ value: Double) -> Bool { value > low && value < high }
}
