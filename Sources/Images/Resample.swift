import Glibc
import Host
import Tensors

/// The interpolation used for resizing.
public enum ResizeMethod: String, CaseIterable, Sendable {
  /// Keys' cubic kernel with a = -1/2, which overshoots at sharp edges.
  case bicubic
  /// A triangle kernel, usually called bilinear.
  case bilinear
  /// The mean of the area that a new pixel covers, with partial pixels weighted by their coverage.
  case area
  /// The pixel that contains the new one's centre.
  case nearest
}

/// A filter along one axis: each output position is a weighted sum of neighbouring input positions,
/// as in resampling and blurring. The weights are computed once for a pair of sizes.
///
/// Resampling is antialiased: when it shrinks, the kernel is stretched by the scale. The weights
/// are normalised at the border. Bicubic and bilinear equal PyTorch's `interpolate(mode=...,
/// antialias=True, align_corners=False)`, which follows Pillow.
struct Resample: Sendable {
  let from: Int
  let to: Int
  /// The maximum number of input positions for an output position.
  let taps: Int
  /// The first input position of each output position.
  let starts: [Int]
  /// `taps` weights for each output position, zero if it uses fewer.
  let weights: [Float]

  /// Makes the resampling from one size to another; both are positive.
  init(from: Int, to: Int, method: ResizeMethod = .bicubic) {
    let scale = Double(from) / Double(to)
    let stretch = max(scale, 1)
    switch method {
    case .bicubic:
      self.init(from: from, to: to, support: 2 * stretch) { centre, pixel in
        Resample.cubic((pixel - centre) / stretch)
      }
    case .bilinear:
      self.init(from: from, to: to, support: stretch) { centre, pixel in
        max(0, 1 - abs(pixel - centre) / stretch)
      }
    case .area:
      self.init(from: from, to: to, support: scale / 2 + 1) { centre, pixel in
        max(0, min(centre + scale / 2, pixel + 0.5) - max(centre - scale / 2, pixel - 0.5))
      }
    case .nearest:
      self.init(from: from, to: to, support: 0.5) { centre, pixel in
        Double(min(from - 1, Int(centre))) + 0.5 == pixel ? 1 : 0
      }
    }
  }

  /// Makes a Gaussian blur; beyond the border the last pixel is repeated. The kernel ends at four
  /// sigma.
  init(blurring size: Int, sigma: Double) {
    let radius = max(1, Int(4 * sigma + 0.5))
    let kernel = (-radius...radius).map { k in
      // The division comes first, because the square of a tiny sigma would be 0.
      let distance = Double(k) / sigma
      return exp(-0.5 * distance * distance)
    }
    let sum = kernel.reduce(0, +)
    let taps = min(size, 2 * radius + 1)
    var starts: [Int] = []
    var weights = [Double](repeating: 0, count: size * taps)
    for i in 0..<size {
      let start = max(0, min(i - radius, size - taps))
      starts.append(start)
      for (k, weight) in kernel.enumerated() {
        let position = max(0, min(size - 1, i - radius + k))
        weights[i * taps + position - start] += weight / sum
      }
    }
    self.init(from: size, to: size, taps: taps, starts: starts, weights: weights.map { Float($0) })
  }

  /// Makes a filter of known weights. Each window must be inside: `starts[i] + taps <= from`.
  init(from: Int, to: Int, taps: Int, starts: [Int], weights: [Float]) {
    self.from = from
    self.to = to
    self.taps = taps
    self.starts = starts
    self.weights = weights
  }

  /// `kernel` is a function of the centres of an output position and of an input pixel, both in
  /// input pixels; the centre of pixel k is k + 1/2.
  private init(from: Int, to: Int, support: Double, kernel: (Double, Double) -> Double) {
    let scale = Double(from) / Double(to)
    let taps = min(from, Int(support.rounded(.up)) * 2 + 1)
    var starts = [Int](repeating: 0, count: to)
    var weights = [Float](repeating: 0, count: to * taps)
    var row = [Double](repeating: 0, count: taps)
    for i in 0..<to {
      let centre = scale * (Double(i) + 0.5)
      let low = max(0, Int(centre - support + 0.5))
      let count = min(taps, min(from, Int(centre + support + 0.5)) - low)
      var sum = 0.0
      for k in 0..<count {
        row[k] = kernel(centre, Double(low + k) + 0.5)
        sum += row[k]
      }
      // An output position always uses at least one input position, so `sum` is not zero. The
      // window moves left if it would extend past the end, so that reading `taps` positions is
      // safe.
      let start = min(low, from - taps)
      for k in 0..<count { weights[i * taps + low - start + k] = Float(row[k] / sum) }
      starts[i] = start
    }
    self.init(from: from, to: to, taps: taps, starts: starts, weights: weights)
  }

