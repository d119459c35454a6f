import FoundationEssentials
import Glibc
import Host
import Images
import Tensors
import Testing

@testable import Pictures

@Suite struct FigureTests {
  @Test("every kind of picture draws something, as PNG, SVG and PDF")
  func everyKindDraws() throws {
    let folder = getenv("LIMBECK_GALLERY").map { String(cString: $0) }
    for (name, figure) in try Samples.all() {
      let png = try figure.png(density: folder == nil ? 1 : Figure.density)
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]), "\(name)")
      let svg = String(decoding: try figure.svg(), as: UTF8.self)
      #expect(svg.contains("<svg") && svg.contains("</svg>"), "\(name)")
      let pdf = try figure.pdf()
      #expect(pdf.starts(with: Array("%PDF".utf8)), "\(name)")
      let bitmap = try figure.bitmap(density: 0.5)
      #expect(bitmap.width == Int((figure.size.width / 2).rounded(.up)), "\(name)")
      #expect(bitmap.rgb.contains { $0 < 100 }, "\(name) is all white")
      if let folder {
        try SystemHost().write(png, to: "\(folder)/\(name).png")
        try SystemHost().write(Array(svg.utf8), to: "\(folder)/\(name).svg")
        try SystemHost().write(pdf, to: "\(folder)/\(name).pdf")
      }
    }
  }

  @Test("an image in an SVG has the pixels of the image, each a square")
  func imagesInSVG() throws {
    let colours: [[UInt8]] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 99, 199]]
    for (name, rgb) in [
      ("colours", colours), ("greys", colours.map { Array(repeating: $0[1], count: 3) }),
    ] {
      var bitmap = Bitmap(width: 2, height: 2)
      bitmap.rgb = rgb.flatMap { $0 }
      let svg = String(
        decoding: try Canvas.svg(Size(width: 10, height: 10)) {
          try $0.image(bitmap, in: Box(x: 0, y: 0, width: 10, height: 10))
        }, as: UTF8.self)
      let start = try #require(svg.firstRange(of: "base64,"))
      let text = svg[start.upperBound...].prefix { $0 != "\"" }
      let png = Array(
        try #require(Data(base64Encoded: String(text), options: .ignoreUnknownCharacters)))
      let image = try ImageFile.decode(png, name: name)
      let side = image.shape[1]
      #expect(image.shape == [name == "greys" ? 1 : 3, side, side] && side % 2 == 0 && side >= 20)
      let found = image.array(UInt8.self)
      for (i, pixel) in found.enumerated() {
        let (channel, y, x) = (i / (side * side), i / side % side, i % side)
        let wanted = rgb[2 * y / side * 2 + 2 * x / side][channel]
        guard pixel == wanted else {
          Issue.record("\(name): \(pixel) at \(channel), \(y), \(x), expected \(wanted)")
          return
        }
      }
    }
  }

  @Test("a PDF has no date: the same figure gives the same bytes")
  func samePDF() throws {
    for figure in [try Samples.bands().figure(), try Samples.panel().figure()] {
      let first = try figure.pdf()
      #expect(try figure.pdf() == first)
      #expect(!String(decoding: first, as: UTF8.self).contains("Date"))
    }
  }

  @Test("an SVG names itself and says what it shows to a screen reader")
  func descriptions() throws {
    var bars = Samples.signedBars()
    bars.title = "Fish & <chips>"
    let svg = String(decoding: try bars.figure().svg(), as: UTF8.self)
    #expect(svg.contains("<svg role=\"img\""))
    #expect(svg.contains("<title>Fish &amp; &lt;chips&gt;</title>"))
    #expect(svg.contains("<desc>bar chart, 4 values. colour −3.3, texture 0.0, "))
    #expect(
      try Samples.matrix().figure().words
        == "heat map, 3 × 4 values. rows: square, circle, a triangle with a long name; columns: "
        + "square, circle, triangle, nothing of these; share of the row: 0.00 to 0.91, the largest in "
        + "row square, column square; 1 nan")
    #expect(
      try Samples.bands(1).figure().words
        == "line chart, 40 values with bands. x: epoch; y: accuracy (%); method 0: 40.0 to 80.0")
    #expect(try Samples.arranged().words.hasPrefix("4 figures in 2 × 2. Validation accuracy on"))
    #expect(
      try Samples.panel().figure().words.contains(
        "rows: square, circle, triangle; key: gradient norm"))
  }

  @Test("the paper is white to the last pixel, also if a size is not a whole number of them")
  func paperIsWhole() throws {
    let images = try (0..<16).map { _ in try Tile(Tensor(zeros: [1, 695, 1040])) }
    let figure = try Panel(sheet: images, columns: 4).figure()
    #expect(figure.size.height != figure.size.height.rounded(), "the case is another now")
    let bitmap = try figure.bitmap(density: 1)
    let row = 3 * bitmap.width
    #expect(bitmap.rgb.suffix(row).allSatisfy { $0 == 255 })
    for y in 0..<bitmap.height {
      let last = (y + 1) * row
      #expect(bitmap.rgb[last - 3..<last].allSatisfy { $0 == 255 })
    }
  }
}
