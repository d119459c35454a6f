import Tensors

/// The points of many weights are several times as large as the weights, and larger than the caches. Where
/// all tiles are one group, each weight meets them once, so the points of a part of the weights are
/// computed, used and forgotten before the next part.
extension Winograd {
  /// Whether the weights are used in parts.
  func isInParts(_ grid: TileGrid) -> Bool {
    !grid.isLocal && !phases.isPacked && (1...grid.groupRows).contains(grid.rows)
  }

  /// The number of blocks of outputs of a part, those that the product computes at once.
  private var partBlocks: Int { Blocked.isWide ? 2 : 1 }
  /// The number of elements of the points of a part at most, about half of the L2 cache.
  private var partBudget: Int { 1 << 17 }

  /// results[point] = data[point] weights[point], as `multiply` computes it from the points of all
  /// weights.
  func multiplyInParts(
    _ grid: TileGrid, _ group: TileGrid.Group, _ data: UnsafePointer<T>, _ inner: Int,
    _ weights: UnsafePointer<T>, turned: Bool, _ outer: Int, _ results: UnsafeMutablePointer<T>,
    runs: [[Range<Int>]]
  ) throws {
    let blockStep = grid.groupTiles * 16
    let most = max(partBudget / (points * partBlocks * 256), 1) * 16
    let step = pointStep(partBlocks * most)
    try parallel(
      (outer + partBlocks - 1) / partBlocks, grain: 1, scratch: points * step + weightMemory,
      of: T.self
    ) { parts, part in
      for first in parts.map({ $0 * partBlocks }) {
        let blocks = first..<min(first + partBlocks, outer)
        for low in stride(from: 0, to: inner * 16, by: most) {
          let depths = low..<min(low + most, inner * 16)
          for block in blocks {
            for depth in stride(from: low, to: depths.upperBound, by: 16) {
              weightPoints(
                weights, block: block, depth: depth, turned: turned, part + points * step,
                into: part + ((block - first) * most + depth - low) * 16, step: step)
            }
          }
          for point in 0..<points {
            let tiles = tiles(ofPoint: point, grid, group)
            if tiles.isEmpty { continue }
            // Complete rows of the product: those beyond the point's tiles are not used.
            let row = tiles.lowerBound / Blocked.rows * Blocked.rows
            for run in runs[point] {
              let run = run.clamped(to: depths)
              if run.isEmpty { continue }
              T.multiply(
                BlockedProduct(
                  rows: Blocked.paddedRows(tiles.upperBound) - row, blocks: blocks.count,
                  depth: run.count,
                  a: data + point * pointStep(inner * grid.groupTiles)
                    + run.lowerBound / 16 * blockStep + row * 16,
                  order: .rows(step: 16, block: blockStep),
                  b: part + point * step + (run.lowerBound - low) * 16, bBlock: most * 16,
                  c: results + point * pointStep(outer * grid.groupTiles) + first * blockStep
                    + row * 16,
                  cBlock: blockStep, adds: run.lowerBound > runs[point][0].lowerBound))
            }
          }
        }
      }
    }
  }

  /// The gradient of the weights from the points of inputs and output gradients.
  func gradients(
    _ grid: TileGrid, _ group: TileGrid.Group, _ data: UnsafePointer<T>,
    _ gradients: UnsafePointer<T>, into target: UnsafeMutablePointer<T>
  ) throws {
    let blockStep = grid.groupTiles * 16
    let count = phases.parts
    let most = max(partBudget / (points * partBlocks * count * 256), 1)
    let step = pointStep(partBlocks * count * most * 16)
    try parallel(
      (outBlocks + partBlocks - 1) / partBlocks, grain: 1, scratch: points * step + weightMemory,
      of: T.self
    ) { parts, part in
      for first in parts.map({ $0 * partBlocks }) {
        let outs = first..<min(first + partBlocks, outBlocks)
        for low in stride(from: 0, to: blocks, by: most) {
          let channels = low..<min(low + most, blocks)
          /// The products of a phase with a block of outputs, which are `[block][16][16]` at each point.
          func place(_ phase: Int, _ out: Int) -> UnsafeMutablePointer<T> {
            part + ((out - first) * count + phase) * most * 256
          }
          for point in 0..<points {
            let tiles = tiles(ofPoint: point, grid, group)
            for phase in 0..<count where takes(levels(phase, of: phases), point: point) {
              T.multiply(
                BlockedProduct(
                  rows: channels.count * 16, blocks: outs.count, depth: tiles.count,
                  a: data + point * pointStep(phaseBlocks * grid.groupTiles)
                    + (phase * blocks + low) * blockStep + tiles.lowerBound * 16,
                  order: .depths(step: 16, block: blockStep),
                  b: gradients + point * pointStep(outBlocks * grid.groupTiles)
                    + first * blockStep + tiles.lowerBound * 16,
                  bBlock: blockStep, c: place(phase, first) + point * step,
                  cBlock: count * most * 256))
            }
          }
          for out in outs {
            for block in channels {
              finish(out: out, block: block, part + points * step, step: step, into: target) {
                UnsafePointer(place($0, out)) + (block - low) * 256
              }
            }
          }
        }
      }
    }
  }
}
