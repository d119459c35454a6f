import FoundationEssentials
import Formats
import Host

/// The forms of a display, as documents and Jupyter show them.
public struct DisplayForms: Equatable, Codable, Sendable {
  /// The description, which is also a picture's alternative text.
  public let text: String
  /// The bytes of a PNG file.
  public let png: [UInt8]?
  /// The bytes of an SVG file.
  public let svg: [UInt8]?
  private let table: String?

  /// The largest SVG file that is shown in place of a PNG file.
  private static let mostSVG = 1_000_000

  /// Makes the forms of a display: a chart's SVG file, and a PNG file of other pictures, or of all.
  public init(_ display: Display, pngOfAll: Bool) throws {
    text = display.text
    let drawing = try display.svg?()
    svg = drawing.flatMap { $0.count <= DisplayForms.mostSVG ? DisplayForms.numbered($0) : nil }
    png = svg == nil || pngOfAll ? try display.png?() : nil
    table = display.html?()
  }

  /// Returns an SVG file in which surfaces are numbered from 1: cairo counts those of the whole process,
  /// so that two files of the same figure would differ.
  private static func numbered(_ svg: [UInt8]) -> [UInt8] {
    let mark = Array("surface".utf8)
    var numbers: [ArraySlice<UInt8>: Int] = [:]
    var result: [UInt8] = []
    result.reserveCapacity(svg.count)
    var start = 0
    var i = 0
    while i + mark.count < svg.count {
      guard svg[i] == mark[0], svg[i..<(i + mark.count)].elementsEqual(mark) else {
        i += 1
        continue
      }
      i += mark.count
      let digits = svg[i...].prefix { $0 >= 48 && $0 <= 57 }
      guard !digits.isEmpty else { continue }
      let number = numbers[digits] ?? numbers.count + 1
      numbers[digits] = number
      result += svg[start..<i]
      result += "\(number)".utf8
      i = digits.endIndex
      start = i
    }
    return result + svg[start...]
  }

  /// How large a small picture of pixels is shown, so that its pixels can be told apart.
  private var enlargement: String {
    guard svg == nil, let png, png.count > 24 else { return "" }
    // The width is in the first chunk of a PNG.
    let width = png[16..<20].reduce(0) { $0 << 8 | Int($1) }
    guard width > 0, width < 120 else { return "" }
    return " style=\"width: \(width * (160 / width))px; image-rendering: pixelated\""
  }

  /// HTML that shows it and needs nothing else. An SVG is an image of its own, since the names inside
  /// the files that cairo writes would be confused in one page.
  public var html: String {
    if let table { return table }
    let address =
      svg.map { HTML.address(of: $0, type: "image/svg+xml") }
      ?? png.map { HTML.address(of: $0, type: "image/png") }
    guard let address else { return "<pre>\(HTML.escaped(text))</pre>" }
    return "<img alt=\"\(HTML.escaped(text))\" src=\"\(address)\"\(enlargement)>"
  }

  /// The forms by their media type, as in Jupyter's messages and files. HTML is among them for its
  /// alternative text, which viewers of the other forms lose.
  public var bundle: JSON {
    var forms: [(String, JSON)] = [("text/plain", .string(text)), ("text/html", .string(html))]
    if let png { forms.append(("image/png", .string(Data(png).base64EncodedString()))) }
    if let svg {
      forms.append(("image/svg+xml", .string(String(decoding: svg, as: UTF8.self))))
    }
    return .object(forms)
  }
}
