import Host
import Tensors
import Testing

@testable import Pictures

@Suite struct ChartTests {
  private func kind(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? Failure)?.kind
    }
  }

  @Test("an axis leaves room around its values, and bars start at zero")
  func axes() {
    let axis = Axis(over: [1, 3], logarithmic: false, limits: nil, tickCount: 5)
    #expect(axis.range.lowerBound < 1 && axis.range.upperBound > 3)
    let bars = Axis(over: [70, 80], logarithmic: false, limits: nil, zero: true, tickCount: 5)
    #expect(bars.range.lowerBound == 0)
    let one = Axis(over: [5], logarithmic: false, limits: nil, tickCount: 5)
    #expect(one.range.lowerBound < 5 && one.range.upperBound > 5)
    let logarithmic = Axis(over: [0, -1, 10, 1000], logarithmic: true, limits: nil, tickCount: 5)
    #expect(logarithmic.range.lowerBound > 1 && logarithmic.range.lowerBound < 10)
    #expect(logarithmic.position(0) == nil && logarithmic.position(.nan) == nil)
  }

  @Test("a box plot has NumPy's quartiles, and whiskers that end at numbers within their reach")
  func boxSummary() throws {
    // numpy.percentile([1, 2, 4, 7, 11, 30], [25, 50, 75]) is [2.5, 5.5, 10], so whiskers end within 21.25.
    let summary = try #require(BoxSummary([30, 2, 11, .nan, 7, 1, 4]))
    #expect((summary.lowerQuartile, summary.median, summary.upperQuartile) == (2.5, 5.5, 10))
    #expect(summary.whiskers == 1...11 && summary.outliers == [30])
    #expect(BoxSummary([3])?.whiskers == 3...3)
    #expect(BoxSummary([.infinity]) == nil)
  }

  @Test("values that can't be drawn are left out; without any there is an error")
  func nothing() throws {
    #expect(kind { _ = try Chart(.line, []).figure() } == "no-data")
    #expect(kind { _ = try Chart(.line, [.init(xs: [0], ys: [.nan])]).figure() } == "no-data")
    var chart = Chart(.dots, [.init(xs: [1, 2, .infinity], ys: [.nan, 1, 2])])
    _ = try chart.figure().png()
    chart.yIsLogarithmic = true
    _ = try chart.figure().png()
  }

  @Test(
    "extreme values draw without harm",
    arguments: [[1e308, -1e308], [0, 5e-324], [1e17, 1e17 + 16], [0, 0, 0], [-1, -1]])
  func extremes(ys: [Double]) throws {
    for mark in [Chart.Mark.line, .dots] {
      _ = try Chart(mark, [.init(xs: ys.indices.map(Double.init), ys: ys)]).figure().png(density: 1)
      _ = try Chart(mark, [.init(xs: ys, ys: ys)]).figure().png(density: 1)
    }
    var bars = Chart(.bars, [.init(xs: ys.indices.map(Double.init), ys: ys)])
    bars.categories = ys.indices.map(String.init)
    _ = try bars.figure().png(density: 1)
    var boxes = Chart(.boxes, [.init(xs: ys.map { _ in 0 }, ys: ys), .init(xs: [1], ys: [.nan])])
    boxes.categories = ["a", "b"]
    _ = try boxes.figure().png(density: 1)
  }

  @Test("more names than fit wrap into rows, and long ones are cut")
  func manyNames() throws {
    var chart = Chart(
      .line,
      (0..<40).map { .init(name: "series number \($0)", xs: [0, 1], ys: [0, Double($0)]) })
    chart.title = String(repeating: "a very long title ", count: 20)
    _ = try chart.figure().png()
    chart.series = [
      .init(name: String(repeating: "x", count: 500), xs: [0, 1], ys: [0, 1])
    ]
    _ = try chart.figure().png()
  }

  @Test("a picture too large to draw is an error that says so")
  func tooLarge() throws {
    var chart = Samples.lines()
    chart.size = Size(width: 1e6, height: 10)
    #expect(kind { _ = try chart.figure().png() } == "picture-size")
  }
}

