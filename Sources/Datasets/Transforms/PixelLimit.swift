import Images

/// Whether a transform clamps its results to 0..1.
enum PixelLimit {
  /// It does: its images are on that scale.
  case unit
  /// It doesn't: its images are on another scale.
  case none
  /// It depends on the numbers of each image.
  case byImage

  /// The limit for images on a scale.
  init(_ scale: PixelScale) {
    switch scale {
    case .unit: self = .unit
    case .unknown: self = .byImage
    case .values, .normalized: self = .none
    }
  }

  /// The limit as a part of the transform's key; empty for the original behaviour, which always
  /// clamped.
  var key: String {
    switch self {
    case .unit: ""
    case .none: " unlimited"
    case .byImage: " limited by its numbers"
    }
  }
}
