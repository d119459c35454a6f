import Tensors

extension Raster {
  /// Smooths all planes, or the first ones, with the triangle filter [1, 2, ..., r + 1, ..., 2, 1]
  /// / (r + 1)² along both axes, mirrored at the borders.
  func smoothed(radius: Int, planes count: Int? = nil) throws -> Raster {
    let result = try Raster(count ?? planes, height, width)
    smooth(result.planes, radius: radius, into: result.base)
    return result
  }

  /// Writes the first `count` smoothed planes from `out` on.
  func smooth(_ count: Int, radius: Int, into out: UnsafeMutablePointer<Float>) {
    let weights = (-radius...radius).map {
      Float(radius + 1 - abs($0)) / Float((radius + 1) * (radius + 1))
    }
    let grain = max(8, 16384 / max(1, width))
    parallel(count * height, grain: grain) { rows in
      // A row filtered vertically, with `radius` mirrored pixels on both sides.
      withUnsafeTemporaryAllocation(of: Float.self, capacity: width + 2 * radius) { room in
        guard let line = room.baseAddress else { return }
        for row in rows {
          let (plane, y) = (row / height, row % height)
          sumDown(self.plane(plane), y, weights, into: line + radius)
          for i in 0..<radius {
            line[i] = line[radius + mirrored(i - radius, width)]
            line[radius + width + i] = line[radius + mirrored(width + i, width)]
          }
          sumAcross(line, weights, into: out + row * width)
        }
      }
    }
  }

  private func sumDown(
    _ plane: UnsafePointer<Float>, _ y: Int, _ weights: [Float],
    into line: UnsafeMutablePointer<Float>
  ) {
    let radius = weights.count / 2
    for (k, weight) in weights.enumerated() {
      let from = plane + mirrored(y + k - radius, height) * width
      if k == 0 {
        for x in 0..<width { line[x] = weight * from[x] }
      } else {
        for x in 0..<width { line[x] += weight * from[x] }
      }
    }
  }

  private func sumAcross(
    _ line: UnsafePointer<Float>, _ weights: [Float], into out: UnsafeMutablePointer<Float>
  ) {
    for (k, weight) in weights.enumerated() {
      let from = line + k
      if k == 0 {
        for x in 0..<width { out[x] = weight * from[x] }
      } else {
        for x in 0..<width { out[x] += weight * from[x] }
      }
    }
  }
}
