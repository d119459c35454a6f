import Host
import Images
import Testing

@testable import Pictures

@Suite struct BarsAndBandsTests {
  @Test("a bar's number is above its end and its error bar, a negative one's below")
  func numbers() throws {
    for (chart, values) in [
      (Samples.numberedBars(), Samples.numberedBars().series.flatMap(\.ys)),
      (Samples.signedBars(), Samples.signedBars().series.flatMap(\.ys)),
    ] {
      let layout = try ChartLayout(chart, on: Canvas.measuring())
      let painter = ChartPainter(chart: chart, layout: layout, canvas: try Canvas.measuring())
      let write = NumberText(values, decimals: nil)
      let texts = try chart.figure().texts()
      for one in chart.series {
        for (i, value) in one.ys.enumerated() {
          let error = i < one.errors.count ? one.errors[i] : 0
          let end = try #require(painter.y(value < 0 ? value - error : value + error))
          let found = texts.filter { $0.text == write(value) && $0.box.x > layout.plot.x }
          let isBeyond = found.contains {
            value < 0
              ? $0.box.y > end && $0.box.y < end + 8
              : $0.box.bottom < end && $0.box.bottom > end - 8
          }
          #expect(isBeyond, "\(value)")
        }
      }
    }
  }

  @Test("where the limits of the axis leave no room, a number is inside its bar and can be read")
  func insideNumbers() throws {
    var chart = Samples.numberedBars()
    chart.yLimits = 0...60
    let texts = try chart.figure().texts().filter { $0.text == "81.0" }
    #expect(texts.count == 1)
    #expect(texts.allSatisfy { $0.colour.contrast(with: SeriesStyle(0).colour) >= 4.5 })
  }

  @Test("the axis holds the band, which is tinted and interrupted where the line is")
  func bands() throws {
    var chart = Chart(
      .line,
      [
        .init(
          xs: [0, 1, 2, 3, 4], ys: [1, 1, .nan, 1, 1],
          band: [(0, 5), (0, 5), (.nan, .nan), (0, 5), (0, 5)])
      ])
    let axis = try chart.axes().y.range
    #expect(axis.lowerBound < 0 && axis.upperBound > 5)
    let layout = try ChartLayout(chart, on: Canvas.measuring())
    let painter = ChartPainter(chart: chart, layout: layout, canvas: try Canvas.measuring())
    let bitmap = try chart.figure().bitmap()
    func isTinted(_ x: Double, _ y: Double) throws -> Bool {
      let (px, py) = (try #require(painter.x(x)), try #require(painter.y(y)))
      let at = (Int(py * 2) * bitmap.width + Int(px * 2)) * 3
      return bitmap.rgb[at] < bitmap.rgb[at + 2] && bitmap.rgb[at] > 150
    }
    #expect(try isTinted(0.5, 3.5) && isTinted(3.5, 3.5))
    #expect(try !isTinted(0.5, 5.1) && !isTinted(1.5, 3.5) && !isTinted(2.5, 3.5))
    // On a logarithmic axis the band reaches the plot's lower edge where it ends at 0.
    chart.yIsLogarithmic = true
    _ = try chart.figure().png()
  }

  @Test("parts of a figure have the sizes of their rows and columns, and are where they belong")
  func arranged() throws {
    let line = try Samples.lines().figure()
    let sheet = try Samples.sheet().figure()
    let figure = try Figure.arranged([[line, sheet], [nil, line]], title: "All")
    #expect(figure.size.width == line.size.width + max(sheet.size.width, line.size.width) + 8)
    #expect(figure.summary == "3 figures in 2 × 2")
    let titles = try figure.texts().filter { $0.text.hasPrefix("Validation") }
    #expect(titles.count == 2)
    #expect(titles[1].box.x > line.size.width && titles[1].box.y > line.size.height)
    let small = try figure.fitted(to: Size(width: 500, height: 420))
    #expect(small.size.width == 500)
    #expect(try small.texts().allSatisfy { $0.box.right <= 500 && $0.box.bottom <= 420 })
    #expect(throws: Failure.self) { try Figure.arranged([[nil]]) }
    #expect(throws: Failure.self) { try figure.fitted(to: Size(width: 90, height: 90)) }
    // Figures can be nested.
    #expect(try Figure.arranged([[figure, line]]).texts().count > figure.texts().count)
  }
}
