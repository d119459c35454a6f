import Host
import Images

/// The bars' numbers: their texts, and how they are written so that none meets another.
struct BarNumbers {
  /// A text for each value of each series.
  let texts: [[String]]
  let font: Canvas.Font
  /// Whether they are written upwards, because the bars are too narrow.
  let isTurned: Bool
  /// The height above the longest bar, and below the lowest one, that they need.
  let room: Double

  private static let smallest = 7.0
  /// The distance between a bar and its number.
  static let gap = 3.0

  /// Throws `picture-size` if the bars are narrower than a line of text is high.
  init(_ chart: Chart, plotWidth: Double, on canvas: Canvas) throws {
    let write = NumberText(chart.series.flatMap(\.ys), decimals: chart.decimals)
    texts = chart.series.map { $0.ys.map { write($0) } }
    let slots = chart.barSlots(in: plotWidth)
    let limit = chart.series.count > 1 ? slots.width - 1 : slots.slot - 3
    var font = Canvas.Font.tick
    let widest = texts.joined().map { canvas.width(of: $0, font) }.max() ?? 0
    let size = font.size * min(1, limit / max(widest, 1))
    isTurned = size < BarNumbers.smallest
    if isTurned {
      font.size = min(font.size, limit / 1.1)
      guard font.size >= BarNumbers.smallest - 0.5 else {
        throw Failure(
          "picture-size",
          "draw: \(texts.reduce(0) { $0 + $1.count }) bars are too narrow for numbers in "
            + "\(Int(plotWidth)) points", hint: "give a larger size, or leave the numbers out")
      }
    } else {
      font.size = size
    }
    self.font = font
    room = BarNumbers.gap * 2 + (isTurned ? widest * font.size / 10 : font.size)
  }

  /// The width of a plot in which numbers written upwards fit.
  static func leastPlot(for chart: Chart) -> Double {
    let slots = chart.barSlots(in: 1)
    return smallest * 1.2 / max(1e-4, slots.width)
  }
}

extension Chart {
  /// The width of a category's slot and of a bar in a plot.
  func barSlots(in plotWidth: Double) -> (slot: Double, width: Double) {
    let slot = plotWidth / Double(max(1, categories.count))
    return (slot, slot * 0.72 / Double(max(1, series.count)))
  }
}

extension ChartPainter {
  func drawBars() {
    let (slot, width) = chart.barSlots(in: plot.width)
    let base = y(max(0, axes.y.range.lowerBound)) ?? plot.bottom
    for (s, one) in chart.series.enumerated() {
      let style = SeriesStyle(s)
      func left(_ i: Int) -> Double? {
        x(one.xs[i]).map { $0 - slot * 0.36 + Double(s) * width }
      }
      for i in 0..<min(one.xs.count, one.ys.count) {
        guard let from = left(i), let top = y(one.ys[i]) else { continue }
        let bar = Box(
          x: from + width * 0.04, y: min(top, base), width: width * 0.92, height: abs(base - top))
        canvas.fill(bar, style.colour)
        if chart.hasTextures { canvas.texture(style.texture, over: bar) }
        if let numbers = layout.numbers, i < numbers.texts[s].count {
          draw(
            numbers, numbers.texts[s][i], of: one, i, at: bar.x + bar.width / 2,
            colour: style.colour)
        }
      }
      drawErrors(of: one, at: { left($0).map { $0 + width / 2 } }, .ink)
    }
  }

  /// Draws a bar's number beyond its end and its error bar, or, where the limits of the axis leave no
  /// room, inside the bar.
  private func draw(
    _ numbers: BarNumbers, _ text: String, of one: Chart.Series, _ i: Int, at middle: Double,
    colour: DrawnColour
  ) {
    let font = numbers.font
    let length = numbers.isTurned ? canvas.width(of: text, font) : font.size * 0.75
    let error = i < one.errors.count ? max(0, one.errors[i]) : 0
    let isDown = one.ys[i] < 0
    guard let end = y(one.ys[i] + (isDown ? -error : error)) else { return }
    // The upper edge of the text.
    var top = isDown ? end + BarNumbers.gap : end - BarNumbers.gap - length
    let isInside = top < plot.y || top + length > plot.bottom
    if isInside {
      top = isDown ? plot.bottom - BarNumbers.gap - length : plot.y + BarNumbers.gap
    }
    let ink = isInside ? colour.textColour : .ink
    if numbers.isTurned {
      canvas.text(
        text, at: Point(x: middle + font.size * 0.36, y: top + length), font, ink, turned: true)
    } else {
      canvas.text(text, at: Point(x: middle, y: top + length), font, ink, anchor: .middle)
    }
  }

  func drawErrors(
    of one: Chart.Series, at x: (Int) -> Double?, _ colour: DrawnColour
  ) {
    for i in 0..<min(one.xs.count, one.ys.count, one.errors.count) where one.errors[i] > 0 {
      guard let at = x(i), let high = y(one.ys[i] + one.errors[i]) else { continue }
      let low = y(one.ys[i] - one.errors[i]) ?? plot.bottom
      canvas.line([Point(x: at, y: low), Point(x: at, y: high)], colour, width: 1.2)
      for end in [low, high] {
        canvas.line([Point(x: at - 3, y: end), Point(x: at + 3, y: end)], colour, width: 1.2)
      }
    }
  }
}
