import Tensors

extension Winograd {
  /// Weights `[out, channels, h, w]` as points, `[point][block][depth][16]`: blocks of output channels
  /// over depths of input channels, phases counted; `turned`, for the way back, blocks of input
  /// channels over output channels, taps in reverse.
  func weightPoints(_ weights: UnsafePointer<T>, turned: Bool) throws -> Tensor {
    let blocks = turned ? phaseBlocks : outBlocks
    let depth = (turned ? outBlocks : phaseBlocks) * 16
    var result = try Tensor(uninitialized: [points * pointStep(blocks * depth)], T.dtype)
    try result.write(T.self) { result in
      try parallel(blocks * depth / 16, grain: 1, scratch: (9 + 49) * 16, of: T.self) {
        parts, taps in
        for part in parts {
          let (block, first) = (part / (depth / 16), part % (depth / 16) * 16)
          for d in first..<first + 16 {
            let (channel, phase) = (
              turned ? block % self.blocks * 16 : d % (self.blocks * 16),
              (turned ? block * 16 : d) / (self.blocks * 16)
            )
            let out = turned ? d : block * 16
            gatherTaps(
              weights, out: out, channel: channel, phase: phase, turned: turned, into: taps)
            W.Taps.apply2D(
              UnsafePointer(taps), rows: 48, columns: 16, taps + 9 * 16,
              result + (block * depth + d) * 16,
              toRows: W.points * pointStep(blocks * depth), toColumns: pointStep(blocks * depth))
          }
        }
      }
    }
    return result
  }

  /// The nine taps of sixteen filters: output channels from `out` on, or, turned, input channels from
  /// `channel` on. Zeros where there are none.
  private func gatherTaps(
    _ weights: UnsafePointer<T>, out: Int, channel: Int, phase: Int, turned: Bool,
    into taps: UnsafeMutablePointer<T>
  ) {
    let area = geometry.windowHeight * geometry.windowWidth
    let lanes: Int
    let step: Int
    if turned {
      lanes = out < outChannels ? min(16, geometry.channels - channel) : 0
      step = area
    } else {
      lanes = channel < geometry.channels ? min(16, outChannels - out) : 0
      step = area * geometry.channels
    }
    let from = weights + (out * geometry.channels + channel) * area
    for i in 0..<9 {
      let at = turned ? 8 - i : i
      guard let tap = tap(phase, at / 3, at % 3), lanes > 0 else {
        store16(SIMD16<T>(), taps + i * 16)
        continue
      }
      for lane in 0..<lanes { taps[i * 16 + lane] = from[lane * step + tap] }
      for lane in lanes..<16 { taps[i * 16 + lane] = 0 }
    }
  }

  /// The gradients of weights and bias: data and gradients as points, multiplied over all tiles. Local
  /// groups are summed in parts of their own, whose number depends on sizes alone.
  func weightGradient(
    _ x: BandSource<T>, _ gradient: BandSource<T>, into target: UnsafeMutablePointer<T>?,
    bias: UnsafeMutablePointer<T>?
  ) throws {
    let productCount = points * pointStep(phaseBlocks * outBlocks * 16)
    let grid = TileGrid(
      images: geometry.images, height: geometry.outHeight, width: geometry.outWidth,
      size: W.outputs, numbers: points * 16 * (phaseBlocks + outBlocks), weights: productCount,
      least: 256)
    let groups = grid.groups
    let parts = grid.isLocal ? max(min(8, groups.count), 1) : 1
    let partGroups = max((groups.count + parts - 1) / parts, 1)
    let gradientRows = runRows(grid, 1, grid.across * W.outputs)
    let runs = groups.map { grid.runs($0, most: gradientRows).count }
    let firstRuns = runs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let (dataCount, gradientCount) = (
      pointCount(grid, phaseBlocks), pointCount(grid, outBlocks)
    )
    // The first of shared groups writes its products, all others add to what is there.
    let isWritten = !grid.isLocal && !groups.isEmpty
    var products =
      isWritten
      ? try Tensor(uninitialized: [productCount], T.dtype)
      : try Tensor(zeros: [parts * productCount], T.dtype)
    var sums = try Tensor(uninitialized: [firstRuns[groups.count] * outBlocks * 16], T.dtype)
    try products.write(T.self) { products in
      try sums.write(T.self) { sums in
        func add(_ group: Int, _ data: UnsafeMutablePointer<T>) throws {
          let p = geometry.window.padding
          try gather(
            grid, groups[group], x, phases: phases, top: -p.top, left: -p.left,
            map: W.Data.self, tile: W.points, into: data)
          try gather(
            grid, groups[group], gradient, phases: 1, top: 0, left: 0,
            map: W.OutputGradient.self, tile: W.outputs, into: data + dataCount,
            sums: sums + firstRuns[group] * outBlocks * 16)
          accumulate(
            grid, groups[group], data, data + dataCount,
            into: products + group / partGroups * productCount, adds: !isWritten || group > 0)
        }
        if grid.isLocal {
          try parallel(
            groups.count, grain: partGroups, scratch: dataCount + gradientCount, of: T.self
          ) { range, data in for group in range { try add(group, data) } }
        } else {
          try eachGroup(grid, numbers: dataCount + gradientCount) { group, _, data in
            try add(group, data)
          }
        }
        if let target {
          fold(products, parts, productCount)
          try finish(products, into: target)
        }
        if let bias {
          for channel in 0..<outChannels {
            var total: T = 0
            for run in 0..<firstRuns[groups.count] {
              total += sums[run * outBlocks * 16 + channel]
            }
            bias[channel] = total
          }
        }
      }
    }
  }

