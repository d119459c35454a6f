import Tensors

extension Winograd {
  /// Transforms weights `[out, channels, h, w]` to points, `[point][block][depth][16]`: blocks of
  /// output channels and depths of input channels, including phases. If `turned`, for the backward
  /// pass: blocks of input channels and depths of output channels, with the taps reversed.
  func weightPoints(_ weights: UnsafePointer<T>, turned: Bool) throws -> Tensor {
    let blocks = turned ? phaseBlocks : outBlocks
    let depth = (turned ? outBlocks : phaseBlocks) * 16
    let step = pointStep(blocks * depth)
    var result = try Tensor(uninitialized: [points * step], T.dtype)
    try result.write(T.self) { result in
      try parallel(
        blocks * depth / 16, grain: 1, scratch: weightMemory, of: T.self
      ) { parts, memory in
        for part in parts {
          let (block, first) = (part / (depth / 16), part % (depth / 16) * 16)
          weightPoints(
            weights, block: block, depth: first, turned: turned, memory,
            into: result + (block * depth + first) * 16, step: step)
        }
      }
    }
    return result
  }

  private var tapArea: Int { F.taps * F.taps }
  private var windowArea: Int { geometry.windowHeight * geometry.windowWidth }
  /// The number of elements of the memory for the maps of weights.
  var weightMemory: Int { (tapArea + points + 16 * windowArea) * 16 }

  /// The same for sixteen depths of a block: `[point][16][16]`, points being `step` apart. `memory`
  /// has `weightMemory` elements.
  func weightPoints(
    _ weights: UnsafePointer<T>, block: Int, depth first: Int, turned: Bool,
    _ memory: UnsafeMutablePointer<T>, into result: UnsafeMutablePointer<T>, step: Int
  ) {
    let taps = memory
    let middle = taps + tapArea * 16
    let windows = middle + points * 16
    if !turned { gatherWindows(weights, out: block * 16, depth: first, into: windows) }
    for d in 0..<16 {
      let target = result + d * 16
      if turned {
        gatherTurned(weights, out: first + d, block: block, windows, into: taps)
        F.Weights.apply2D(
          .whole, UnsafePointer(taps), rows: F.taps * 16, columns: 16, middle, target,
          toRows: F.points * step, toColumns: step)
      } else {
        let phase = min((first + d) / phaseDepth, phases.step * phases.step - 1)
        let channel = first + d - phase * phaseDepth
        let window = windows + (phases.isPacked ? channel : d) * windowArea * 16
        for i in 0..<tapArea {
          let tap =
            channel < geometry.channels ? tap(phase, i / F.taps, i % F.taps) : nil
          store16(
            tap.map { row16(UnsafePointer(window) + $0 * 16) } ?? SIMD16(), taps + i * 16)
        }
        F.Weights.apply2D(
          levels(phase, of: phases), UnsafePointer(taps), rows: F.taps * 16, columns: 16,
          middle, target, toRows: F.points * step, toColumns: step)
      }
    }
  }

  /// The windows of the sixteen depths from `depth` on, with filters from `out` on interleaved:
  /// `[channel][tap][16]`; of all channels if phases are packed.
  private func gatherWindows(
    _ weights: UnsafePointer<T>, out: Int, depth: Int, into windows: UnsafeMutablePointer<T>
  ) {
    let channel = phases.isPacked ? 0 : depth % phaseDepth
    let channels = min(16, geometry.channels - channel)
    ChannelLanes.read(
      weights + (out * geometry.channels + channel) * windowArea, sign: nil,
      step: windowArea * geometry.channels, lanes: min(16, outChannels - out),
      count: channels * windowArea
    ) { first, rows, count in (windows + first * 16).update(from: rows, count: count * 16) }
  }

