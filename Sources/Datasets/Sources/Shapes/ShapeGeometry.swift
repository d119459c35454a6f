import Glibc
import Images

/// A convex outline in pixels, from which coverage and the exact box follow.
enum Outline {
  case polygon([(x: Double, y: Double)])
  /// Semi-axes `rx` and `ry`, rotated by `angle`.
  case ellipse(x: Double, y: Double, rx: Double, ry: Double, angle: Double)

  /// Its bounding box.
  var box: Box {
    switch self {
    case .polygon(let points):
      let xs = points.map(\.x)
      let ys = points.map(\.y)
      let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
      return Box(x: left, y: top, width: (xs.max() ?? 0) - left, height: (ys.max() ?? 0) - top)
    case .ellipse(let x, let y, let rx, let ry, let angle):
      let (c, s) = (cos(angle), sin(angle))
      let w = sqrt(rx * rx * c * c + ry * ry * s * s)
      let h = sqrt(rx * rx * s * s + ry * ry * c * c)
      return Box(x: x - w, y: y - h, width: 2 * w, height: 2 * h)
    }
  }

  func moved(_ dx: Double, _ dy: Double) -> Outline {
    switch self {
    case .polygon(let points): .polygon(points.map { ($0.x + dx, $0.y + dy) })
    case .ellipse(let x, let y, let rx, let ry, let angle):
      .ellipse(x: x + dx, y: y + dy, rx: rx, ry: ry, angle: angle)
    }
  }

  /// The part of a horizontal line that is inside; nil if there is none.
  func span(at y: Double) -> (Double, Double)? {
    switch self {
    case .polygon(let points):
      var low = Double.infinity
      var high = -Double.infinity
      for (i, a) in points.enumerated() {
        let b = points[(i + 1) % points.count]
        guard (a.y <= y) != (b.y <= y) else { continue }
        let x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)
        low = min(low, x)
        high = max(high, x)
      }
      return low < high ? (low, high) : nil
    case .ellipse(let cx, let cy, let rx, let ry, let angle):
      // x' = c x + s y, y' = c y - s x on the axes: a quadratic in x for a given y.
      let (c, s) = (cos(angle), sin(angle))
      let d = y - cy
      let a = c * c / (rx * rx) + s * s / (ry * ry)
      let b = c * s * d * (1 / (rx * rx) - 1 / (ry * ry))
      let k = d * d * (s * s / (rx * rx) + c * c / (ry * ry)) - 1
      let root = b * b - a * k
      guard root > 0 else { return nil }
      return (cx + (-b - sqrt(root)) / a, cy.isFinite ? cx + (-b + sqrt(root)) / a : 0)
    }
  }

  /// The coverage of each pixel, 0 to 1, for the rows it touches: exact along a row, with sixteen
  /// lines per pixel vertically. `clip` removes one side of a line: n·p > d stays.
  func coverage(width: Int, height: Int, clip: (x: Double, y: Double, d: Double)? = nil)
    -> (rows: Range<Int>, values: [Float])
  {
    let box = self.box
    let top = max(0, min(height, Int(box.y.rounded(.down))))
    let bottom = max(top, min(height, Int((box.y + box.height).rounded(.up))))
    var values = [Float](repeating: 0, count: (bottom - top) * width)
    let lines = 16
    // Where runs of fully covered pixels begin and end in the current row.
    var steps = [Float](repeating: 0, count: width + 1)
    for row in top..<bottom {
      let base = (row - top) * width
      for line in 0..<lines {
        let y = Double(row) + (Double(line) + 0.5) / Double(lines)
        guard var (low, high) = span(at: y) else { continue }
        if let clip {
          let rest = clip.d - clip.y * y
          if clip.x > 0 { low = max(low, rest / clip.x) } else { high = min(high, rest / clip.x) }
        }
        low = max(0, low)
        high = min(Double(width), high)
        guard low < high else { continue }
        let (first, last) = (Int(low), min(width - 1, Int(high)))
        if first == last {
          values[base + first] += Float(high - low) / Float(lines)
        } else {
          values[base + first] += Float(Double(first + 1) - low) / Float(lines)
          values[base + last] += Float(high - Double(last)) / Float(lines)
          steps[first + 1] += 1
          steps[last] -= 1
        }
      }
      var whole: Float = 0
      for x in 0..<width {
        whole += steps[x]
        steps[x] = 0
        values[base + x] += whole / Float(lines)
      }
    }
    return (top..<bottom, values)
  }
}
