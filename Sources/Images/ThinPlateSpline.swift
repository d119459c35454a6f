import Glibc
import Host
import Tensors

/// The smoothest warp of an image that moves each point of a regular grid by a given amount
/// (Bookstein, "Principal warps", PAMI 1989). A spline is made for one image size and can be used
/// for any number of images.
///
/// Control point (i, j) is at (⌊(i + 1/2) w / n⌋, ⌊(j + 1/2) h / n⌋): at 8, 24, ..., 216 for 14 on
/// 224 pixels. The result's pixel at p is the image at p + d(p), interpolated bilinearly, with the
/// last pixel repeated beyond the border; d is the spline through the points' shifts.
public final class ThinPlateSpline: Sendable {
  /// The image's width.
  public let width: Int
  /// The image's height.
  public let height: Int
  /// The number of control points along each axis.
  public let grid: Int
  private let xs: [Int]
  private let ys: [Int]
  /// The unit of distances, which keeps the terms of the sums small.
  private let unit: Double
  /// The matrix that maps the shifts of the n² points to the n² + 3 coefficients of the spline.
  private let solution: [Double]
  /// r² log r² of the unit for half-integer distances: row |dy|, from dx = -width on.
  private let kernel: [Float]

  /// Makes the spline for a size. Throws `image-shape` if points would coincide, `out-of-memory`.
  public init(width: Int, height: Int, grid: Int) throws {
    guard grid >= 2, width >= grid, height >= grid else {
      throw Failure(
        "image-shape",
        "distort: an image of \(width) x \(height) is too small for \(grid) × \(grid) control points",
        hint: "resize it first, or use a smaller grid")
    }
    self.width = width
    self.height = height
    self.grid = grid
    xs = (0..<grid).map { (2 * $0 + 1) * width / (2 * grid) }
    ys = (0..<grid).map { (2 * $0 + 1) * height / (2 * grid) }
    let unit = Double(max(width, height)) / 2
    self.unit = unit
    // Arrays are not counted against the limit, but must not exhaust memory: these, and two of
    // `field`.
    try Memory.reserve(
      16 * width * height, for: "distort: the spline of \(width) x \(height) pixels")
    Memory.release(16 * width * height)
    solution = try ThinPlateSpline.solve(xs.map { Double($0) / unit }, ys.map { Double($0) / unit })
    var kernel = [Float](repeating: 0, count: height * 2 * width)
    for dy in 0..<height {
      try Interrupt.check()
      for dx in 0..<width {
        let (x, y) = ((Double(dx) + 0.5) / unit, (Double(dy) + 0.5) / unit)
        let value = Float(ThinPlateSpline.radial(x * x + y * y))
        kernel[dy * 2 * width + width + dx] = value
        kernel[dy * 2 * width + width - 1 - dx] = value
      }
    }
    self.kernel = kernel
  }

  /// The control points, row by row.
  public var points: [(x: Double, y: Double)] {
    ys.flatMap { y in xs.map { (Double($0), Double(y)) } }
  }

  private static func radial(_ square: Double) -> Double { square > 0 ? square * log(square) : 0 }

  /// The inverse of the spline's equations, without the columns that belong to the constraints: for
  /// each coefficient a row of n² numbers.
  private static func solve(_ xs: [Double], _ ys: [Double]) throws -> [Double] {
    let points = ys.flatMap { y in xs.map { ($0, y) } }
    let n = points.count
    let size = n + 3
    // [K P; P' 0] augmented by the identity, solved by Gauss-Jordan elimination with partial
    // pivoting.
    var rows = [[Double]](repeating: [Double](repeating: 0, count: 2 * size), count: size)
    for (i, a) in points.enumerated() {
      for (j, b) in points.enumerated() {
        let (dx, dy) = (a.0 - b.0, a.1 - b.1)
        rows[i][j] = radial(dx * dx + dy * dy)
      }
      for (k, value) in [1, a.0, a.1].enumerated() {
        rows[i][n + k] = value
        rows[n + k][i] = value
      }
    }
    for i in 0..<size { rows[i][size + i] = 1 }
    for column in 0..<size {
      try Interrupt.check()
      let pivot = (column..<size).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      rows.swapAt(column, pivot)
      let scale = rows[column][column]
      guard abs(scale) > 1e-12 else {
        throw Failure("argument", "distort: no spline passes through the control points")
      }
      for j in column..<2 * size { rows[column][j] /= scale }
      let lead = rows[column]
      for i in 0..<size where i != column {
        let factor = rows[i][column]
        if factor == 0 { continue }
        rows[i].withUnsafeMutableBufferPointer { row in
          lead.withUnsafeBufferPointer { lead in
            for j in column..<2 * size { row[j] -= factor * lead[j] }
          }
        }
      }
    }
    return rows.flatMap { $0[size..<size + n] }
  }