@Suite struct PanelTests {
  @Test("a bitmap is a tensor's pixels, clipped to what can be shown")
  func bitmap() throws {
    let colours = try Tensor(
      [Float](arrayLiteral: -0.29, 1.29, 0, 0, -0.1, 0.5), shape: [3, 1, 2])
    #expect(try Bitmap(colours).rgb == [0, 0, 0, 255, 0, 128])
    #expect(try Bitmap(Tensor([UInt8(7), 9], shape: [1, 2])).rgb == [7, 7, 7, 9, 9, 9])
    #expect(throws: Failure.self) { try Bitmap(Tensor(zeros: [2, 4, 4])) }
    #expect(throws: Failure.self) { try Bitmap(Tensor(zeros: [3, 0, 4])) }
    let error = #expect(throws: Failure.self) {
      try Bitmap(Tensor([Float.nan, 1], shape: [1, 1, 2]))
    }
    #expect(error?.kind == "value")
  }

  @Test("maps on one scale: equal darkness is equal value")
  func sharedScale() throws {
    let weak = try HeatMap(Tensor([Float](repeating: 1, count: 16), shape: [4, 4]))
    let strong = try HeatMap(Tensor([Float](repeating: 4, count: 16), shape: [4, 4]))
    let top = HeatMap.quantile(1, of: [weak, strong])
    #expect(top == 4)
    #expect(weak.bitmap(top: top).rgb[0] == 191)
    #expect(strong.bitmap(top: top).rgb[0] == 0)
    #expect(HeatMap.quantile(0.5, of: [try HeatMap(Tensor(zeros: [2, 2]))]) == 0)
    #expect(try HeatMap(Tensor(zeros: [2, 2])).bitmap(top: 0).rgb.allSatisfy { $0 == 255 })
  }

  @Test("signed maps are white at 0, blue below and orange above, on one scale")
  func signedMaps() throws {
    let tensor = try Tensor([Float(-2), 0, 1, 4], shape: [2, 2])
    let map = try HeatMap(tensor, isSigned: true)
    let top = HeatMap.quantile(1, of: [map])
    #expect(top == 4)
    let rgb = map.bitmap(top: top).rgb
    #expect(Array(rgb[3..<6]) == [255, 255, 255])
    #expect(Array(rgb[9..<12]) == [150, 70, 0])
    #expect(rgb[0] < rgb[2] && rgb[6] > rgb[8])
    #expect(map.bitmap(top: 2).rgb[0..<3] == [5, 48, 160])
    #expect(throws: Failure.self) { try HeatMap(tensor) }
    let error = #expect(throws: Failure.self) {
      try HeatMap(Tensor([Float.nan], shape: [1, 1]), isSigned: true)
    }
    #expect(error?.message.hasPrefix("draw: the numbers of a map must be finite") == true)
  }

  @Test("a few outliers do not leave the rest white")
  func quantile() throws {
    var values = [Float](repeating: 1, count: 1000)
    values[0] = 1e6
    let map = try HeatMap(Tensor(values, shape: [10, 100]))
    #expect(HeatMap.quantile(0.995, of: [map]) == 1)
  }

  @Test("an enlarged image keeps its pixels as even squares")
  func squares() throws {
    let checks = try Tensor(
      (0..<64).map { Float(($0 / 8 + $0) % 2) }, shape: [1, 8, 8])
    var panel = Panel([[try Tile(checks)]])
    panel.magnification = 10
    let bitmap = try panel.figure().bitmap()
    // The picture begins at 10 points, 20 pixels; the middle of each square is its colour.
    for y in 0..<8 {
      for x in 0..<8 {
        let at = ((20 + y * 10 + 5) * bitmap.width + 20 + x * 10 + 5) * 3
        #expect(bitmap.rgb[at] == ((y + x) % 2 == 0 ? 0 : 255))
      }
    }
  }

  @Test("rows of different lengths, empty cells and images of different sizes have their places")
  func ragged() throws {
    var panel = Panel([
      [try Tile(Samples.picture(48, 0)), .empty, try Tile(Samples.map(12, 0, spread: 1))],
      [try Tile(Samples.picture(20, 1))], [.empty],
    ])
    panel.rowLabels = ["one", "two", "a third one with a very long label"]
    panel.columnLabels = ["a", "b"]
    _ = try panel.figure().png()
    #expect(throws: Failure.self) { try Panel([[.empty], []]).figure() }
  }
}
