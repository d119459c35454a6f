import Glibc
import Images
import Tensors

/// The image that shapes and clutter are drawn on, with numbers in 0..1.
struct ShapeCanvas {
  let size: Int
  let channels: Int
  var draws: Draws
  /// [c, h, w].
  private var pixels: [Float]
  /// The opacity of clutter.
  private var opacity: Float = 1
  /// The maximum brightness of clutter.
  private var brightest = 1.0

  init(size: Int, channels: Int, draws: Draws) {
    self.size = size
    self.channels = channels
    self.draws = draws
    pixels = [Float](repeating: 0, count: channels * size * size)
  }

  /// The outline of a class (rectangle, ellipse, triangle) around (0, 0) with an area in square
  /// pixels, its proportions and angle drawn.
  static func outline(_ kind: Int, area: Double, isBasic: Bool, _ draws: inout Draws) -> Outline {
    let elongation = isBasic ? 1 : exp(draws.uniform(-log(3), log(3)))
    let angle = draws.uniform(0, kind == 2 ? 2 * Double.pi : Double.pi / 2)
    func turned(_ points: [(Double, Double)]) -> Outline {
      let (c, s) = (cos(angle), sin(angle))
      return .polygon(points.map { (x: c * $0.0 - s * $0.1, y: s * $0.0 + c * $0.1) })
    }
    switch kind {
    case 0:
      let h = sqrt(area / elongation)
      let w = area / h
      return turned([(-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2)])
    case 1:
      let ry = sqrt(area / elongation / Double.pi)
      return .ellipse(x: 0, y: 0, rx: area / Double.pi / ry, ry: ry, angle: angle)
    default:
      // An equilateral triangle of side b has the area √3 / 4 b² and the height √3 / 2 b.
      let h = isBasic ? sqrt(area * sqrt(3)) : sqrt(2 * area / elongation)
      let b = 2 * area / h
      let peak = isBasic ? 0.5 : draws.uniform()
      return turned([(-b / 2, h / 2), (b / 2, h / 2), ((peak - 0.5) * b, -h / 2)])
    }
  }

  /// A shape on a plain background: two different colours with 8 levels per channel.
  mutating func drawPlain(_ outline: Outline) {
    var ground: [Float]
    var colour: [Float]
    repeat {
      ground = (0..<channels).map { _ in Float(draws.below(8)) / 7 }
      colour = (0..<channels).map { _ in Float(draws.below(8)) / 7 }
    } while ground == colour
    for c in 0..<channels {
      for i in 0..<size * size { pixels[c * size * size + i] = ground[c] }
    }
    fill(outline, colour)
  }

  /// A texture of two colours, and on it blobs, strokes, outlines and parts of shapes, which make
  /// the shape hard to find without being a second one. The amount sets how many there are, how
  /// opaque and how bright (from 1 on as bright as the shape), and how strong the texture is.
  mutating func drawClutter(_ amount: Double, area: (Double, Double), isBasic: Bool) {
    brightest = 0.4 + 0.6 * min(1, amount)
    let (one, other) = (colour(), colour())
    let texture = noise(octaves: 4)
    let strength = Float(min(1, 0.2 + 0.6 * amount))
    for c in 0..<channels {
      for i in 0..<size * size {
        let t = 0.5 + (texture[i] - 0.5) * strength
        pixels[c * size * size + i] = one[c] + (other[c] - one[c]) * t
      }
    }
    opacity = Float(min(1, 0.3 + 0.7 * amount))
    defer { opacity = 1 }
    for _ in 0..<Int((12 * amount).rounded(.up)) {
      switch draws.below(4) {
      case 0: drawBlob()
      case 1: drawStroke()
      case 2: drawRing(area, isBasic)
      default: drawPart(area, isBasic)
      }
    }
  }

  /// The shape itself, brighter than what is behind it, slightly uneven.
  mutating func drawObject(_ outline: Outline, over box: Box) {
    let mean = meanColour(in: box)
    // In each channel between 0.6 and 1, and 0.2 or more above the mean behind, if possible.
    let chosen = mean.map { Float(draws.uniform(min(0.9, max(0.6, Double($0) + 0.2)), 1)) }
    fill(outline, chosen, texture: noise(octaves: 3), amplitude: 0.25)
  }

