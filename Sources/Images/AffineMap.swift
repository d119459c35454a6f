import Glibc
import Host
import Tensors

/// An affine map of an image's places: (x, y) goes to (a x + b y + c, d x + e y + f). The upper left
/// corner is (0, 0), and the centre of the first pixel (1/2, 1/2).
public struct AffineMap: Sendable, Equatable {
  let a, b, c, d, e, f: Double

  /// The map that turns an image of a size about its centre, as torchvision composes it: places are
  /// sheared by angles, scaled, turned by `degrees` counterclockwise and moved by `shift` pixels.
  /// The angles of `shear` are below 90 degrees; positive ones move what is lower to the left and
  /// what is further right up.
  public init(
    width: Int, height: Int, degrees: Double = 0, shift: (x: Double, y: Double) = (0, 0),
    scale: Double = 1, shear: (x: Double, y: Double) = (0, 0)
  ) {
    /// The sine, exactly for quarters of a turn, so that these move whole pixels.
    func sine(_ degrees: Double) -> Double {
      let quarters = degrees.truncatingRemainder(dividingBy: 360) / 90
      guard quarters == quarters.rounded() else { return sin(degrees * .pi / 180) }
      return [0, 1, 0, -1][(Int(quarters) + 4) % 4]
    }
    func cosine(_ degrees: Double) -> Double { sine(degrees + 90) }
    // Rows count downwards, so that a positive angle is clockwise in them.
    let turn = -degrees
    let (first, second) = (
      (x: cosine(turn - shear.y) / cosine(shear.y), y: sine(turn - shear.y) / cosine(shear.y)),
      tan(shear.x * .pi / 180)
    )
    a = scale * first.x
    d = scale * first.y
    b = scale * (-first.x * second - sine(turn))
    e = scale * (-first.y * second + cosine(turn))
    let (x, y) = (Double(width) / 2, Double(height) / 2)
    c = x + shift.x - a * x - b * y
    f = y + shift.y - d * x - e * y
  }

  private init(a: Double, b: Double, c: Double, d: Double, e: Double, f: Double) {
    (self.a, self.b, self.c) = (a, b, c)
    (self.d, self.e, self.f) = (d, e, f)
  }

  /// The place that another goes to.
  public func callAsFunction(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (a * x + b * y + c, d * x + e * y + f)
  }

  /// The map back.
  var inverse: AffineMap {
    let determinant = a * e - b * d
    let (p, q, r, s) = (
      e / determinant, -b / determinant, -d / determinant, a / determinant
    )
    return AffineMap(a: p, b: q, c: -p * c - q * f, d: r, e: s, f: -r * c - s * f)
  }

  /// The bounds of what a box becomes.
  public func callAsFunction(_ box: Box) -> Box {
    let corners = [
      self(box.x, box.y), self(box.x + box.width, box.y), self(box.x, box.y + box.height),
      self(box.x + box.width, box.y + box.height),
    ]
    let (xs, ys) = (corners.map(\.x), corners.map(\.y))
    let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
    return Box(
      x: left, y: top, width: (xs.max() ?? 0) - left, height: (ys.max() ?? 0) - top)
  }

  /// The image [..., h, w] moved by the map, in its size and as float32; beyond its border it is 0.
  /// The pixels are interpolated bilinearly, or else the nearest is taken.
  public func warp(_ image: Tensor, bilinearly: Bool) throws -> Tensor {
    let source = try Pixels.floats(image)
    var result = try Tensor(zeros: image.shape, .float32)
    try result.write(Float.self) { out in
      try source.read(Float.self) { input in
        try forEachPart(of: image.shape, bilinearly) { pixel, from, share, area, planes in
          for plane in 0..<planes {
            out[plane * area + pixel] += share * input[plane * area + from]
          }
        }
      }
    }
    return result
  }

  /// The gradient of images [..., h, w] from that of what `warp` made of them.
  public func warpBackward(_ gradient: Tensor, bilinearly: Bool) throws -> Tensor {
    var result = try Tensor(zeros: gradient.shape, .float32)
    try result.write(Float.self) { out in
      try gradient.read(Float.self) { input in
        try forEachPart(of: gradient.shape, bilinearly) { pixel, from, share, area, planes in
          for plane in 0..<planes {
            out[plane * area + from] += share * input[plane * area + pixel]
          }
        }
      }
    }
    return result
  }

  /// Calls `body` with each pixel of the result and each pixel of the image that it is made of, with
  /// the share of the latter, the number of pixels and that of planes. Pixels outside the image are
  /// left out. Throws `Interrupted`.
  @inline(__always)
  private func forEachPart(
    of shape: [Int], _ bilinearly: Bool, _ body: (Int, Int, Float, Int, Int) -> Void
  ) throws {
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    let area = height * width
    let planes = area == 0 ? 0 : shape.reduce(1, *) / area
    let back = inverse
    for y in 0..<height {
      try Interrupt.check()
      for x in 0..<width {
        let place = back(Double(x) + 0.5, Double(y) + 0.5)
        let pixel = y * width + x
        guard bilinearly else {
          // A place between two pixels belongs to the one after it.
          guard place.x >= 0, place.y >= 0, place.x < Double(width), place.y < Double(height) else {
            continue
          }
          body(pixel, Int(place.y) * width + Int(place.x), 1, area, planes)
          continue
        }
        let (u, v) = (place.x - 0.5, place.y - 0.5)
        guard u > -1, v > -1, u < Double(width), v < Double(height) else { continue }
        let (left, top) = (u.rounded(.down), v.rounded(.down))
        let (right, below) = (Float(u - left), Float(v - top))
        let (row, column) = (Int(top), Int(left))
        /// Passes a neighbour on, if it is inside.
        func part(_ row: Int, _ column: Int, _ share: Float) {
          guard row >= 0, row < height, column >= 0, column < width else { return }
          body(pixel, row * width + column, share, area, planes)
        }
        part(row, column, (1 - below) * (1 - right))
        part(row, column + 1, (1 - below) * right)
        part(row + 1, column, below * (1 - right))
        part(row + 1, column + 1, below * right)
      }
    }
  }
}
