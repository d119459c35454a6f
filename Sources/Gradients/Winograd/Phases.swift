/// The four windows that one of steps of two falls into, each over every second row and column: of phase
/// `2 * y + x` are the taps, rows and columns y, y + 2, ... and x, x + 2, ...
struct Phases {
  /// Rows and columns of the image from one result to the next: 1 or 2.
  let step: Int
  /// Whether the sixteen lanes of a block hold all phases of all channels, at most four:
  /// `phase * channels + channel`. Otherwise each phase has blocks of its own.
  let isPacked: Bool

  /// Those of a convolution's window. Few channels are packed.
  init(_ geometry: Geometry) {
    step = geometry.window.stride.y
    isPacked = step == 2 && geometry.channels <= 4
  }

  private init(step: Int) { (self.step, isPacked) = (step, false) }

  /// A window that steps by one.
  static var one: Phases { Phases(step: 1) }

  /// Taps of a direction of the longest filter.
  static func taps(_ geometry: Geometry) -> Int {
    let step = geometry.window.stride.y
    return max((max(geometry.windowHeight, geometry.windowWidth) + step - 1) / step, 3)
  }

  /// Rows and columns from one to the next in a band of pixels.
  var bandStep: Int { isPacked ? 1 : step }
  /// How many times the blocks of channels there are.
  var parts: Int { bandStep * bandStep }

  /// Whether the filters of a direction that begin at the window's row or column `first` have fewer than
  /// `taps` taps while others have as many. Packed, all phases pass through the same maps.
  func isShort(_ window: Int, _ first: Int, _ taps: Int) -> Bool {
    bandStep == 2 && (window + 1) / 2 == taps && (window - first + 1) / 2 < taps
  }

  /// Which directions' filters are shorter by a tap than the longest of the window.
  struct Length {
    let isShortDown: Bool
    let isShortAcross: Bool
  }
}

extension Winograd {
  /// The length of a phase's filters.
  func length(_ phase: Int, of phases: Phases) -> Phases.Length {
    Phases.Length(
      isShortDown: phases.isShort(geometry.windowHeight, phase / 2, Whole.taps),
      isShortAcross: phases.isShort(geometry.windowWidth, phase % 2, Whole.taps))
  }

  /// The number of a phase's first point among all.
  func firstPoint(_ length: Phases.Length) -> Int {
    if Points.leftOut > 0 { return 0 }
    return (length.isShortDown ? Whole.points : 0) + (length.isShortAcross ? 1 : 0)
  }

  /// Whether filters of this length have a point.
  func takes(_ length: Phases.Length, point: Int) -> Bool {
    !(length.isShortDown && point / Whole.points == Points.leftOut)
      && !(length.isShortAcross && point % Whole.points == Points.leftOut)
  }

  /// The depths of a point that there are weights of, phases and channels counted, in runs.
  func depths(ofPoint point: Int) -> [Range<Int>] {
    if phases.isPacked { return [0..<4 * geometry.channels] }
    var runs: [Range<Int>] = []
    for phase in 0..<phases.parts where takes(length(phase, of: phases), point: point) {
      let first = phase * blocks * 16
      if let last = runs.last, last.upperBound == first {
        runs[runs.count - 1] = last.lowerBound..<first + blocks * 16
      } else {
        runs.append(first..<first + blocks * 16)
      }
    }
    return runs
  }

  /// Depths of a phase: its channels, where it has blocks of its own with those that fill them.
  var phaseDepth: Int { phases.isPacked ? geometry.channels : blocks * 16 }

  /// The tap of the window that one of a phase's taps stands for; nil beyond the window.
  func tap(_ phase: Int, _ row: Int, _ column: Int) -> Int? {
    let y = phases.step * row + phase / 2
    let x = phases.step * column + phase % 2
    return y < geometry.windowHeight && x < geometry.windowWidth
      ? y * geometry.windowWidth + x : nil
  }
}

/// The maps of phases: `Whole` and `Short` for long and short filters of a direction.
enum Phased<Whole: LinearMap, Short: LinearMap> {
  @inline(__always)
  static func apply<T: Real>(
    _ length: Phases.Length, _ x: UnsafePointer<T>, rows: Int, columns: Int,
    _ middle: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>, toRows: Int, toColumns: Int
  ) {
    switch (length.isShortDown, length.isShortAcross) {
    case (false, false):
      Whole.apply(
        across: Whole.self, x, rows: rows, columns: columns, middle, y, toRows: toRows,
        toColumns: toColumns)
    case (false, true):
      Whole.apply(
        across: Short.self, x, rows: rows, columns: columns, middle, y, toRows: toRows,
        toColumns: toColumns)
    case (true, false):
      Short.apply(
        across: Whole.self, x, rows: rows, columns: columns, middle, y, toRows: toRows,
        toColumns: toColumns)
    case (true, true):
      Short.apply(
        across: Short.self, x, rows: rows, columns: columns, middle, y, toRows: toRows,
        toColumns: toColumns)
    }
  }
}