  /// Independent noise on every number.
  mutating func drawGrain(_ deviation: Double) {
    guard deviation > 0 else { return }
    // The sum of four bytes is close enough to normal: mean 510, variance 4 · (256² - 1) / 12.
    let scale = Float(deviation) / 147.8
    let key = draws.branch()
    for block in 0..<(pixels.count + 3) / 4 {
      let (a, b, c, d) = key.block(UInt64(block))
      for (k, bits) in [a, b, c, d].enumerated() where 4 * block + k < pixels.count {
        let sum = (bits & 255) + (bits >> 8 & 255) + (bits >> 16 & 255) + (bits >> 24)
        pixels[4 * block + k] += scale * (Float(sum) - 510)
      }
    }
  }

  /// The image as bytes.
  func image() throws -> Tensor {
    try Pixels.bytes(Tensor(pixels, shape: [channels, size, size]))
  }

  // MARK: What clutter is made of

  private mutating func colour() -> [Float] {
    (0..<channels).map { _ in Float(draws.uniform(0, brightest)) }
  }

  private mutating func place() -> (Double, Double) {
    (draws.uniform(0, Double(size)), draws.uniform(0, Double(size)))
  }

  private mutating func drawBlob() {
    let (x, y) = place()
    let radius = draws.uniform(0.03, 0.15) * Double(size)
    let colour = colour()
    let reach = Int(3 * radius) + 1
    for row in max(0, Int(y) - reach)..<min(size, Int(y) + reach + 1) {
      for column in max(0, Int(x) - reach)..<min(size, Int(x) + reach + 1) {
        let (dx, dy) = (Double(column) + 0.5 - x, Double(row) + 0.5 - y)
        blend(row, column, colour, Float(exp(-(dx * dx + dy * dy) / (2 * radius * radius))))
      }
    }
  }

  private mutating func drawStroke() {
    let (x, y) = place()
    let angle = draws.uniform(0, Double.pi)
    let length = draws.uniform(0.15, 0.7) * Double(size)
    // It is too thin to be mistaken for a rectangle.
    let width = min(length / 6, max(1, draws.uniform(0.01, 0.05) * Double(size)))
    let (dx, dy) = (cos(angle) * length / 2, sin(angle) * length / 2)
    let (nx, ny) = (-sin(angle) * width / 2, cos(angle) * width / 2)
    fill(
      .polygon([
        (x - dx - nx, y - dy - ny), (x + dx - nx, y + dy - ny), (x + dx + nx, y + dy + ny),
        (x - dx + nx, y - dy + ny),
      ]), colour())
  }

  /// A shape's outline with a gap: an arc or an open corner.
  private mutating func drawRing(_ area: (Double, Double), _ isBasic: Bool) {
    let share = draws.uniform(area.0, area.1) * Double(size * size)
    let (x, y) = place()
    let outer = ShapeCanvas.outline(draws.below(3), area: share, isBasic: isBasic, &draws)
      .moved(x, y)
    let clip = halfPlane(x, y, outer)
    let (rows, values) = outer.coverage(width: size, height: size, clip: clip)
    let (innerRows, inner) = outer.shrunk(around: (x, y), by: draws.uniform(0.75, 0.9))
      .coverage(width: size, height: size)
    var rest = values
    for row in innerRows where rows.contains(row) {
      for column in 0..<size {
        let i = (row - rows.lowerBound) * size + column
        rest[i] = max(0, rest[i] - inner[(row - innerRows.lowerBound) * size + column])
      }
    }
    blend(rows, rest, colour())
  }

  /// Half of a shape or more, cut by a line.
  private mutating func drawPart(_ area: (Double, Double), _ isBasic: Bool) {
    let share = draws.uniform(area.0, area.1) * Double(size * size)
    let (x, y) = place()
    let shape = ShapeCanvas.outline(draws.below(3), area: share, isBasic: isBasic, &draws)
      .moved(x, y)
    let (rows, values) = shape.coverage(
      width: size, height: size, clip: halfPlane(x, y, shape))
    blend(rows, values, colour())
  }