  /// The spline's displacement of each pixel, row by row: x and y, in pixels. `shifts` holds the
  /// points' (x, y), row by row. Throws `Interrupted`.
  public func field(_ shifts: [(x: Double, y: Double)]) throws -> (x: [Float], y: [Float]) {
    precondition(shifts.count == grid * grid)
    let n = shifts.count
    var weights: [(x: Float, y: Float)] = []
    for row in 0..<n + 3 {
      var (x, y) = (0.0, 0.0)
      for i in 0..<n {
        x += solution[row * n + i] * shifts[i].x
        y += solution[row * n + i] * shifts[i].y
      }
      weights.append((Float(x), Float(y)))
    }
    var fieldX = [Float](repeating: 0, count: width * height)
    var fieldY = fieldX
    // SAFETY: a row of the kernel holds 2 * width numbers, and 0 <= width - xs[i] + x < 2 * width.
    try fieldX.withUnsafeMutableBufferPointer { outX in
      try fieldY.withUnsafeMutableBufferPointer { outY in
        try kernel.withUnsafeBufferPointer { kernel in
          try weights.withUnsafeBufferPointer { weights in
            guard let outX = outX.baseAddress, let outY = outY.baseAddress,
              let kernel = kernel.baseAddress, let weights = weights.baseAddress
            else { return }
            for y in 0..<height {
              try Interrupt.check()
              row(y, kernel, weights, outX + y * width, outY + y * width)
            }
          }
        }
      }
    }
    return (fieldX, fieldY)
  }

  private typealias Row = SIMD16<Float>

  private func row(
    _ y: Int, _ kernel: UnsafePointer<Float>, _ weights: UnsafePointer<(x: Float, y: Float)>,
    _ outX: UnsafeMutablePointer<Float>, _ outY: UnsafeMutablePointer<Float>
  ) {
    let constant = weights[grid * grid]
    let (perX, perY) = (weights[grid * grid + 1], weights[grid * grid + 2])
    let scale = Float(1 / unit)
    let v = (Float(y) + 0.5) * scale
    for x in 0..<width {
      let u = (Float(x) + 0.5) * scale
      outX[x] = constant.x + perX.x * u + perY.x * v
      outY[x] = constant.y + perX.y * u + perY.y * v
    }
    for (gy, cy) in ys.enumerated() {
      let dy = y >= cy ? y - cy : cy - y - 1
      let line = kernel + dy * 2 * width + width
      var x = 0
      while x + 16 <= width {
        var sumX = UnsafeRawPointer(outX + x).loadUnaligned(as: Row.self)
        var sumY = UnsafeRawPointer(outY + x).loadUnaligned(as: Row.self)
        for (gx, cx) in xs.enumerated() {
          let value = UnsafeRawPointer(line + x - cx).loadUnaligned(as: Row.self)
          let weight = weights[gy * grid + gx]
          sumX += value * Row(repeating: weight.x)
          sumY += value * Row(repeating: weight.y)
        }
        UnsafeMutableRawPointer(outX + x).storeBytes(of: sumX, as: Row.self)
        UnsafeMutableRawPointer(outY + x).storeBytes(of: sumY, as: Row.self)
        x += 16
      }
      while x < width {
        for (gx, cx) in xs.enumerated() {
          let value = line[x - cx]
          let weight = weights[gy * grid + gx]
          outX[x] += value * weight.x
          outY[x] += value * weight.y
        }
        x += 1
      }
    }
  }

  /// Warps [c, h, w] of this size and returns float32, and where each box in it has moved: the
  /// bounds of the pixels that show something from inside it; nil if no pixel does.
  public func warp(_ image: Tensor, boxes: [Box], by shifts: [(x: Double, y: Double)]) throws -> (
    image: Tensor, boxes: [Box?]
  ) {
    precondition(image.shape.suffix(2) == [height, width])
    let (fieldX, fieldY) = try field(shifts)
    let source = try Pixels.floats(image)
    var result = try Tensor(uninitialized: image.shape, .float32)
    let count = width * height
    // SAFETY: coordinates are clamped to the image, so that x0, y0 and their right and lower
    // neighbours (at the border, where they have weight 0, the pixel itself) are inside.
    try result.write(Float.self) { out in
      try source.read(Float.self) { input in
        for i in 0..<count {
          if i & 0xFFFF == 0 { try Interrupt.check() }
          let x = max(0, min(Float(width - 1), Float(i % width) + fieldX[i]))
          let y = max(0, min(Float(height - 1), Float(i / width) + fieldY[i]))
          let (x0, y0) = (Int(x), Int(y))
          let (fx, fy) = (x - Float(x0), y - Float(y0))
          let right = x0 + 1 < width ? 1 : 0
          let below = y0 + 1 < height ? width : 0
          var p = input + y0 * width + x0
          for plane in 0..<image.count / count {
            let upper = p[0] + fx * (p[right] - p[0])
            let lower = p[below] + fx * (p[below + right] - p[below])
            out[plane * count + i] = upper + fy * (lower - upper)
            p += count
          }
        }
      }
    }
    return (result, boxes.map { moved($0, fieldX, fieldY) })
  }

  private func moved(_ box: Box, _ fieldX: [Float], _ fieldY: [Float]) -> Box? {
    var (left, top, right, bottom) = (width, height, -1, -1)
    for y in 0..<height {
      for x in 0..<width {
        let u = Double(x) + 0.5 + Double(fieldX[y * width + x])
        let v = Double(y) + 0.5 + Double(fieldY[y * width + x])
        guard u >= box.x, u < box.x + box.width, v >= box.y, v < box.y + box.height else {
          continue
        }
        left = min(left, x)
        right = max(right, x)
        top = min(top, y)
        bottom = max(bottom, y)
      }
    }
    guard right >= 0 else { return nil }
    return Box(
      x: Double(left), y: Double(top), width: Double(right - left + 1),
      height: Double(bottom - top + 1))
  }
}
