import Tensors

/// Non-maximum suppression of edge maps.
enum EdgeThinning {
  /// Keeps the pixels [1, h, w] that are at least as strong as their neighbours across the edge and
  /// sets the others to 0. The outer five pixels fade out, since half of the evidence is missing
  /// there.
  static func crests(of edges: Raster) throws -> Raster {
    let (h, w) = (edges.height, edges.width)
    let smooth = try edges.smoothed(radius: 4)
    let (x, y) = try (slope(smooth, across: true), slope(smooth, across: false))
    let (xx, xy, yy) = try (
      slope(x, across: true), slope(y, across: true), slope(y, across: false)
    )
    let result = try Raster(1, h, w)
    let e = edges.base
    /// The edges interpolated between pixels, with the border repeated.
    func between(_ y: Float, _ x: Float) -> Float {
      let (y, x) = (max(0, min(y, Float(h - 1))), max(0, min(x, Float(w - 1))))
      let (top, left) = (min(Int(y), max(h - 2, 0)), min(Int(x), max(w - 2, 0)))
      let (bottom, right) = (min(top + 1, h - 1), min(left + 1, w - 1))
      let (dy, dx) = (y - Float(top), x - Float(left))
      return (e[top * w + left] * (1 - dx) + e[top * w + right] * dx) * (1 - dy)
        + (e[bottom * w + left] * (1 - dx) + e[bottom * w + right] * dx) * dy
    }
    try stoppableParallel(h, grain: 16) { rows in
      for row in rows {
        for column in 0..<w {
          let i = row * w + column
          let value = e[i]
          result.base[i] = 0
          if value == 0 { continue }
          let turn = -xy.base[i]
          let sign: Float = turn > 0 ? 1 : turn < 0 ? -1 : 0
          // The direction across the edge, as its tangent: opposite directions are the same.
          let tangent = yy.base[i] * sign / (xx.base[i] + 1e-5)
          let cosine = 1 / (1 + tangent * tangent).squareRoot()
          let (dy, dx) = cosine > 0 ? (tangent * cosine, cosine) : (1, 0)
          let (y, x) = (Float(row), Float(column))
          guard value * 1.01 >= between(y + dy, x + dx), value * 1.01 >= between(y - dy, x - dx)
          else { continue }
          func fade(_ i: Int, _ count: Int) -> Float { Float(min(5, i, count - 1 - i)) / 5 }
          result.base[i] = value * fade(row, h) * fade(column, w)
        }
      }
    }
    return result
  }

  /// Central differences, one-sided at the borders; 0 along a side of one pixel.
  private static func slope(_ from: Raster, across: Bool) throws -> Raster {
    let (h, w) = (from.height, from.width)
    let result = try Raster(1, h, w)
    parallel(h, grain: 32) { rows in
      for y in rows {
        for x in 0..<w {
          let (low, high, i, step) =
            across
            ? (max(x - 1, 0), min(x + 1, w - 1), y * w, 1)
            : (max(y - 1, 0), min(y + 1, h - 1), x, w)
          let difference = from.base[i + high * step] - from.base[i + low * step]
          result.base[y * w + x] = high - low == 2 ? difference / 2 : difference
        }
      }
    }
    return result
  }
}
