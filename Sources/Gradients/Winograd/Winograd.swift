import Tensors

/// Convolutions of 3 x 3 windows, or of windows up to 6 x 6 that step by 2, by Winograd's minimal
/// filtering. Tiles of images become points, channels are multiplied out point by point, and the
/// products become tiles of results.
///
/// A window that steps by two is four windows of half its size, each over every second row and column
/// of the image: `phases` of the channels, which a product adds up like more channels.
struct Winograd<W: Tiling, T: Real> {
  let geometry: Geometry
  let outChannels: Int
  /// 1 or 2.
  let phases: Int

  init(_ geometry: Geometry, outChannels: Int) {
    self.geometry = geometry
    self.outChannels = outChannels
    phases = geometry.window.stride.y
  }

  var points: Int { W.points * W.points }
  var blocks: Int { Blocked.blocks(geometry.channels) }
  var outBlocks: Int { Blocked.blocks(outChannels) }
  /// Blocks of input channels, phases counted.
  var phaseBlocks: Int { phases * phases * blocks }
  /// Numbers from one point to the next, each of `rows` rows of sixteen: an odd number of rows, since a
  /// tile goes to all points at once and they would fall on the same few lines of the cache.
  func pointStep(_ rows: Int) -> Int { (rows | 1) * 16 }
  /// Numbers of a group's points for `blocks` blocks of channels.
  func pointCount(_ grid: TileGrid, _ blocks: Int) -> Int {
    points * pointStep(blocks * grid.groupTiles)
  }

  /// The tap of the window that the three taps of a phase stand for; nil beyond the window.
  func tap(_ phase: Int, _ row: Int, _ column: Int) -> Int? {
    let y = phases * row + phase / phases
    let x = phases * column + phase % phases
    return y < geometry.windowHeight && x < geometry.windowWidth
      ? y * geometry.windowWidth + x : nil
  }

  /// y = x * weights, finished by `sink`.
  func forward(
    _ source: BandSource<T>, weights: UnsafePointer<T>, sink: BandSink<T>
  ) throws {
    let grid = TileGrid(
      images: geometry.images, height: geometry.outHeight, width: geometry.outWidth,
      size: W.outputs, numbers: points * 16 * (phaseBlocks + outBlocks),
      weights: points * 256 * phaseBlocks * outBlocks, least: 128,
      wholeImages: W.outputs % sink.squareSize != 0)
    let p = geometry.window.padding
    try correlate(
      grid, source, sourcePhases: phases, top: -p.top, left: -p.left,
      weights: try weightPoints(weights, turned: false), sink, sinkPhases: 1, sinkTop: 0,
      sinkLeft: 0)
  }

  /// The gradient of x: the gradient of y correlated with turned weights, from the first row and
  /// column that reach into the image.
  func inputGradient(
    _ source: BandSource<T>, weights: UnsafePointer<T>, sink: BandSink<T>
  ) throws {
    let p = geometry.window.padding
    let (top, left) = (p.top / phases, p.left / phases)
    let grid = TileGrid(
      images: geometry.images, height: (geometry.height - 1 + p.top) / phases - top + 1,
      width: (geometry.width - 1 + p.left) / phases - left + 1,
      size: W.outputs, numbers: points * 16 * (phaseBlocks + outBlocks),
      weights: points * 256 * phaseBlocks * outBlocks, least: 128)
    try correlate(
      grid, source, sourcePhases: 1, top: top - 2, left: left - 2,
      weights: try weightPoints(weights, turned: true), sink, sinkPhases: phases,
      sinkTop: phases * top - p.top, sinkLeft: phases * left - p.left)
  }

  /// Goes over the grid: source to points, products, points to sink. `top` and `left` are where the
  /// first tile's pixels begin.
  private func correlate(
    _ grid: TileGrid, _ source: BandSource<T>, sourcePhases: Int, top: Int, left: Int,
    weights: Tensor, _ sink: BandSink<T>, sinkPhases: Int, sinkTop: Int, sinkLeft: Int
  ) throws {
    let inner = sourcePhases * sourcePhases * source.blocks
    let outer = sinkPhases * sinkPhases * sink.blocks
    let dataCount = pointCount(grid, inner)
    try weights.read(T.self) { weights in
      try eachGroup(grid, numbers: dataCount + pointCount(grid, outer)) { _, group, data in
        let results = data + dataCount
        try gather(
          grid, group, source, phases: sourcePhases, top: top, left: left, map: W.Data.self,
          tile: W.points, into: data)
        multiply(grid, group, data, inner, weights, outer, results)
        try scatter(grid, group, results, phases: sinkPhases, top: sinkTop, left: sinkLeft, sink)
      }
    }
  }

  /// Calls `body` with every group's number and rows and with memory for `numbers` numbers: group by
  /// group, or, where groups are local, each on one thread.
  func eachGroup(
    _ grid: TileGrid, numbers: Int,
    _ body: (Int, Range<Int>, UnsafeMutablePointer<T>) throws -> Void
  ) throws {
    let groups = grid.groups
    if grid.isLocal {
      try parallel(groups.count, grain: 1, scratch: numbers, of: T.self) { range, memory in
        for i in range { try body(i, groups[i], memory) }
      }
    } else {
      var memory = try Tensor(uninitialized: [numbers], T.dtype)
      try memory.write(T.self) { memory in
        for (i, group) in groups.enumerated() { try body(i, group, memory) }
      }
    }
  }