  /// Adds all parts to the first.
  private func fold(_ products: UnsafeMutablePointer<T>, _ parts: Int, _ count: Int) {
    if parts == 1 { return }
    parallel(count / 16, grain: 1 << 10) { rows in
      for row in rows {
        var sum = row16(UnsafePointer(products) + row * 16)
        for part in 1..<parts { sum += row16(UnsafePointer(products) + part * count + row * 16) }
        store16(sum, products + row * 16)
      }
    }
  }

  /// products[point] += data[point]ᵀ gradients[point].
  private func accumulate(
    _ grid: TileGrid, _ group: Range<Int>, _ data: UnsafePointer<T>,
    _ gradients: UnsafePointer<T>, into products: UnsafeMutablePointer<T>, adds: Bool
  ) {
    let blockStep = grid.groupTiles * 16
    let depth = phaseBlocks * 16
    parallel(points * phaseBlocks, grain: max(phaseBlocks / 8, 1)) { range in
      for i in range {
        let (point, block) = (i / phaseBlocks, i % phaseBlocks)
        T.multiply(
          BlockedProduct(
            rows: 16, blocks: outBlocks, depth: group.count * grid.across,
            a: data + point * pointStep(phaseBlocks * grid.groupTiles) + block * blockStep,
            order: .depths(step: 16),
            b: gradients + point * pointStep(outBlocks * grid.groupTiles), bBlock: blockStep,
            c: products + point * pointStep(outBlocks * depth) + block * 256, cBlock: depth * 16,
            adds: adds))
      }
    }
  }

  /// Points as gradients of taps.
  private func finish(_ products: UnsafePointer<T>, into target: UnsafeMutablePointer<T>) throws {
    let area = geometry.windowHeight * geometry.windowWidth
    let depth = phaseBlocks * 16
    try parallel(outBlocks * phaseBlocks, grain: 1, scratch: (9 + 49) * 16, of: T.self) {
      parts, taps in
      for part in parts {
        let (block, first) = (part / phaseBlocks, part % phaseBlocks * 16)
        let lanes = min(16, outChannels - block * 16)
        for d in first..<first + 16 {
          let (channel, phase) = (d % (blocks * 16), d / (blocks * 16))
          if channel >= geometry.channels { continue }
          W.TapGradient.apply2D(
            products + (block * depth + d) * 16, rows: W.points * pointStep(outBlocks * depth),
            columns: pointStep(outBlocks * depth), taps + 9 * 16, taps, toRows: 48, toColumns: 16)
          let to = target + (block * 16 * geometry.channels + channel) * area
          for i in 0..<9 {
            guard let tap = tap(phase, i / 3, i % 3) else { continue }
            for lane in 0..<lanes {
              to[lane * geometry.channels * area + tap] = taps[i * 16 + lane]
            }
          }
        }
      }
    }
  }
}
