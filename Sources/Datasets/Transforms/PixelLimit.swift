import Images

/// Whether a transform limits its results to 0..1.
enum PixelLimit {
  /// It does: its images are meant to lie there.
  case unit
  /// It doesn't: they lie elsewhere.
  case none
  /// Each image's own numbers tell.
  case byImage

  /// What images on a scale want.
  init(_ scale: PixelScale) {
    switch scale {
    case .unit: self = .unit
    case .unknown: self = .byImage
    case .values, .normalized: self = .none
    }
  }

  /// The part of a transform's key: what was always limited has none.
  var key: String {
    switch self {
    case .unit: ""
    case .none: " unlimited"
    case .byImage: " limited by its numbers"
    }
  }
}
