import Tensors

/// Sobel's gradient filters.
enum Sobel {
  /// The gradient's magnitude of a grey image [1, h, w], as in scikit-image's `filters.sobel`: the
  /// root of the mean square of the differences in both directions, weighted to 0..1; borders are
  /// repeated.
  static func magnitude(of grey: Tensor) throws -> Tensor {
    let (h, w) = (grey.shape[1], grey.shape[2])
    let result = try Raster(1, h, w)
    grey.read(Float.self) { pixels in
      parallel(h, grain: 32) { rows in
        for y in rows {
          for x in 0..<w {
            let (down, across) = gradient(pixels, y, x, h, w)
            result.base[y * w + x] = ((down * down + across * across) / 32).squareRoot()
          }
        }
      }
    }
    return result.tensor
  }

  /// The vertical and horizontal differences at a pixel, each summed with weights 1, 2, 1 over
  /// three columns or rows.
  @inline(__always)
  static func gradient<T: BinaryFloatingPoint>(
    _ p: UnsafePointer<T>, _ y: Int, _ x: Int, _ h: Int, _ w: Int
  ) -> (down: T, across: T) {
    let (top, bottom) = (max(y - 1, 0) * w, min(y + 1, h - 1) * w)
    let (left, right, row) = (max(x - 1, 0), min(x + 1, w - 1), y * w)
    let below = p[bottom + left] + 2 * p[bottom + x] + p[bottom + right]
    let above = p[top + left] + 2 * p[top + x] + p[top + right]
    let after = p[top + right] + 2 * p[row + right] + p[bottom + right]
    let before = p[top + left] + 2 * p[row + left] + p[bottom + left]
    return (below - above, after - before)
  }
}
