import Glibc

/// A colour with components in 0..1.
struct DrawnColour: Equatable {
  var red: Double
  var green: Double
  var blue: Double
  var alpha = 1.0

  /// Makes a colour from `0xRRGGBB`.
  init(_ hex: Int, alpha: Double = 1) {
    red = Double(hex >> 16 & 255) / 255
    green = Double(hex >> 8 & 255) / 255
    blue = Double(hex & 255) / 255
    self.alpha = alpha
  }

  /// The same colour with the opacity `alpha`.
  func with(alpha: Double) -> DrawnColour {
    var copy = self
    copy.alpha = alpha
    return copy
  }

  /// A share of another colour mixed in.
  func mixed(with other: DrawnColour, _ share: Double) -> DrawnColour {
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * share }
    var copy = self
    copy.red = mix(red, other.red)
    copy.green = mix(green, other.green)
    copy.blue = mix(blue, other.blue)
    return copy
  }

  /// The relative luminance, from 0 to 1 (WCAG 2.1).
  var luminance: Double {
    func linear(_ part: Double) -> Double {
      part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The ratio of contrast with another colour, from 1 to 21 (WCAG 2.1).
  func contrast(with other: DrawnColour) -> Double {
    let (a, b) = (luminance + 0.05, other.luminance + 0.05)
    return max(a, b) / min(a, b)
  }

  /// Black or white, whichever is read better on this colour: the contrast is at least 4.5.
  var textColour: DrawnColour {
    contrast(with: .white) > contrast(with: .black) ? .white : .black
  }

  static let white = DrawnColour(0xFFFFFF)
  static let black = DrawnColour(0x000000)
  /// Text.
  static let ink = DrawnColour(0x222222)
  /// Axes and secondary text.
  static let axis = DrawnColour(0x555555)
  /// Grid lines.
  static let rule = DrawnColour(0xE4E4E4)
  /// Boxes on images: bright on dark photographs, with a dark outline for light ones.
  static let box = DrawnColour(0xFF3B30)

  /// Colours that people with colour blindness can tell apart (Okabe and Ito, 2008), the strongest first.
  /// Their yellow is left out because it is hardly visible on white.
  static let series = [
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x444444, 0x8C564B,
  ].map { DrawnColour($0) }

  /// The colour of the series at a position, from 0; after the last colour the list starts again.
  static func series(_ index: Int) -> DrawnColour { series[index % series.count] }
}
