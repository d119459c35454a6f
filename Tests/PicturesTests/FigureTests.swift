import Glibc
import Host
import Tensors
import Testing

@testable import Pictures

@Suite struct FigureTests {
  @Test("every kind of picture draws something, as PNG and as SVG")
  func everyKindDraws() throws {
    let folder = getenv("LIMBECK_GALLERY").map { String(cString: $0) }
    for (name, figure) in try Samples.all() {
      let png = try figure.png()
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]), "\(name)")
      let svg = String(decoding: try figure.svg(), as: UTF8.self)
      #expect(svg.contains("<svg") && svg.contains("</svg>"), "\(name)")
      let bitmap = try figure.bitmap(density: 1)
      #expect(bitmap.width == Int(figure.size.width.rounded(.up)), "\(name)")
      #expect(bitmap.rgb.contains { $0 < 100 }, "\(name) is all white")
      if let folder {
        try SystemHost().write(png, to: "\(folder)/\(name).png")
        try SystemHost().write(Array(svg.utf8), to: "\(folder)/\(name).svg")
      }
    }
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
