/// A colour with components in 0..1.
struct DrawnColour {
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

  static let white = DrawnColour(0xFFFFFF)
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