  /// A group's tiles as points, `[point][block][tile][16]`. `tile` is how many pixels a tile has in a
  /// direction; `sums`, where given, gets each run's sum of pixels, `[run][blocks * 16]`.
  func gather<M: LinearMap>(
    _ grid: TileGrid, _ group: Range<Int>, _ source: BandSource<T>, phases: Int, top: Int,
    left: Int, map: M.Type, tile: Int, into data: UnsafeMutablePointer<T>,
    sums: UnsafeMutablePointer<T>? = nil
  ) throws {
    let columns = phases * (grid.across * W.outputs + tile - W.outputs)
    let runs = grid.runs(group, most: runRows(grid, phases, columns))
    let blockStep = grid.groupTiles * 16
    let pointStep = pointStep(phases * phases * source.blocks * grid.groupTiles)
    let most = phases * (runs.map(\.count).max() ?? 0) * W.outputs + phases * (tile - W.outputs)
    try parallel(
      runs.count * source.blocks, grain: 1, scratch: (most * columns + 49) * 16, of: T.self
    ) { parts, band in
      for part in parts {
        let (run, block) = (runs[part / source.blocks], part % source.blocks)
        let rows = phases * (run.count * W.outputs + tile - W.outputs)
        source.read(
          image: run.image, block: block, top: top + phases * run.row * W.outputs, left: left,
          rows: rows, columns: columns, into: band)
        if let sums { sum(band, rows * columns, into: sums + part * 16) }
        let middle = band + rows * columns * 16
        for phase in 0..<phases * phases {
          let first = band + (phase / phases * columns + phase % phases) * 16
          let target =
            data + (phase * source.blocks + block) * blockStep + run.tile * 16
          for y in 0..<run.count {
            for x in 0..<grid.across {
              M.apply2D(
                UnsafePointer(first) + phases * W.outputs * (y * columns + x) * 16,
                rows: phases * columns * 16, columns: phases * 16, middle,
                target + (y * grid.across + x) * 16,
                toRows: W.points * pointStep, toColumns: pointStep)
            }
          }
        }
      }
    }
  }

  private func sum(_ band: UnsafePointer<T>, _ count: Int, into sums: UnsafeMutablePointer<T>) {
    var total = SIMD16<T>()
    for i in 0..<count { total += row16(band + i * 16) }
    store16(total, sums)
  }

  /// results[point] = data[point] weights[point].
  private func multiply(
    _ grid: TileGrid, _ group: Range<Int>, _ data: UnsafePointer<T>, _ inner: Int,
    _ weights: UnsafePointer<T>, _ outer: Int, _ results: UnsafeMutablePointer<T>
  ) {
    let tiles = Blocked.paddedRows(group.count * grid.across)
    let blockStep = grid.groupTiles * 16
    // Parts of a point share its weights, so they follow each other.
    let partTiles = 256
    let parts = (tiles + partTiles - 1) / partTiles
    parallel(points * parts, grain: 1) { range in
      for i in range {
        let (point, first) = (i / parts, i % parts * partTiles)
        T.multiply(
          BlockedProduct(
            rows: min(partTiles, tiles - first), blocks: outer, depth: inner * 16,
            a: data + point * pointStep(inner * grid.groupTiles) + first * 16,
            order: .rows(step: 16, block: blockStep),
            b: weights + point * pointStep(inner * outer * 16), bBlock: inner * 256,
            c: results + point * pointStep(outer * grid.groupTiles) + first * 16, cBlock: blockStep)
        )
      }
    }
  }

  /// A group's points as tiles of results, written to the sink.
  private func scatter(
    _ grid: TileGrid, _ group: Range<Int>, _ results: UnsafePointer<T>, phases: Int, top: Int,
    left: Int, _ sink: BandSink<T>
  ) throws {
    let columns = phases * grid.across * W.outputs
    let runs = grid.runs(group, most: runRows(grid, phases, columns))
    let blockStep = grid.groupTiles * 16
    let pointStep = pointStep(phases * phases * sink.blocks * grid.groupTiles)
    let most = phases * (runs.map(\.count).max() ?? 0) * W.outputs
    try parallel(
      runs.count * sink.blocks, grain: 1, scratch: (most * columns + 49) * 16, of: T.self
    ) { parts, band in
      for part in parts {
        let (run, block) = (runs[part / sink.blocks], part % sink.blocks)
        let rows = phases * run.count * W.outputs
        let middle = band + rows * columns * 16
        for phase in 0..<phases * phases {
          let first = band + (phase / phases * columns + phase % phases) * 16
          let from = results + (phase * sink.blocks + block) * blockStep + run.tile * 16
          for y in 0..<run.count {
            for x in 0..<grid.across {
              W.Outputs.apply2D(
                from + (y * grid.across + x) * 16, rows: W.points * pointStep,
                columns: pointStep, middle,
                first + phases * W.outputs * (y * columns + x) * 16,
                toRows: phases * columns * 16, toColumns: phases * 16)
            }
          }
        }
        sink.write(
          image: run.image, block: block, top: top + phases * run.row * W.outputs, left: left,
          rows: rows, columns: columns, from: band)
      }
    }
  }

  /// Rows of tiles of a run: as many as make a band that stays in the second-level cache.
  func runRows(_ grid: TileGrid, _ phases: Int, _ columns: Int) -> Int {
    max(1, TileGrid.bandPixels / max(phases * W.outputs * columns, 1))
  }
}