  private static func cubic(_ x: Double) -> Double {
    let a = -0.5
    let d = abs(x)
    if d < 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
    if d < 2 { return (((d - 5) * d + 8) * d - 4) * a }
    return 0
  }

  /// Resamples the rows of [from, width] to [to, width]. Throws `Interrupted`.
  func rows(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, width: Int
  ) throws {
    // SAFETY: starts[i] + taps <= from, and x + 8 <= width in the blocks.
    try weights.withUnsafeBufferPointer { weights in
      for i in 0..<to {
        if i & 15 == 0 { try Interrupt.check() }
        let source = input + starts[i] * width
        let target = output + i * width
        let w = weights.baseAddress.unsafelyUnwrapped + i * taps
        var x = 0
        while x + 16 <= width {
          var low = SIMD8<Float>(repeating: 0)
          var high = SIMD8<Float>(repeating: 0)
          var p = source + x
          for k in 0..<taps {
            low.addProduct(w[k], load(p))
            high.addProduct(w[k], load(p + 8))
            p += width
          }
          store(low, target + x)
          store(high, target + x + 8)
          x += 16
        }
        while x < width {
          var sum: Float = 0
          for k in 0..<taps { sum += w[k] * source[x + k * width] }
          target[x] = sum
          x += 1
        }
      }
    }
  }

  /// The number of scratch elements that `columns` needs.
  var scratchCount: Int { 16 * from + 256 }

  /// Resamples the columns of [height, from] to [height, to]. `scratch` holds `scratchCount` numbers.
  /// Throws `Interrupted`.
  func columns(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, height: Int,
    scratch: UnsafeMutablePointer<Float>
  ) throws {
    guard height >= 16, from >= 16, to >= 16 else {
      return smallColumns(input, output, height: height)
    }
    // Sixteen rows are processed at a time, transposed so that a vector holds one column of them,
    // and transposed back. If fewer than sixteen are left, the last block begins earlier and
    // computes some rows again. SAFETY: every block of 16 x 16 is inside, and starts[i] + taps <=
    // from.
    let block = scratch + 16 * from
    try weights.withUnsafeBufferPointer { weights in
      try starts.withUnsafeBufferPointer { starts in
        let w = weights.baseAddress.unsafelyUnwrapped
        for row in stride(from: 0, to: height, by: 16) {
          try Interrupt.check()
          let y = min(row, height - 16)
          for column in stride(from: 0, to: from, by: 16) {
            let x = min(column, from - 16)
            Float.transpose(
              input + y * from + x, sign: nil, step: from, to: scratch + x * 16, targetStep: 16)
          }
          for column in stride(from: 0, to: to, by: 16) {
            let x = min(column, to - 16)
            for j in 0..<16 {
              var sum = SIMD16<Float>(repeating: 0)
              let source = UnsafeRawPointer(scratch + starts[x + j] * 16)
              let row = w + (x + j) * taps
              for k in 0..<taps {
                let numbers = source.loadUnaligned(fromByteOffset: k * 64, as: SIMD16<Float>.self)
                sum += SIMD16(repeating: row[k]) * numbers
              }
              UnsafeMutableRawPointer(block + j * 16).storeBytes(of: sum, as: SIMD16<Float>.self)
            }
            Float.transpose(block, sign: nil, step: 16, to: output + y * to + x, targetStep: to)
          }
        }
      }
    }
  }

  /// `columns` for images too small for blocks, with the same sums in the same order.
  private func smallColumns(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, height: Int
  ) {
    // SAFETY: starts[i] + taps <= from.
    for y in 0..<height {
      for i in 0..<to {
        var sum: Float = 0
        let source = input + y * from + starts[i]
        for k in 0..<taps { sum += weights[i * taps + k] * source[k] }
        output[y * to + i] = sum
      }
    }
  }
}

@inline(__always)
private func load(_ p: UnsafePointer<Float>) -> SIMD8<Float> {
  UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Float>.self)
}

@inline(__always)
private func store(_ v: SIMD8<Float>, _ p: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD8<Float>.self)
}

extension SIMD8<Float> {
  @inline(__always)
  fileprivate mutating func addProduct(_ w: Float, _ v: SIMD8<Float>) {
    self += SIMD8(repeating: w) * v
  }
}
