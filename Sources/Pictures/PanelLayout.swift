import Images

/// The layout of a panel's cells and labels.
struct PanelLayout {
  let size: Size
  private let columnWidths: [Double]
  private let rowHeights: [Double]
  private let left: Double
  private let top: Double
  private let gap: Double
  private let captionHeight: Double
  private let magnification: Double
  private let titleLines: [String]
  /// The value from which maps are black, if they share a scale.
  private let sharedTop: Float

  private static let edge = 10.0
  private static let keyHeight = 26.0
  private static let titleStep = 17.0
  private static let keyBar = 90.0
  private static let headFont = Canvas.Font(size: 11, bold: true)
  private static let rowFont = Canvas.Font(size: 10.5)
  private static let captionFont = Canvas.Font(size: 9.5)

  /// Measures first: every heading and row label, the title and the key get the space they need.
  init(_ panel: Panel) throws {
    let edge = PanelLayout.edge
    gap = panel.gap
    magnification = panel.magnification ?? PanelLayout.naturalMagnification(of: panel)
    var widths = [Double](repeating: 0, count: panel.rows.map(\.count).max() ?? 0)
    var heights = [Double](repeating: 0, count: panel.rows.count)
    for (r, row) in panel.rows.enumerated() {
      guard let lead = row.lazy.compactMap(\.pixels).first else { continue }
      for c in row.indices {
        let cell = PanelLayout.cellSize(of: row[c], lead: lead, magnification)
        widths[c] = max(widths[c], cell.width)
        heights[r] = max(heights[r], cell.height)
      }
    }
    for (c, label) in panel.columnLabels.enumerated() where c < widths.count {
      let least = try Canvas.width(of: label, PanelLayout.headFont) * PanelLayout.leastHead
      widths[c] = max(widths[c], least - gap)
    }
    for (r, label) in panel.rowLabels.enumerated() where r < heights.count {
      heights[r] = max(heights[r], try Canvas.width(of: label, PanelLayout.rowFont))
    }
    columnWidths = widths
    rowHeights = heights
    sharedTop = HeatMap.quantile(panel.quantile, of: panel.rows.joined().compactMap(\.map))
    captionHeight = panel.captions.isEmpty ? 0 : 14
    left = edge + (panel.rowLabels.isEmpty ? 0 : 18)
    var inner = widths.reduce(0, +) + gap * Double(max(0, widths.count - 1))
    if !panel.key.isEmpty {
      let ends = PanelLayout.keyEnds(panel, sharedTop)
      let texts = try [panel.key, ends.low, ends.high].map {
        try Canvas.width(of: $0, PanelLayout.captionFont)
      }
      inner = max(inner, texts.reduce(0, +) + PanelLayout.keyBar + PanelLayout.keyGaps)
    }
    let titleFont = ChartPainter.titleFont
    if panel.title.isEmpty {
      titleLines = []
    } else {
      // A title needs some width even above a single small picture, and at least that of its
      // longest word.
      inner = max(inner, min(200, try Canvas.width(of: panel.title, titleFont)))
      for word in panel.title.split(separator: " ") {
        inner = max(inner, try Canvas.width(of: String(word), titleFont))
      }
      titleLines = try Canvas.lines(of: panel.title, titleFont, limit: inner)
    }
    top =
      edge + (titleLines.isEmpty ? 0 : 5 + PanelLayout.titleStep * Double(titleLines.count))
      + (panel.columnLabels.isEmpty ? 0 : 17)
    size = Size(
      width: left + inner + edge,
      height: top + heights.reduce(0, +) + (captionHeight + gap) * Double(heights.count) - gap
        + (panel.key.isEmpty ? 0 : PanelLayout.keyHeight) + edge)
  }

  private static func naturalMagnification(of panel: Panel) -> Double {
    let widest =
      panel.rows.joined().compactMap(\.pixels).map { max($0.width, $0.height) }.max() ?? 1
    let wanted = 96 * Figure.density / Double(widest)
    return wanted >= 1 ? wanted.rounded() : wanted
  }

  /// A cell is as large as its row's first, so that a map of another resolution is aligned with the
  /// image.
  private static func cellSize(
    of tile: Tile, lead: (width: Int, height: Int), _ magnification: Double
  ) -> Size {
    var pixels = lead
    if case .image(let bitmap) = tile { pixels = (bitmap.width, bitmap.height) }
    // Images of different sizes in one row are drawn with the same height.
    let height = Double(lead.height) * magnification / Figure.density
    return Size(
      width: height * Double(pixels.width) / Double(max(1, pixels.height)), height: height)
  }

