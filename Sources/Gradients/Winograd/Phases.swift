/// The four windows that a window of stride 2 is split into, each over every second row and column:
/// phase `2 * y + x` has the taps in rows y, y + 2, ... and columns x, x + 2, ...
struct Phases {
  /// The distance between adjacent results in image rows and columns: 1 or 2.
  let step: Int
  /// Whether the sixteen lanes of a block hold all phases of all channels (at most four): `phase *
  /// channels + channel`. Otherwise each phase has its own blocks.
  let isPacked: Bool

  /// The phases of a convolution's window. A small number of channels is packed.
  init(_ geometry: WindowGeometry) {
    step = geometry.window.stride.y
    isPacked = step == 2 && geometry.channels <= 4
  }

  private init(step: Int) { (self.step, isPacked) = (step, false) }

  /// The phases of a window of stride 1.
  static var one: Phases { Phases(step: 1) }

  /// The distance between adjacent rows and columns of a phase in a band of pixels.
  var bandStep: Int { isPacked ? 1 : step }
  /// The factor by which the phases multiply the number of channel blocks.
  var parts: Int { bandStep * bandStep }

  /// The number of taps per direction of the longest filter.
  static func taps(_ geometry: WindowGeometry) -> Int {
    let step = geometry.window.stride.y
    return max((max(geometry.windowHeight, geometry.windowWidth) + step - 1) / step, 2)
  }

  /// Whether the filters of a direction that start at the window's row or column `first` have fewer
  /// than `taps` taps while others have that many; they then need one point less. If packed, all
  /// phases share the same maps.
  func isShort(_ window: Int, _ first: Int, _ taps: Int) -> Bool {
    bandStep == 2 && (window + 1) / 2 == taps && (window - first + 1) / 2 < taps
  }
}
