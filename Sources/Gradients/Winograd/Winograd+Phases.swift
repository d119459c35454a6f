extension Winograd {
  /// The level of the filters of a phase.
  func levels(_ phase: Int, of phases: Phases) -> Levels {
    Levels(
      down: phases.isShort(geometry.windowHeight, phase / 2, F.taps) ? 1 : 0,
      across: phases.isShort(geometry.windowWidth, phase % 2, F.taps) ? 1 : 0)
  }

  /// Whether tiles of these levels include a point.
  func takes(_ levels: Levels, point: Int) -> Bool {
    Points.takes(point / F.points, level: levels.down)
      && Points.takes(point % F.points, level: levels.across)
  }

  /// The depths of a point that have weights, as runs; depth counts phases and channels.
  func depthRanges(ofPoint point: Int) -> [Range<Int>] {
    if phases.isPacked { return [0..<4 * geometry.channels] }
    var runs: [Range<Int>] = []
    for phase in 0..<phases.parts where takes(levels(phase, of: phases), point: point) {
      let first = phase * blocks * 16
      if let last = runs.last, last.upperBound == first {
        runs[runs.count - 1] = last.lowerBound..<first + blocks * 16
      } else {
        runs.append(first..<first + blocks * 16)
      }
    }
    return runs
  }

  /// The depth of a phase: its channels, including padding if it has its own blocks.
  var phaseDepth: Int { phases.isPacked ? geometry.channels : blocks * 16 }

  /// The tap of the window that corresponds to a tap of a phase; nil outside the window.
  func tap(_ phase: Int, _ row: Int, _ column: Int) -> Int? {
    let y = phases.step * row + phase / 2
    let x = phases.step * column + phase % 2
    return y < geometry.windowHeight && x < geometry.windowWidth
      ? y * geometry.windowWidth + x : nil
  }
}
