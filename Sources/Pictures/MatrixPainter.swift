import Images

/// Draws a heat map at the places of its layout.
struct MatrixPainter {
  let chart: MatrixChart
  let layout: MatrixLayout
  let canvas: Canvas

  /// The most cells that are drawn as shapes; more are pixels of an image.
  private static let mostShapes = 4096
  /// The side from which cells are separated by white lines.
  private static let leastSeparated = 10.0

  func draw() throws {
    let edge = Canvas.edge
    let (plot, cell) = (layout.plot, layout.cell)
    let scale = chart.scale
    let titleLeft = min(plot.x, max(edge, layout.size.width - edge - layout.title.width))
    layout.title.draw(x: titleLeft, y: edge, on: canvas)
    if chart.rows.count * chart.columns > MatrixPainter.mostShapes
      || min(cell.width, cell.height) < 3
    {
      try drawPixels(scale)
    } else {
      drawShapes(scale)
    }
    layout.rowNames.draw(x: plot.x - 6, y: plot.y, on: canvas)
    layout.columnNames?.draw(x: plot.x, y: plot.bottom, on: canvas)
    let half = layout.xLabel.width / 2
    let middle = (plot.x + plot.width / 2).clamped(
      to: edge + half...max(edge + half, layout.size.width - edge - half))
    layout.xLabel.draw(
      x: middle, y: plot.bottom + (layout.columnNames?.height ?? 0) + 4, anchor: .middle, on: canvas
    )
    let reach = layout.yLabel.width / 2
    let height = (plot.y + plot.height / 2).clamped(
      to: plot.y + reach...max(plot.y + reach, layout.size.height - edge - reach))
    layout.yLabel.drawTurned(x: edge - 2, y: height, on: canvas)
    layout.key.draw(x: plot.right + MatrixLayout.keyGap, y: plot.y, on: canvas)
  }

  private func box(_ r: Int, _ c: Int) -> Box {
    let (plot, cell) = (layout.plot, layout.cell)
    return Box(
      x: plot.x + Double(c) * cell.width, y: plot.y + Double(r) * cell.height, width: cell.width,
      height: cell.height)
  }

  private func drawShapes(_ scale: ColourScale) {
    let isSeparated = min(layout.cell.width, layout.cell.height) >= MatrixPainter.leastSeparated
    for (r, row) in chart.rows.enumerated() {
      for (c, number) in row.enumerated() {
        var box = box(r, c)
        if isSeparated {
          box = Box(
            x: box.x + 0.5, y: box.y + 0.5, width: box.width - 1, height: box.height - 1)
        }
        let colour = scale.colour(of: number)
        if number.isNaN { canvas.missing(in: box) } else { canvas.fill(box, colour) }
        guard r < layout.texts.count, c < layout.texts[r].count else { continue }
        let font = layout.textFont
        canvas.text(
          layout.texts[r][c],
          at: Point(x: box.x + box.width / 2, y: box.y + box.height / 2 + font.size * 0.36), font,
          colour.textColour, anchor: .middle)
      }
    }
  }

  private func drawPixels(_ scale: ColourScale) throws {
    var bitmap = Bitmap(width: chart.columns, height: chart.rows.count)
    for (i, number) in chart.numbers.enumerated() {
      let colour = scale.colour(of: number)
      for (c, part) in [colour.red, colour.green, colour.blue].enumerated() {
        bitmap.rgb[i * 3 + c] = UInt8((part * 255).rounded().clamped(to: 0...255))
      }
    }
    try canvas.image(bitmap, in: layout.plot)
    canvas.stroke(layout.plot, DrawnColour(0xBBBBBB), width: 0.5)
  }
}