  /// The reversed taps of one filter, with the sixteen channels of a block, including phases,
  /// interleaved.
  private func gatherTurned(
    _ weights: UnsafePointer<T>, out: Int, block: Int, _ window: UnsafeMutablePointer<T>,
    into taps: UnsafeMutablePointer<T>
  ) {
    if out >= outChannels {
      taps.update(repeating: 0, count: tapArea * 16)
      return
    }
    let filter = weights + out * geometry.channels * windowArea
    if phases.isPacked {
      for i in 0..<tapArea {
        let at = tapArea - 1 - i
        for lane in 0..<16 {
          let phase = lane / phaseDepth
          let tap = phase < 4 ? tap(phase, at / F.taps, at % F.taps) : nil
          taps[i * 16 + lane] = tap.map { filter[lane % phaseDepth * windowArea + $0] } ?? 0
        }
      }
      return
    }
    let (phase, channel) = (block / blocks, block % blocks * 16)
    gatherWindow(filter, out: out, channel: channel, into: window)
    for i in 0..<tapArea {
      let at = tapArea - 1 - i
      let tap = tap(phase, at / F.taps, at % F.taps)
      store16(tap.map { row16(UnsafePointer(window) + $0 * 16) } ?? SIMD16(), taps + i * 16)
    }
  }

  /// The window of one filter, with channels from `channel` on interleaved: `[tap][16]`.
  private func gatherWindow(
    _ filter: UnsafePointer<T>, out: Int, channel: Int, into window: UnsafeMutablePointer<T>
  ) {
    let first = channel * windowArea
    let lanes = min(16, geometry.channels - channel)
    // Sixteen taps at a time; some belong to the next channel or filter.
    let end = first + 15 * windowArea + (windowArea + 15) / 16 * 16
    if lanes == 16, end <= (outChannels - out) * geometry.channels * windowArea {
      for tap in stride(from: 0, to: windowArea, by: 16) {
        T.transpose(
          filter + first + tap, sign: nil, step: windowArea, to: window + tap * 16, targetStep: 16)
      }
      return
    }
    for tap in 0..<windowArea {
      for lane in 0..<16 {
        window[tap * 16 + lane] = lane < lanes ? filter[first + lane * windowArea + tap] : 0
      }
    }
  }

