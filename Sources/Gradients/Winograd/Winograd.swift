import CVectors
import Tensors

/// Convolutions of 3 x 3 windows, or of 3 x 3 to 8 x 8 windows with stride 2, by Winograd's minimal
/// filtering. Image tiles are transformed to points, multiplied by the weights point by point, and
/// the products are transformed to tiles of results.
///
/// A window of stride 2 is equivalent to four windows of half the size, each over every second row
/// and column of the image. These phases are summed by the product like additional channels.
struct Winograd<Points: PointSet, Taps: TapCount, T: Real> {
  typealias F = Filtering<Points, Taps>

  let geometry: WindowGeometry
  let outChannels: Int
  let phases: Phases

  init(_ geometry: WindowGeometry, _ outChannels: Int) {
    self.geometry = geometry
    self.outChannels = outChannels
    phases = Phases(geometry)
  }

  var points: Int { F.points * F.points }
  var blocks: Int { Blocked.blocks(geometry.channels) }
  var outBlocks: Int { Blocked.blocks(outChannels) }
  /// The number of blocks of input channels, including phases.
  var phaseBlocks: Int { phases.parts * blocks }
  /// The number of elements between points, with `rows` rows of sixteen each. The number of rows is
  /// made odd, since a tile is written to all points at once, and these addresses would otherwise
  /// map to the same few cache lines.
  func pointStep(_ rows: Int) -> Int { (rows | 1) * 16 }
  /// The number of elements of a group's points for `blocks` blocks of channels.
  func pointCount(_ grid: TileGrid, _ blocks: Int) -> Int {
    points * pointStep(blocks * grid.groupTiles)
  }

  /// y = x * weights, finished by `sink`.
  func forward(
    _ source: BandSource<T>, weights: ConvolutionWeights<T>, sink: BandSink<T>
  ) throws {
    let grid = TileGrid(
      images: geometry.images, height: geometry.outHeight, width: geometry.outWidth,
      size: F.outputs, numbers: points * 16 * (phaseBlocks + outBlocks),
      weights: points * 256 * phaseBlocks * outBlocks, least: 128,
      wholeImages: F.outputs % sink.squareSize != 0, points: F.points,
      even: phases.bandStep == 2)
    let p = geometry.padding
    let stride = geometry.window.stride
    let runs = (0..<points).map { depthRanges(ofPoint: $0) }
    if weights.keeper == nil, isInParts(grid) {
      return try correlate(
        grid, source, phases, top: -p.top, left: -p.left, inner: phaseBlocks, sink, .one,
        sinkTop: 0, sinkLeft: 0, outer: outBlocks
      ) { group, data, results in
        try multiplyInParts(
          grid, group, data, phaseBlocks, weights.values, turned: false, outBlocks, results,
          runs: runs)
      }
    }
    let weights = try weights.form(
      Self.self,
      [
        outChannels, geometry.channels, geometry.windowHeight, geometry.windowWidth, stride.y,
        stride.x, p.top, p.left, phases.isPacked ? 1 : 0,
      ]
    ) { try weightPoints($0, turned: false) }
    try correlate(
      grid, source, phases, top: -p.top, left: -p.left, inner: phaseBlocks, sink, .one,
      sinkTop: 0, sinkLeft: 0, outer: outBlocks
    ) { group, data, results in
      try weights.read(T.self) { weights in
        multiply(grid, group, data, phaseBlocks, weights, outBlocks, results, runs: runs)
      }
    }
  }

  /// The gradient of x: the gradient of y correlated with the turned weights, starting from the
  /// first row and column that contribute to the image.
  func inputGradient(
    _ source: BandSource<T>, weights: ConvolutionWeights<T>, sink: BandSink<T>
  ) throws {
    let p = geometry.padding
    let step = phases.step
    let (top, left) = (p.top / step, p.left / step)
    let grid = TileGrid(
      images: geometry.images, height: (geometry.height - 1 + p.top) / step - top + 1,
      width: (geometry.width - 1 + p.left) / step - left + 1,
      size: F.outputs, numbers: points * 16 * (phaseBlocks + outBlocks),
      weights: points * 256 * phaseBlocks * outBlocks, least: 128, points: F.points)
    let whole = [[Range<Int>]](repeating: [0..<outBlocks * 16], count: points)
    let turned = try isInParts(grid) ? nil : weightPoints(weights.values, turned: true)
    try correlate(
      grid, source, .one, top: top - (F.taps - 1), left: left - (F.taps - 1),
      inner: outBlocks, sink, phases, sinkTop: step * top - p.top, sinkLeft: step * left - p.left,
      outer: phaseBlocks
    ) { group, data, results in
      if let turned {
        turned.read(T.self) {
          multiply(grid, group, data, outBlocks, $0, phaseBlocks, results, runs: whole)
        }
      } else {
        try multiplyInParts(
          grid, group, data, outBlocks, weights.values, turned: true, phaseBlocks, results,
          runs: whole)
      }
    }
  }

