import Images

/// The layout of a panel's cells and labels.
struct PanelLayout {
  let size: Size
  private let columnWidths: [Double]
  private let rowHeights: [Double]
  private let left: Double
  private let top: Double
  private let gap: Double
  private let magnification: Double
  private let title: TextBlock
  private let heads: [TextBlock]
  private let rowLabels: [TextBlock]
  private let captions: [TextBlock]
  /// The room for the captions below each row.
  private let captionHeights: [Double]
  private let key: TextBlock
  /// The value from which maps are black, if they share a scale.
  private let sharedTop: Float

  private static let edge = 10.0
  private static let keyHeight = 26.0
  private static let keyBar = 90.0
  private static let headFont = Canvas.Font(size: 11, bold: true)
  private static let rowFont = Canvas.Font(size: 10.5)
  private static let captionFont = Canvas.Font(size: 9.5)
  /// The most lines of a heading, a row label or a caption.
  private static let mostLines = 4
  /// The width that the longest word of a heading may give to a column, or of a label to a row.
  private static let longestWord = 160.0
  /// The most width of the key's text in one line.
  private static let keyText = 240.0

  /// Measures first: every heading and row label, the title and the key get the space they need.
  init(_ panel: Panel) throws {
    let edge = PanelLayout.edge
    let canvas = try Canvas.measuring()
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
    func word(_ label: String, _ font: Canvas.Font) -> Double {
      min(TextBlock.widestWord(of: label, font, on: canvas), PanelLayout.longestWord)
    }
    // A word that does not fit is shortened, and not broken into many short lines.
    func block(_ text: String, _ font: Canvas.Font, _ limit: Double) -> TextBlock {
      let doesFit = TextBlock.widestWord(of: text, font, on: canvas) <= limit
      let most = doesFit ? PanelLayout.mostLines : 1
      return TextBlock(text, font, limit: limit, most: most, on: canvas)
    }
    for (c, label) in panel.columnLabels.enumerated() where c < widths.count {
      widths[c] = max(widths[c], word(label, PanelLayout.headFont) - gap + 2)
    }
    for (r, label) in panel.rowLabels.enumerated() where r < heights.count {
      heights[r] = max(heights[r], word(label, PanelLayout.rowFont))
    }
    columnWidths = widths
    rowHeights = heights
    sharedTop = HeatMap.quantile(panel.quantile, of: panel.rows.joined().compactMap(\.map))
    let gap = gap
    heads = zip(panel.columnLabels, widths).map { block($0, PanelLayout.headFont, $1 + gap - 2) }
    rowLabels = zip(panel.rowLabels, heights).map { block($0, PanelLayout.rowFont, $1) }
    left = edge + (rowLabels.isEmpty ? 0 : 4 + (rowLabels.map(\.height).max() ?? 0))

    var captions: [TextBlock] = []
    captionHeights = panel.rows.map { row in
      let texts = panel.captions.dropFirst(captions.count).prefix(row.count)
      let blocks = zip(texts, widths).map { block($0, PanelLayout.captionFont, $1 + gap - 2) }
      captions += blocks
      return panel.captions.isEmpty ? 0 : 2 + max(12, blocks.map(\.height).max() ?? 0)
    }
    self.captions = captions
    var inner = widths.reduce(0, +) + gap * Double(max(0, widths.count - 1))
    key = TextBlock(panel.key, PanelLayout.captionFont, limit: PanelLayout.keyText, on: canvas)
    if !panel.key.isEmpty {
      let ends = PanelLayout.keyEnds(panel, sharedTop)
      let texts = [ends.low, ends.high].map { canvas.width(of: $0, PanelLayout.captionFont) }
      inner = max(
        inner, key.width + texts.reduce(0, +) + PanelLayout.keyBar + PanelLayout.keyGaps)
    }
    let titleFont = Canvas.Font.title
    // A title needs some width even above a single small picture, and at least that of its longest
    // word.
    inner = max(inner, min(200, canvas.width(of: panel.title, titleFont)))
    inner = max(inner, min(400, TextBlock.widestWord(of: panel.title, titleFont, on: canvas)))
    title = TextBlock(panel.title, titleFont, limit: inner, on: canvas)
    top =
      edge + (title.lines.isEmpty ? 0 : 5 + title.height)
      + (heads.isEmpty ? 0 : 3 + (heads.map(\.height).max() ?? 0))
    size = Size(
      width: left + inner + edge,
      height: top + heights.reduce(0, +) + captionHeights.reduce(0, +) + gap * Double(heights.count)
        - gap + (panel.key.isEmpty ? 0 : PanelLayout.keyHeight - 12 + key.height) + edge)
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
    title.draw(x: left, y: PanelLayout.edge, on: canvas)
    var x = left
    for (c, width) in columnWidths.enumerated() {
      if c < heads.count {
        heads[c].draw(x: x + width / 2, y: top - 3 - heads[c].height, anchor: .middle, on: canvas)
      }
      x += width + gap
    }

    var y = top
    var position = 0
    for (r, row) in panel.rows.enumerated() {
      if r < rowLabels.count {
        rowLabels[r].drawTurned(
          x: left - 4 - rowLabels[r].height, y: y + rowHeights[r] / 2, on: canvas)
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
        if position < captions.count {
          captions[position].draw(
            x: x + columnWidths[c] / 2, y: y + rowHeights[r] + 2, anchor: .middle, on: canvas)
        }
        position += 1
        x += columnWidths[c] + gap
      }
      y += rowHeights[r] + captionHeights[r] + gap
    }
    if !panel.key.isEmpty { drawKey(panel, y: y - gap + 10, on: canvas) }
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
    key.draw(x: left, y: y, on: canvas)
    var x = left + key.width + 10
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
