import Host
import Images
import Testing

@testable import Pictures

@Suite struct MatrixChartTests {
  /// The colour of a pixel at a place in points.
  private func colour(_ bitmap: Bitmap, _ x: Double, _ y: Double) -> DrawnColour {
    let at = (Int(y * 2) * bitmap.width + Int(x * 2)) * 3
    return DrawnColour(
      Int(bitmap.rgb[at]) << 16 | Int(bitmap.rgb[at + 1]) << 8 | Int(bitmap.rgb[at + 2]))
  }

  @Test("every number is written on its cell, and its contrast with the cell is at least 4.5")
  func contrast() throws {
    for limits in [nil, 0.2...0.8, -2...2] as [ClosedRange<Double>?] {
      var chart = MatrixChart((0..<6).map { r in (0..<6).map { Double(r * 6 + $0) / 35 } })
      chart.limits = limits
      chart.decimals = 3
      let figure = try chart.figure()
      let bitmap = try figure.bitmap()
      let numbers = try figure.texts().filter { $0.text.count == 5 }
      #expect(numbers.count == 36)
      for number in numbers {
        // Left of the number there is only the cell.
        let cell = colour(bitmap, number.box.x - 3, number.box.y + number.box.height / 2)
        #expect(cell.contrast(with: number.colour) >= 4.5, "\(number.text)")
      }
    }
  }

  @Test("larger numbers are darker; around a centre white, blue below and orange above")
  func scales() {
    let rising = ColourScale([0, 1, 2, 3, 4], limits: nil, centre: nil)
    let brightness = stride(from: 0, through: 4, by: 0.25).map { rising.colour(of: $0).luminance }
    #expect(zip(brightness, brightness.dropFirst()).allSatisfy { $0 > $1 })
    #expect(rising.limits == 0...4 && rising.centre == nil)

    let signed = ColourScale([-1, 3], limits: nil, centre: nil)
    #expect(signed.limits == -3...3 && signed.colour(of: 0) == .white)
    #expect(signed.colour(of: -3).blue > 0.5 && signed.colour(of: 3).red > 0.5)
    #expect(ColourScale([1, 5], limits: nil, centre: 2).limits == -1...5)

    let cut = ColourScale([0, 5, .infinity, .nan], limits: 1...2, centre: nil)
    #expect(cut.exceeded == (true, true))
    #expect(cut.colour(of: .infinity) == cut.colour(of: 2))
    #expect(cut.colour(of: .nan) == ColourScale.missing)
    #expect(ColourScale([7, 7], limits: nil, centre: nil).colour(of: 7).luminance > 0.5)
    _ = ColourScale([-1e308, 1e308], limits: nil, centre: nil).colour(of: 1e308)
  }

  @Test("NaN is grey and named in the key; ends that numbers exceed are marked")
  func key() throws {
    let texts = try Samples.matrix().figure().texts().map(\.text)
    #expect(texts.count { $0 == "nan" } == 2)
    var chart = MatrixChart([[0, 1], [2, 3]])
    #expect(try !chart.figure().texts().contains { $0.text == "nan" })
    chart.limits = 0.5...2.5
    let marked = try chart.figure().texts().map(\.text)
    #expect(marked.contains("≥ 2.50") && marked.contains("≤ 0.50"))
  }

  @Test("numbers are written if there are few cells, or if asked for; other texts in their place")
  func cellTexts() throws {
    func count(_ chart: MatrixChart, _ text: String) throws -> Int {
      try chart.figure().texts().count { $0.text == text }
    }
    var chart = MatrixChart([[Double]](repeating: [Double](repeating: 123, count: 40), count: 3))
    #expect(try count(chart, "123") == 1)
    chart.cellTexts = .numbers
    #expect(try count(chart, "123") > 100)
    chart.size = Size(width: 300, height: 200)
    let error = #expect(throws: Failure.self) { try chart.figure() }
    #expect(error?.kind == "picture-size")
    chart.cellTexts = .none
    #expect(try count(chart, "123") == 1)
    chart = MatrixChart([[1, 2]])
    chart.cellTexts = .texts([["one", "two"]])
    #expect(try count(chart, "one") == 1)
    #expect(throws: Failure.self) { try MatrixChart([[.nan]]).figure() }
  }

  @Test("numbers have about three digits, all as many decimals")
  func numberTexts() {
    func texts(_ numbers: [Double], _ decimals: Int? = nil) -> [String] {
      let write = NumberText(numbers, decimals: decimals)
      return numbers.map { write($0) }
    }
    #expect(texts([1, 20, -3]) == ["1", "20", "−3"])
    #expect(texts([0.5, 0.123]) == ["0.50", "0.12"])
    #expect(texts([76.73, 4]) == ["76.7", "4.0"])
    #expect(texts([1234.5, .nan, -.infinity]) == ["1235", "nan", "−inf"])
    #expect(texts([0.0123, -0.001]) == ["0.012", "−0.001"])
    #expect(texts([3.4e-5, 0, -2e-6]) == ["3.4×10⁻⁵", "0", "−2.0×10⁻⁶"])
    #expect(texts([0.5], 3) == ["0.500"])
  }
}