  func draw(_ panel: Panel, on canvas: Canvas) throws {
    let edge = PanelLayout.edge
    for (i, line) in titleLines.enumerated() {
      canvas.text(
        line, at: Point(x: left, y: edge + 11 + PanelLayout.titleStep * Double(i)),
        ChartPainter.titleFont)
    }
    let headFont = headFont(panel, on: canvas)
    var x = left
    for (c, width) in columnWidths.enumerated() {
      if c < panel.columnLabels.count {
        let text = canvas.fitted(panel.columnLabels[c], headFont, to: width + gap)
        canvas.text(text, at: Point(x: x + width / 2, y: top - 6), headFont, anchor: .middle)
      }
      x += width + gap
    }

    var y = top
    var position = 0
    for (r, row) in panel.rows.enumerated() {
      if r < panel.rowLabels.count {
        let text = canvas.fitted(panel.rowLabels[r], PanelLayout.rowFont, to: rowHeights[r])
        canvas.text(
          text, at: Point(x: left - 7, y: y + rowHeights[r] / 2), PanelLayout.rowFont,
          anchor: .middle, turned: true)
      }
      let rowTop = HeatMap.quantile(panel.quantile, of: row.compactMap(\.map))
      var x = left
      for (c, tile) in row.enumerated() {
        let lead = row.lazy.compactMap(\.pixels).first ?? (1, 1)
        let cell = PanelLayout.cellSize(of: tile, lead: lead, magnification)
        let area = Box(
          x: x + (columnWidths[c] - cell.width) / 2, y: y, width: cell.width, height: cell.height)
        switch tile {
        case .image(let bitmap): try canvas.image(bitmap, in: area)
        case .map(let map):
          let top =
            switch panel.scale {
            case .shared: sharedTop
            case .row: rowTop
            case .each: HeatMap.quantile(panel.quantile, of: [map])
            }
          try canvas.image(map.bitmap(top: top), in: area)
          canvas.stroke(area, DrawnColour(0xBBBBBB), width: 0.5)
        case .empty: break
        }
        if r < panel.boxes.count, let box = panel.boxes[r], tile.pixels != nil {
          drawBox(box, of: lead, in: area, on: canvas)
        }
        if position < panel.cellBoxes.count, let box = panel.cellBoxes[position],
          let pixels = tile.pixels
        {
          drawBox(box, of: pixels, in: area, on: canvas)
        }
        if position < panel.captions.count {
          let text = canvas.fitted(
            panel.captions[position], PanelLayout.captionFont, to: columnWidths[c] + gap - 2)
          canvas.text(
            text, at: Point(x: x + columnWidths[c] / 2, y: y + rowHeights[r] + 11),
            PanelLayout.captionFont, anchor: .middle)
        }
        position += 1
        x += columnWidths[c] + gap
      }
      y += rowHeights[r] + captionHeight + gap
    }
    if !panel.key.isEmpty { drawKey(panel, y: y - gap + 10, on: canvas) }
  }

  /// The minimum size of headings relative to their usual size.
  private static let leastHead = 0.75

  /// The font of the headings: smaller if they would not fit.
  private func headFont(_ panel: Panel, on canvas: Canvas) -> Canvas.Font {
    var font = PanelLayout.headFont
    let share =
      zip(panel.columnLabels, columnWidths).map { label, width in
        (width + gap) / max(1, canvas.width(of: label, font))
      }.min() ?? 1
    font.size *= min(1, max(PanelLayout.leastHead, share))
    return font
  }

  private func drawBox(
    _ box: Box, of lead: (width: Int, height: Int), in area: Box, on canvas: Canvas
  ) {
    let sx = area.width / Double(max(1, lead.width))
    let sy = area.height / Double(max(1, lead.height))
    let place = Box(
      x: area.x + box.x * sx, y: area.y + box.y * sy, width: box.width * sx, height: box.height * sy
    )
    canvas.clipped(to: area) {
      canvas.stroke(place, DrawnColour(0xFFFFFF, alpha: 0.7), width: 2.6)
      canvas.stroke(place, .box, width: 1.4)
    }
  }

  /// The space between the key's texts and its bar.
  private static let keyGaps = 10.0 + 4 + 4

  /// The labels of the two ends of the key.
  private static func keyEnds(_ panel: Panel, _ top: Float) -> (low: String, high: String) {
    guard panel.scale == .shared else {
      return panel.isSigned ? ("negative", "positive") : ("0", panel.scale.topName)
    }
    let number = Ticks.short(Double(top))
    return (panel.isSigned ? "≤ -" + number : "0", "≥ " + number)
  }

  private func drawKey(_ panel: Panel, y: Double, on canvas: Canvas) {
    let font = PanelLayout.captionFont
    let width = PanelLayout.keyBar
    canvas.text(panel.key, at: Point(x: left, y: y + 9), font)
    var x = left + canvas.width(of: panel.key, font) + 10
    let (low, high) = PanelLayout.keyEnds(panel, sharedTop)
    canvas.text(low, at: Point(x: x, y: y + 9), font, .axis)
    x += canvas.width(of: low, font) + 4
    for i in 0..<90 {
      let fraction = Float(i) / 89
      let colour = HeatMap.colour(
        of: panel.isSigned ? 2 * fraction - 1 : fraction, isSigned: panel.isSigned)
      canvas.fill(
        Box(x: x + Double(i), y: y, width: width / 90 + 0.3, height: 10),
        DrawnColour(Int(colour.x) << 16 | Int(colour.y) << 8 | Int(colour.z)))
    }
    canvas.stroke(Box(x: x, y: y, width: width, height: 10), DrawnColour(0xBBBBBB), width: 0.5)
    canvas.text(high, at: Point(x: x + width + 4, y: y + 9), font, .axis)
  }
}

extension Tile {
  /// The map, if it is one.
  var map: HeatMap? { if case .map(let map) = self { map } else { nil } }
}

extension Panel.Scale {
  /// The label of the dark end of the key if it has no single number.
  var topName: String { self == .row ? "row's top" : "each map's top" }
}