  /// Runs over the grid: source to points, products, points to sink. `top` and `left` are the
  /// position of the first tile's pixels; `inner` and `outer` are numbers of channel blocks,
  /// including phases.
  private func correlate(
    _ grid: TileGrid, _ source: BandSource<T>, _ sourcePhases: Phases, top: Int, left: Int,
    inner: Int, _ sink: BandSink<T>, _ sinkPhases: Phases, sinkTop: Int, sinkLeft: Int, outer: Int,
    multiply: (TileGrid.Group, UnsafePointer<T>, UnsafeMutablePointer<T>) throws -> Void
  ) throws {
    let dataCount = pointCount(grid, inner)
    try eachGroup(grid, numbers: dataCount + pointCount(grid, outer)) { _, group, data in
      let results = data + dataCount
      try gather(
        grid, group, source, sourcePhases, top: top, left: left, map: F.Data.self, into: data)
      try multiply(group, data, results)
      try scatter(grid, group, results, sinkPhases, top: sinkTop, left: sinkLeft, sink)
    }
  }

  /// Calls `body` with every group's index and rows and with scratch memory for `numbers` elements:
  /// group by group or, if groups are local, one group per thread.
  func eachGroup(
    _ grid: TileGrid, numbers: Int,
    _ body: (Int, TileGrid.Group, UnsafeMutablePointer<T>) throws -> Void
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

  /// Transforms a group's tiles to points, `[point][block][tile][16]`, where phases count as
  /// blocks. `top` and `left` are the position of the first tile's pixels. If `sums` is given, it
  /// receives the sum of the pixels of each run, `[run][blocks * 16]`.
  func gather<M: TileMap>(
    _ grid: TileGrid, _ group: TileGrid.Group, _ source: BandSource<T>, _ phases: Phases, top: Int,
    left: Int, map: M.Type, into data: UnsafeMutablePointer<T>,
    sums: UnsafeMutablePointer<T>? = nil
  ) throws {
    let (step, tile) = (phases.bandStep, M.inputs)
    let columns = step * (grid.across * F.outputs + tile - F.outputs)
    let runs = grid.runs(group, most: runRows(grid, phases, columns))
    let blockStep = grid.groupTiles * 16
    let pointStep = pointStep(phases.parts * source.blocks * grid.groupTiles)
    let most = step * (runs.map(\.count).max() ?? 0) * F.outputs + step * (tile - F.outputs)
    try parallel(
      runs.count * source.blocks, grain: 1, scratch: (most * columns + 49) * 16, of: T.self
    ) { parts, band in
      for part in parts {
        let (run, block) = (runs[part / source.blocks], part % source.blocks)
        let rows = step * (run.count * F.outputs + tile - F.outputs)
        let runTop = top + phases.step * run.row * F.outputs
        if phases.isPacked {
          source.readPhases(
            image: run.image, top: runTop, left: left, rows: rows, columns: columns, into: band)
        } else {
          source.read(
            image: run.image, block: block, top: runTop, left: left, rows: rows, columns: columns,
            into: band)
        }
        if let sums { sum(band, rows * columns, into: sums + part * 16) }
        let middle = band + rows * columns * 16
        for phase in 0..<phases.parts {
          let short = levels(phase, of: phases)
          let first = band + (phase / step * columns + phase % step) * 16
          let target = data + (phase * source.blocks + block) * blockStep
          grid.eachTile(run, of: group) { tile, y, x, missing in
            prefetch(target + (tile + 1) * 16, step: pointStep, writes: true)
            M.apply2D(
              Levels(down: missing.down + short.down, across: missing.across + short.across),
              UnsafePointer(first) + step * F.outputs * (y * columns + x) * 16,
              rows: step * columns * 16, columns: step * 16, middle, target + tile * 16,
              toRows: F.points * pointStep, toColumns: pointStep)
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

  /// results[point] = data[point] weights[point]. `runs` are the depths of each point that have
  /// weights.
  private func multiply(
    _ grid: TileGrid, _ group: TileGrid.Group, _ data: UnsafePointer<T>, _ inner: Int,
    _ weights: UnsafePointer<T>, _ outer: Int, _ results: UnsafeMutablePointer<T>,
    runs: [[Range<Int>]]
  ) {
    let blockStep = grid.groupTiles * 16
    // Parts of the same point share its weights, so they are consecutive.
    let partTiles = 256
    let parts = (group.count + partTiles - 1) / partTiles
    parallel(points * parts, grain: 1) { range in
      for i in range {
        let (point, first) = (i / parts, i % parts * partTiles)
        // Complete rows of the product: those beyond the point's tiles are not used.
        let tiles = tiles(ofPoint: point, grid, group)
        let low = max(tiles.lowerBound / Blocked.rows * Blocked.rows, first)
        let high = min(Blocked.paddedRows(tiles.upperBound), first + partTiles)
        if low >= high { continue }
        for (number, run) in runs[point].enumerated() {
          T.multiply(
            BlockedProduct(
              rows: high - low, blocks: outer, depth: run.count,
              a: data + point * pointStep(inner * grid.groupTiles)
                + run.lowerBound / 16 * blockStep + low * 16,
              order: .rows(step: 16, block: blockStep),
              b: weights + point * pointStep(inner * outer * 16) + run.lowerBound * 16,
              bBlock: inner * 256,
              c: results + point * pointStep(outer * grid.groupTiles) + low * 16,
              cBlock: blockStep, adds: number > 0))
        }
      }
    }
  }

  /// The tiles of a group that include a point.
  func tiles(ofPoint point: Int, _ grid: TileGrid, _ group: TileGrid.Group) -> Range<Int> {
    group.tiles(
      lastDown: Points.takes(point / F.points, level: grid.missing.down),
      lastAcross: Points.takes(point % F.points, level: grid.missing.across))
  }

  /// Transforms a group's points to tiles of results and writes them to the sink.
  private func scatter(
    _ grid: TileGrid, _ group: TileGrid.Group, _ results: UnsafePointer<T>, _ phases: Phases,
    top: Int, left: Int, _ sink: BandSink<T>
  ) throws {
    let step = phases.bandStep
    let columns = step * grid.across * F.outputs
    let runs = grid.runs(group, most: runRows(grid, phases, columns))
    let blockStep = grid.groupTiles * 16
    let pointStep = pointStep(phases.parts * sink.blocks * grid.groupTiles)
    let most = step * (runs.map(\.count).max() ?? 0) * F.outputs
    try parallel(
      runs.count * sink.blocks, grain: 1, scratch: (most * columns + 49) * 16, of: T.self
    ) { parts, band in
      for part in parts {
        let (run, block) = (runs[part / sink.blocks], part % sink.blocks)
        let rows = step * run.count * F.outputs
        let middle = band + rows * columns * 16
        for phase in 0..<phases.parts {
          let first = band + (phase / step * columns + phase % step) * 16
          let from = results + (phase * sink.blocks + block) * blockStep
          grid.eachTile(run, of: group) { tile, y, x, missing in
            prefetch(from + (tile + 1) * 16, step: pointStep, writes: false)
            F.Outputs.apply2D(
              missing, from + tile * 16, rows: F.points * pointStep, columns: pointStep, middle,
              first + step * F.outputs * (y * columns + x) * 16, toRows: step * columns * 16,
              toColumns: step * 16)
          }
        }
        let runTop = top + phases.step * run.row * F.outputs
        if phases.isPacked {
          sink.writePhases(
            image: run.image, top: runTop, left: left, rows: rows, columns: columns, from: band)
        } else {
          sink.write(
            image: run.image, block: block, top: runTop, left: left, rows: rows, columns: columns,
            from: band)
        }
      }
    }
  }

  /// Prefetches the points of a tile: they are more streams than the hardware prefetcher follows. In
  /// float64, only the first half of each.
  @inline(__always)
  private func prefetch(_ tile: UnsafePointer<T>, step: Int, writes: Bool) {
    let step = step * MemoryLayout<T>.stride
    limbeck_prefetch_all(tile, F.points, F.points * step, F.points, step, writes ? 1 : 0)
  }

  /// The number of tile rows per run: as many as form a band that stays in the L2 cache.
  func runRows(_ grid: TileGrid, _ phases: Phases, _ columns: Int) -> Int {
    max(1, TileGrid.bandPixels / max(phases.bandStep * F.outputs * columns, 1))
  }
}