  /// The gradients of weights and bias: inputs and output gradients are transformed to points and
  /// multiplied over all tiles. Local groups are summed in separate parts, whose number depends
  /// only on the sizes.
  func weightGradient(
    _ x: BandSource<T>, _ gradient: BandSource<T>, into target: UnsafeMutablePointer<T>?,
    bias: UnsafeMutablePointer<T>?
  ) throws {
    let productCount = points * pointStep(phaseBlocks * outBlocks * 16)
    let grid = TileGrid(
      images: geometry.images, height: geometry.outHeight, width: geometry.outWidth,
      size: F.outputs, numbers: points * 16 * (phaseBlocks + outBlocks), weights: productCount,
      least: 256, points: F.points, even: phases.bandStep == 2)
    let groups = grid.groups
    let parts = grid.isLocal ? max(min(8, groups.count), 1) : 1
    let partGroups = max((groups.count + parts - 1) / parts, 1)
    let gradientRows = runRows(grid, .one, grid.across * F.outputs)
    let runs = groups.map { grid.runs($0, most: gradientRows).count }
    let firstRuns = runs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let (dataCount, gradientCount) = (
      pointCount(grid, phaseBlocks), pointCount(grid, outBlocks)
    )
    // The first shared group overwrites the products, all others add to them.
    let isWritten = !grid.isLocal && !groups.isEmpty
    let isInParts = isInParts(grid)
    var products =
      isWritten
      ? try Tensor(uninitialized: [isInParts ? 0 : productCount], T.dtype)
      : try Tensor(zeros: [parts * productCount], T.dtype)
    var sums = try Tensor(uninitialized: [firstRuns[groups.count] * outBlocks * 16], T.dtype)
    try withElements(products.writing(T.self), sums.writing(T.self)) { products, sums in
      func add(_ group: Int, _ data: UnsafeMutablePointer<T>) throws {
        let p = geometry.padding
        try gather(
          grid, groups[group], x, phases, top: -p.top, left: -p.left, map: F.Data.self,
          into: data)
        try gather(
          grid, groups[group], gradient, .one, top: 0, left: 0,
          map: F.OutputGradient.self, into: data + dataCount,
          sums: sums + firstRuns[group] * outBlocks * 16)
        if isInParts {
          if let target {
            try gradients(grid, groups[group], data, data + dataCount, into: target)
          }
          return
        }
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
      if let target, !isInParts {
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

  /// Adds all parts to the first one.
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
    _ grid: TileGrid, _ group: TileGrid.Group, _ data: UnsafePointer<T>,
    _ gradients: UnsafePointer<T>, into products: UnsafeMutablePointer<T>, adds: Bool
  ) {
    let blockStep = grid.groupTiles * 16
    let depth = phaseBlocks * 16
    // So many blocks of a phase's channels use the same gradients while these are in a cache.
    let most = 16
    let parts = (blocks + most - 1) / most
    let phases = phaseBlocks / blocks
    parallel(points * phases * parts, grain: 1) { range in
      for i in range {
        let (point, phase, part) = (i / (phases * parts), i / parts % phases, i % parts)
        if !takes(levels(phase, of: self.phases), point: point) { continue }
        let tiles = tiles(ofPoint: point, grid, group)
        let block = phase * blocks + part * most
        T.multiply(
          BlockedProduct(
            rows: 16 * min(most, blocks - part * most), blocks: outBlocks, depth: tiles.count,
            a: data + point * pointStep(phaseBlocks * grid.groupTiles) + block * blockStep
              + tiles.lowerBound * 16,
            order: .depths(step: 16, block: blockStep),
            b: gradients + point * pointStep(outBlocks * grid.groupTiles) + tiles.lowerBound * 16,
            bBlock: blockStep,
            c: products + point * pointStep(outBlocks * depth) + block * 256, cBlock: depth * 16,
            adds: adds))
      }
    }
  }

  /// Transforms points to gradients of taps.
  private func finish(_ products: UnsafePointer<T>, into target: UnsafeMutablePointer<T>) throws {
    let step = pointStep(outBlocks * phaseBlocks * 16)
    try parallel(outBlocks * blocks, grain: 1, scratch: weightMemory, of: T.self) { parts, memory in
      for part in parts {
        let (out, block) = (part / blocks, part % blocks)
        finish(out: out, block: block, memory, step: step, into: target) { phase in
          products + (out * phaseBlocks * 16 + phase * phaseDepth + block * 16) * 16
        }
      }
    }
  }

  /// The same for a block of output channels and one of input channels. `products` gives those of a
  /// phase, `[point][16][16]`, points being `step` apart.
  func finish(
    out: Int, block: Int, _ memory: UnsafeMutablePointer<T>, step: Int,
    into target: UnsafeMutablePointer<T>, _ products: (_ phase: Int) -> UnsafePointer<T>
  ) {
    let taps = memory
    let middle = taps + tapArea * 16
    let windows = middle + points * 16
    let (out, channel) = (out * 16, block * 16)
    let channels = min(16, geometry.channels - channel)
    for phase in 0..<phases.step * phases.step {
      let short = levels(phase, of: phases)
      let products = products(phase)
      for d in 0..<channels {
        F.WeightGradient.apply2D(
          short, products + d * 16, rows: F.points * step, columns: step, middle, taps,
          toRows: F.taps * 16, toColumns: 16)
        for i in 0..<tapArea {
          guard let tap = tap(phase, i / F.taps, i % F.taps) else { continue }
          store16(row16(UnsafePointer(taps) + i * 16), windows + (d * windowArea + tap) * 16)
        }
      }
    }
    ChannelLanes.write(
      target + (out * geometry.channels + channel) * windowArea,
      step: windowArea * geometry.channels, lanes: min(16, outChannels - out),
      count: channels * windowArea
    ) { first, rows, count in rows.update(from: windows + first * 16, count: count * 16) }
  }
}
