import Glibc
import Tensors

/// Canny's edge detector, as in scikit-image's `feature.canny`: a Gaussian, Sobel's gradient, the
/// local maxima of its magnitude, and of those the connected ones that rise above a high threshold
/// somewhere and nowhere fall below a low one. It uses double precision, so that equal slopes
/// compare equal.
public struct Canny: Sendable {
  /// The Gaussian's standard deviation in pixels.
  public var sigma = 1.0
  /// The low threshold of the gradient. A step from 0 to 1 has gradient 4 before smoothing.
  public var low = 0.1
  /// The high threshold, which an edge must reach somewhere.
  public var high = 0.2

  /// Makes a detector with scikit-image's defaults.
  public init() {}

  /// Detects the edges of a grey image [1, h, w] in 0..1: 1 on edges, 0 elsewhere and along the
  /// border.
  func edges(of grey: Tensor) throws -> Tensor {
    let (h, w) = (grey.shape[1], grey.shape[2])
    var smooth = try smoothed(grey)
    var gradients = try Tensor(uninitialized: [3, h, w], .float64)
    var result = try Tensor(zeros: [1, h, w], .float32)
    try smooth.write(Double.self) { smooth in
      try gradients.write(Double.self) { down in
        let (across, magnitude) = (down + h * w, down + 2 * h * w)
        try stoppableParallel(h, grain: 32) { rows in
          for y in rows {
            for x in 0..<w {
              let i = y * w + x
              let (dy, dx) = Sobel.gradient(UnsafePointer(smooth), y, x, h, w)
              (down[i], across[i]) = (dy, dx)
              magnitude[i] = (dy * dy + dx * dx).squareRoot()
            }
          }
        }
        // The smoothed image is no longer needed: its memory is reused for the local maxima.
        keepCrests(down, across, magnitude, h, w, into: smooth)
        try result.write(Float.self) { follow(smooth, h, w, into: $0) }
      }
    }
    return result
  }

  /// Applies a Gaussian without its weights beyond the border.
  private func smoothed(_ grey: Tensor) throws -> Tensor {
    let (h, w) = (grey.shape[1], grey.shape[2])
    let radius = Int(4 * sigma + 0.5)
    var weights = [1.0]
    if radius > 0 {
      weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
      let sum = weights.reduce(0, +)
      weights = weights.map { $0 / sum }
    }
    /// The sum of a position's weights inside the image.
    func inside(_ i: Int, _ count: Int) -> Double {
      var sum = 0.0
      for k in max(0, radius - i)..<min(2 * radius + 1, radius + count - i) { sum += weights[k] }
      return sum
    }
    let (rowShares, columnShares) = (
      (0..<h).map { inside($0, h) }, (0..<w).map { inside($0, w) }
    )
    var between = try Tensor(uninitialized: [h, w], .float64)
    var result = try Tensor(uninitialized: [h, w], .float64)
    try between.write(Double.self) { between in
      try grey.read(Float.self) { pixels in
        try stoppableParallel(h, grain: 16) { rows in
          for y in rows {
            let line = between + y * w
            line.update(repeating: 0, count: w)
            for k in max(0, radius - y)..<min(2 * radius + 1, radius + h - y) {
              let from = pixels + (y + k - radius) * w
              let weight = weights[k]
              for x in 0..<w { line[x] += weight * Double(from[x]) }
            }
          }
        }
      }
      try result.write(Double.self) { result in
        try stoppableParallel(h, grain: 16) { rows in
          for y in rows {
            let line = between + y * w
            for x in 0..<w {
              var sum = 0.0
              for k in max(0, radius - x)..<min(2 * radius + 1, radius + w - x) {
                sum += weights[k] * line[x + k - radius]
              }
              result[y * w + x] = sum / (rowShares[y] * columnShares[x] + Double.ulpOfOne)
            }
          }
        }
      }
    }
    return result
  }

  /// The magnitude where it is at least `low` and no less than between the neighbours on both sides
  /// across the edge; 0 elsewhere and on the border.
  private func keepCrests(
    _ down: UnsafePointer<Double>, _ across: UnsafePointer<Double>,
    _ magnitude: UnsafePointer<Double>, _ h: Int, _ w: Int, into out: UnsafeMutablePointer<Double>
  ) {
    let least = max(low, 1e-14)
    parallel(h, grain: 32) { rows in
      for y in rows {
        for x in 0..<w {
          let i = y * w + x
          let m = magnitude[i]
          out[i] = 0
          guard y > 0, y < h - 1, x > 0, x < w - 1, m >= least else { continue }
          let (dy, dx) = (abs(down[i]), abs(across[i]))
          let (stepY, stepX) = (down[i] > 0 ? w : -w, across[i] > 0 ? 1 : -1)
          let (main, weight) = dy > dx ? (stepY, dx / dy) : (stepX, dy / dx)
          let corner = stepY + stepX
          func between(_ sign: Int) -> Double {
            magnitude[i + sign * corner] * weight + magnitude[i + sign * main] * (1 - weight)
          }
          if between(1) <= m, between(-1) <= m { out[i] = m }
        }
      }
    }
  }

  /// Writes 1 where local maxima are at least `high` or are connected, also diagonally, to some
  /// that are.
  private func follow(
    _ crests: UnsafePointer<Double>, _ h: Int, _ w: Int, into out: UnsafeMutablePointer<Float>
  ) {
    // Local maxima are never on the border, so their neighbours are inside.
    var waiting: [Int] = []
    let around = [-w - 1, -w, -w + 1, -1, 1, w - 1, w, w + 1]
    for i in 0..<h * w where crests[i] > 0 && crests[i] >= high && out[i] == 0 {
      out[i] = 1
      waiting.append(i)
      while let place = waiting.popLast() {
        for step in around where crests[place + step] > 0 && out[place + step] == 0 {
          out[place + step] = 1
          waiting.append(place + step)
        }
      }
    }
  }
}
