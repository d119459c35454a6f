/// The four windows that one of steps of two falls into, each over every second row and column: of phase
/// `2 * y + x` are the taps, rows and columns y, y + 2, ... and x, x + 2, ...
struct Phases {
  /// Rows and columns of the image from one result to the next: 1 or 2.
  let step: Int
  /// Whether the sixteen lanes of a block hold all phases of all channels, at most four:
  /// `phase * channels + channel`. Otherwise each phase has blocks of its own.
  let isPacked: Bool

  /// Those of a convolution's window. Few channels are packed.
  init(_ geometry: WindowGeometry) {
    step = geometry.window.stride.y
    isPacked = step == 2 && geometry.channels <= 4
  }

  private init(step: Int) { (self.step, isPacked) = (step, false) }

  /// A window that steps by one.
  static var one: Phases { Phases(step: 1) }

  /// Rows and columns from one to the next in a band of pixels.
  var bandStep: Int { isPacked ? 1 : step }
  /// How many times the blocks of channels there are.
  var parts: Int { bandStep * bandStep }

  /// Taps of a direction of the longest filter.
  static func taps(_ geometry: WindowGeometry) -> Int {
    let step = geometry.window.stride.y
    return max((max(geometry.windowHeight, geometry.windowWidth) + step - 1) / step, 3)
  }

  /// Whether the filters of a direction that begin at the window's row or column `first` have fewer than
  /// `taps` taps while others have as many; then they take a point less. Packed, all phases pass through
  /// the same maps.
  func isShort(_ window: Int, _ first: Int, _ taps: Int) -> Bool {
    bandStep == 2 && (window + 1) / 2 == taps && (window - first + 1) / 2 < taps
  }
}
