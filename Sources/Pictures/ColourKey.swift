import Images

/// The key to a colour scale: an upright bar with numbers and what they are.
struct ColourKey {
  let scale: ColourScale
  let height: Double
  let width: Double
  private let hasMissing: Bool
  private let label: TextBlock
  private let ticks: [(value: Double, text: String)]
  private let barHeight: Double

  private static let bar = 12.0
  private static let font = Canvas.Font(size: 9.5)
  /// The height of the line that names NaN, and its distance from the bar.
  private static let missingHeight = 20.0

  /// Lays a key out whose bar and texts are `height` high together.
  init(
    _ scale: ColourScale, label: String, hasMissing: Bool, height: Double, on canvas: Canvas
  ) {
    self.scale = scale
    self.hasMissing = hasMissing
    self.height = height
    barHeight = max(1, height - (hasMissing ? ColourKey.missingHeight : 0))
    self.label = TextBlock(label, ColourKey.font, limit: barHeight, on: canvas)
    ticks = ColourKey.ticks(of: scale, height: barHeight)
    let texts = ticks.map(\.text) + (hasMissing ? ["nan"] : [])
    let widest = texts.map { canvas.width(of: $0, ColourKey.font) }.max() ?? 0
    width = ColourKey.bar + 5 + widest + (self.label.lines.isEmpty ? 0 : 5 + self.label.height)
  }

  /// Round numbers, and the ends that other numbers exceed.
  private static func ticks(
    of scale: ColourScale, height: Double
  ) -> [(value: Double, text: String)] {
    let (low, high) = (scale.limits.lowerBound, scale.limits.upperBound)
    let write = NumberText([low, high], decimals: nil)
    guard low < high else { return [(low, write(low))] }
    let found = Ticks.linear(scale.limits, count: (Int(height / 24)).clamped(to: 2...6))
    var ticks = zip(found.values, found.labels).map { (value: $0, text: $1) }
    // No two texts are closer than a line.
    let least = (high - low) * 12 / max(height, 12)
    for (end, isExceeded, sign) in [
      (low, scale.exceeded.below, "≤ "), (high, scale.exceeded.above, "≥ "),
    ] where isExceeded {
      ticks.removeAll { abs($0.value - end) < least }
      ticks.append((end, sign + write(end)))
    }
    return ticks
  }

  func draw(x: Double, y: Double, on canvas: Canvas) {
    let bar = Box(x: x, y: y, width: ColourKey.bar, height: barHeight)
    let (low, high) = (scale.limits.lowerBound, scale.limits.upperBound)
    let steps = 128
    for i in 0..<steps {
      let share = (Double(i) + 0.5) / Double(steps)
      let height = bar.height / Double(steps)
      canvas.fill(
        // Strips overlap, so that no line shows between them.
        Box(
          x: bar.x, y: bar.bottom - Double(i + 1) * height, width: bar.width,
          height: min(height * 2, bar.height - Double(steps - i - 1) * height)),
        scale.colour(of: low * (1 - share) + high * share))
    }
    canvas.stroke(bar, DrawnColour(0xBBBBBB), width: 0.5)
    for tick in ticks {
      let share = low < high ? (tick.value - low) / (high - low) : 0.5
      let at = bar.bottom - share * bar.height
      canvas.line([Point(x: bar.right, y: at), Point(x: bar.right + 3, y: at)], .axis)
      canvas.text(
        tick.text,
        at: Point(
          x: bar.right + 5, y: (at + 3.4).clamped(to: bar.y + 7...max(bar.y + 7, bar.bottom))),
        ColourKey.font, .axis)
    }
    if hasMissing {
      let box = Box(x: x, y: y + height - 11, width: ColourKey.bar, height: 11)
      canvas.missing(in: box)
      canvas.text("nan", at: Point(x: box.right + 5, y: box.bottom - 2), ColourKey.font, .axis)
    }
    label.drawTurned(
      x: x + width - label.height, y: y + barHeight / 2, .axis, on: canvas)
  }
}

extension Canvas {
  /// Draws the place of a missing number: grey and hatched.
  func missing(in box: Box) {
    fill(box, ColourScale.missing)
    clipped(to: box) {
      for x in stride(from: box.x - box.height, to: box.right, by: 5) {
        line(
          [Point(x: x, y: box.bottom), Point(x: x + box.height, y: box.y)],
          DrawnColour(0xB0B0B0), width: 0.8)
      }
    }
  }
}
