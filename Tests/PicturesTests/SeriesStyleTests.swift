import Images
import Testing

@testable import Pictures

/// Many series stay apart.
@Suite struct SeriesStyleTests {
  /// The brightness of the pixels of a line with its markers.
  private func greys(_ index: Int) throws -> [Double] {
    let bitmap = try Canvas.bitmap(Size(width: 60, height: 16), density: 2) { canvas in
      let style = SeriesStyle(index)
      canvas.line(
        [Point(x: 0, y: 8), Point(x: 60, y: 8)], style.colour, width: 1.8, dashes: style.dashes)
      canvas.marker(style, at: Point(x: 30, y: 8), radius: 2.4)
    }
    return stride(from: 0, to: bitmap.rgb.count, by: 3).map { i in
      let (red, green, blue) = (bitmap.rgb[i], bitmap.rgb[i + 1], bitmap.rgb[i + 2])
      let bright: Double = 0.299 * Double(red) + 0.587 * Double(green)
      return bright + 0.114 * Double(blue)
    }
  }

  @Test("two dozen lines differ in greyscale, by dashes or markers and not by brightness alone")
  func greyscale() throws {
    let all = try (0..<24).map(greys)
    for i in all.indices {
      for j in all.indices where j > i {
        let different = zip(all[i], all[j]).count { abs($0 - $1) > 50 }
        #expect(different >= 12, "\(i) and \(j)")
        let (a, b) = (SeriesStyle(i), SeriesStyle(j))
        #expect(a.shape != b.shape || a.dashes != b.dashes, "\(i) and \(j)")
      }
    }
  }

  @Test("two dozen bars differ in colour or texture, the next two dozen lines in colour")
  func others() {
    for i in 0..<24 {
      for j in 0..<i {
        let (a, b) = (SeriesStyle(i), SeriesStyle(j))
        #expect(a.colour != b.colour || a.texture != b.texture, "\(i) and \(j)")
      }
      #expect(SeriesStyle(i).colour != SeriesStyle(i + 24).colour)
    }
    #expect(!Samples.many(.bars, 8).hasTextures && Samples.many(.bars, 9).hasTextures)
  }

  @Test("names that do not fit in a line are in columns, of which each begins at one place")
  func columns() throws {
    let texts = try Samples.many(.line).figure().texts().filter { $0.text.hasPrefix("series") }
    #expect(texts.count == 24)
    let lefts = Set(texts.map { ($0.box.x * 2).rounded() / 2 })
    #expect(lefts.count < 7 && lefts.count > 2)
    let few = try Samples.lines().figure().texts().filter { ["A", "B", "CQD"].contains($0.text) }
    let tops = few.map(\.box.y)
    #expect((tops.max() ?? 0) - (tops.min() ?? 0) < 2)
  }
}
