import Host
import Images
import Testing

@testable import Pictures

/// Where texts are: on the paper, and none over another.
@Suite struct TextPlacesTests {
  private func check(_ figure: Figure, _ name: String) throws {
    let texts = try figure.texts()
    #expect(!texts.isEmpty, "\(name)")
    for (i, one) in texts.enumerated() {
      let isInside =
        one.box.x >= 0 && one.box.y >= 0 && one.box.right <= figure.size.width
        && one.box.bottom <= figure.size.height
      #expect(isInside, "\(name): \"\(one.text)\" at \(one.box.text) of \(figure.size)")
      for other in texts[(i + 1)...] {
        let width = min(one.box.right, other.box.right) - max(one.box.x, other.box.x)
        let height = min(one.box.bottom, other.box.bottom) - max(one.box.y, other.box.y)
        #expect(width <= 0.1 || height <= 0.1, "\(name): \"\(one.text)\" meets \"\(other.text)\"")
      }
    }
  }

  @Test("of all samples")
  func samples() throws {
    for (name, figure) in try Samples.all() { try check(figure, name) }
  }

  @Test("of charts and heat maps in narrow and wide sizes")
  func sizes() throws {
    for size in [Size(width: 260, height: 200), Size(width: 900, height: 240)] {
      for (name, chart) in [
        ("lines", Samples.lines()), ("bars", Samples.bars()), ("boxes", Samples.boxes()),
        ("histogram", Samples.histogram()), ("signed", Samples.signedBars()),
      ] {
        try check(chart.figure().fitted(to: size), "\(name), \(size)")
      }
      var matrix = Samples.matrix()
      matrix.size = size
      try check(matrix.figure(), "matrix, \(size)")
      matrix = Samples.wideMatrix(20, 60)
      matrix.size = size
      try check(matrix.figure(), "wide matrix, \(size)")
    }
    for columns in [1, 2, 7, 30, 90] {
      try check(Samples.wideMatrix(columns, 3).figure(), "\(columns) rows")
      try check(Samples.wideMatrix(3, columns).figure(), "\(columns) columns")
      var bars = Chart(
        .bars, [.init(xs: (0..<columns).map(Double.init), ys: (0..<columns).map(Double.init))])
      bars.categories = (0..<columns).map { "category \($0)" }
      bars.hasNumbers = true
      try check(bars.figure(), "\(columns) bars")
    }
  }

  @Test("texts that leave no room are an error")
  func noRoom() throws {
    let small = Size(width: 90, height: 80)
    for figure in [try Samples.longTexts(.line).figure(), try Samples.matrix().figure()] {
      let error = #expect(throws: Failure.self) { try figure.fitted(to: small) }
      #expect(error?.kind == "picture-size")
    }
    var bars = Samples.many(.bars, 1, points: 200)
    bars.hasNumbers = true
    #expect(try bars.figure().size.width > 1500)
    #expect(throws: Failure.self) { try bars.figure().fitted(to: Size(width: 480, height: 320)) }
  }

  @Test("lines do not exceed their limit and lose nothing")
  func blocks() throws {
    let canvas = try Canvas.measuring()
    let font = Canvas.Font.label
    for text in [
      Samples.sentence, "a_long_name/with-parts", String(repeating: "x", count: 90), "ab",
    ] {
      for limit in [30.0, 80, 400] {
        let block = TextBlock(text, font, limit: limit, on: canvas)
        #expect(block.width <= limit)
        #expect(
          block.lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
      }
    }
    let two = TextBlock(Samples.sentence, font, limit: 80, most: 2, on: canvas)
    #expect(two.lines.count == 2 && two.lines[1].hasSuffix("…") && two.width <= 80)
    #expect(TextBlock("a\nb", font, limit: 80, on: canvas).lines == ["a", "b"])
    #expect(TextBlock("", font, limit: 0, on: canvas).height == 0)
  }
}