  /// A line near a shape's middle; one side of it is cut away, so that the rest is not a shape of
  /// any class. It is not parallel to a rectangle's side, and never leaves a single corner, which
  /// would be a triangle.
  private mutating func halfPlane(_ x: Double, _ y: Double, _ shape: Outline) -> (
    x: Double, y: Double, d: Double
  ) {
    let box = shape.box
    var angle =
      draws.uniform(Double.pi / 9, Double.pi * 7 / 18) + Double(draws.below(4)) * Double.pi / 2
    let shift = draws.uniform(-0.1, 0.2) * min(box.width, box.height)
    var points: [(x: Double, y: Double)] = []
    if case .polygon(let corners) = shape {
      points = corners
      angle += atan2(corners[1].y - corners[0].y, corners[1].x - corners[0].x)
    }
    let (nx, ny) = (cos(angle), sin(angle))
    // It is never exactly horizontal, so that a row is always cut at one place.
    let safe = abs(nx) < 1e-3 ? 1e-3 : nx
    let d = safe * x + ny * y + shift
    let kept = points.filter { safe * $0.x + ny * $0.y > d }.count
    return kept == 1 ? (-safe, -ny, -d) : (safe, ny, d)
  }

  private mutating func fill(
    _ outline: Outline, _ colour: [Float], texture: [Float]? = nil, amplitude: Float = 0
  ) {
    let (rows, values) = outline.coverage(width: size, height: size)
    blend(rows, values, colour, texture: texture, amplitude: amplitude)
  }

  private mutating func blend(
    _ rows: Range<Int>, _ coverage: [Float], _ colour: [Float], texture: [Float]? = nil,
    amplitude: Float = 0
  ) {
    let count = size * size
    for c in 0..<channels {
      for i in coverage.indices where coverage[i] > 0 {
        let at = rows.lowerBound * size + i
        let target = colour[c] + (texture.map { ($0[at] - 0.5) * amplitude } ?? 0)
        pixels[c * count + at] += (target - pixels[c * count + at]) * min(1, coverage[i]) * opacity
      }
    }
  }

  private mutating func blend(_ row: Int, _ column: Int, _ colour: [Float], _ share: Float) {
    for c in 0..<channels {
      let i = (c * size + row) * size + column
      pixels[i] += (colour[c] - pixels[i]) * share * opacity
    }
  }

  private func meanColour(in box: Box) -> [Float] {
    guard let (columns, rows) = box.pixels(imageWidth: size, imageHeight: size) else {
      return [Float](repeating: 0.5, count: channels)
    }
    return (0..<channels).map { c in
      var sum: Float = 0
      for row in rows { for column in columns { sum += pixels[(c * size + row) * size + column] } }
      return sum / Float(rows.count * columns.count)
    }
  }

  /// Value noise 0..1 [h, w]: random numbers on grids of 3, 6, 12 ... cells, blended smoothly.
  private mutating func noise(octaves: Int) -> [Float] {
    var result = [Float](repeating: 0, count: size * size)
    var total: Float = 0
    for octave in 0..<octaves {
      let cells = 3 << octave
      let weight = 1 / Float(1 << octave)
      let grid = (0..<(cells + 1) * (cells + 1)).map { _ in Float(draws.uniform()) }
      total += weight
      // The cell of each position and the smoothed offset in it, the same along both axes.
      let places = (0..<size).map { i -> (Int, Float) in
        let p = (Float(i) + 0.5) / Float(size) * Float(cells)
        let t = p - p.rounded(.down)
        return (min(cells - 1, Int(p)), t * t * (3 - 2 * t))
      }
      for (y, (row, v)) in places.enumerated() {
        for (x, (column, u)) in places.enumerated() {
          let i = row * (cells + 1) + column
          let top = grid[i] + (grid[i + 1] - grid[i]) * u
          let low = grid[i + cells + 1] + (grid[i + cells + 2] - grid[i + cells + 1]) * u
          result[y * size + x] += weight * (top + (low - top) * v)
        }
      }
    }
    for i in result.indices { result[i] /= total }
    return result
  }
}

extension Outline {
  /// The outline shrunk towards a point.
  fileprivate func shrunk(around p: (x: Double, y: Double), by factor: Double) -> Outline {
    switch self {
    case .polygon(let points):
      .polygon(points.map { (p.x + ($0.x - p.x) * factor, p.y + ($0.y - p.y) * factor) })
    case .ellipse(let x, let y, let rx, let ry, let angle):
      .ellipse(
        x: p.x + (x - p.x) * factor, y: p.y + (y - p.y) * factor, rx: rx * factor, ry: ry * factor,
        angle: angle)
    }
  }
}
