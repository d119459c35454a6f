import Tensors

/// A convolution of any kind as matrix products whose left operand is read from the image itself:
/// the pixels of a window are at fixed offsets from its first one, so only bands of padded rows are
/// copied. Computes one group of channels.
struct Direct<T: Real> {
  let geometry: WindowGeometry
  let outChannels: Int

  init(_ geometry: WindowGeometry, _ outChannels: Int) {
    self.geometry = geometry
    self.outChannels = outChannels
  }

  /// The taps of one of the interleaved images that a pass computes, and their weights.
  struct Phase {
    /// Row and column of its first pixel in the output.
    let row: Int
    let column: Int
    /// Positions in the window, `ky * width + kx`, and in the band, as offsets within a channel's
    /// rows.
    let taps: [Int]
    let rows: [Int]
    let columns: [Int]
  }

  /// The loop structure of a pass: outputs of `height` x `width` for each phase, and bands read
  /// from rows `top + stepY * y` on.
  struct Pass {
    let height: Int
    let width: Int
    let stepY: Int
    let stepX: Int
    let top: Int
    let left: Int
    /// The number of band rows under one output row, and of band columns beyond the output columns.
    let reach: Int
    let margin: Int
    let phases: [Phase]
    /// The distances at which output rows and columns are interleaved.
    let sinkY: Int
    let sinkX: Int
    let sinkTop: Int
    let sinkLeft: Int

    /// The number of columns of a phase of the band. Its rows of results are as far apart.
    var wide: Int { width + margin }
    /// Whether all rows of a run are one product, which computes the columns between them too:
    /// where that costs no more than whole groups of rows of the product for each of them.
    var joinsRows: Bool { wide <= Blocked.paddedRows(width) || width < Blocked.rows }
    /// The number of results of `rows` rows, of which the product needs a group at least.
    func resultCount(_ rows: Int) -> Int { max(rows * wide, Blocked.rows) }

    /// The number of rows that each phase of a band has under `rows` rows of results.
    func bandRows(_ rows: Int) -> Int { rows + (reach - 1) / stepY }
    /// The number of elements of a channel's band.
    func bandCount(_ rows: Int) -> Int { stepY * stepX * bandRows(rows) * wide }
  }

  private var window: (height: Int, width: Int) {
    (geometry.windowHeight, geometry.windowWidth)
  }

  /// The pass from images to outputs.
  var forwardPass: Pass {
    let (stride, padding) = (geometry.window.stride, geometry.padding)
    let all = 0..<window.height * window.width
    return Pass(
      height: geometry.outHeight, width: geometry.outWidth, stepY: stride.y, stepX: stride.x,
      top: -padding.top, left: -padding.left, reach: window.height,
      margin: (window.width - 1) / stride.x,
      phases: [
        Phase(
          row: 0, column: 0, taps: Array(all), rows: all.map { $0 / window.width },
          columns: all.map { $0 % window.width })
      ], sinkY: 1, sinkX: 1, sinkTop: 0, sinkLeft: 0)
  }

  /// The pass from the output gradient to the input gradient: pixel `stride * i + q - padding`
  /// receives contributions from outputs `i - a` through taps `stride * a + q`.
  var backwardPass: Pass {
    let (stride, padding) = (geometry.window.stride, geometry.padding)
    let (top, left) = (padding.top / stride.y, padding.left / stride.x)
    let reach = (window.height - 1) / stride.y
    let margin = (window.width - 1) / stride.x
    var phases: [Phase] = []
    for qy in 0..<stride.y {
      for qx in 0..<stride.x {
        var (taps, rows, columns) = ([Int](), [Int](), [Int]())
        for ky in Swift.stride(from: qy, to: window.height, by: stride.y) {
          for kx in Swift.stride(from: qx, to: window.width, by: stride.x) {
            taps.append(ky * window.width + kx)
            rows.append(reach - ky / stride.y)
            columns.append(margin - kx / stride.x)
          }
        }
        phases.append(Phase(row: qy, column: qx, taps: taps, rows: rows, columns: columns))
      }
    }
    return Pass(
      height: (geometry.height - 1 + padding.top) / stride.y - top + 1,
      width: (geometry.width - 1 + padding.left) / stride.x - left + 1, stepY: 1, stepX: 1,
      top: top - reach, left: left - margin, reach: reach + 1, margin: margin, phases: phases,
      sinkY: stride.y, sinkX: stride.x, sinkTop: stride.y * top - padding.top,
      sinkLeft: stride.x * left - padding.left)
  }

  /// y = x * weights, finished by `sink`.
  func forward(
    _ source: BandSource<T>, weights: ConvolutionWeights<T>, sink: BandSink<T>
  ) throws {
    try correlate(forwardPass, source, weights, turned: false, sink)
  }

  /// The gradient of x.
  func inputGradient(
    _ source: BandSource<T>, weights: ConvolutionWeights<T>, sink: BandSink<T>
  ) throws {
    try correlate(backwardPass, source, weights, turned: true, sink)
  }

  private func correlate(
    _ pass: Pass, _ source: BandSource<T>, _ weights: ConvolutionWeights<T>, turned: Bool,
    _ sink: BandSink<T>
  ) throws {
    let packed = try pass.phases.map { phase in
      let sizes = [outChannels, geometry.channels, window.height, window.width, turned ? 1 : 0]
      return try weights.form(Self.self, sizes + phase.taps) {
        try pack($0, phase.taps, turned: turned)
      }
    }
    // A few images of many filters are not divided, so that the weights are read once.
    let runRows = rowsOfRun(
      pass, source.channels, sink.blocks, multiple: sink.squareSize,
      divided: geometry.images >= 4 || sink.blocks < 8)
    let runs = RowRun.all(geometry.images, pass.height, runRows)
    let isInPlace = readsInPlace(pass, source)
    let offsets = pass.phases.map {
      self.offsets($0, pass, rows: isInPlace ? source.height : runRows, channels: source.channels)
    }
    // A product reads beyond the band if it has more rows than there are results.
    let bandCount = isInPlace ? 0 : source.channels * pass.bandCount(runRows) + 16
    func read(_ run: RowRun, _ channels: Range<Int>, _ band: UnsafeMutablePointer<T>) {
      source.readPlanes(
        image: run.image, channels: channels, top: pass.top + pass.stepY * run.row,
        left: pass.left, rows: pass.bandRows(runRows), split: (pass.stepY, pass.stepX),
        width: pass.wide, into: band + channels.lowerBound * pass.bandCount(runRows))
    }
    func compute(
      _ run: RowRun, _ blocks: Range<Int>, _ band: UnsafePointer<T>,
      _ memory: UnsafeMutablePointer<T>
    ) {
      correlate(
        pass, run, isInPlace ? source.row(run.image, run.row) : band, offsets, packed, blocks,
        rows: runRows, memory, sink)
    }
    if runs.count >= 4 {
      try parallel(
        runs.count, grain: 1, scratch: bandCount + memoryCount(pass, runRows, sink.blocks),
        of: T.self
      ) { range, band in
        for run in runs[range] {
          if !isInPlace { read(run, 0..<source.channels, band) }
          compute(run, 0..<sink.blocks, band, band + bandCount)
        }
      }
      return
    }
    // The threads share a few runs: in place all of them at once, otherwise one after the other, first its
    // channels and then the blocks of results. Even numbers of blocks, since the product computes two.
    let share = max((sink.blocks + 7) / 8 * 2, 2)
    let shares = (sink.blocks + share - 1) / share
    var band = try Tensor(uninitialized: [bandCount], T.dtype)
    try band.write(T.self) { band in
      for runs in isInPlace ? [runs[...]] : runs.indices.map({ runs[$0...$0] }) {
        for run in runs where !isInPlace {
          parallel(source.channels, grain: 16) { read(run, $0, band) }
        }
        try parallel(
          runs.count * shares, grain: 1, scratch: memoryCount(pass, runRows, share), of: T.self
        ) { parts, memory in
          for part in parts {
            let first = part % shares * share
            compute(
              runs[runs.startIndex + part / shares], first..<min(first + share, sink.blocks), band,
              memory)
          }
        }
      }
    }
  }

  /// The number of elements of the memory that `correlate` uses for a run.
  private func memoryCount(_ pass: Pass, _ rows: Int, _ blocks: Int) -> Int {
    let isInterleaved = pass.sinkY * pass.sinkX > 1
    return blocks * 16
      * (pass.resultCount(rows) + (isInterleaved ? pass.sinkY * pass.sinkX * rows * pass.wide : 0))
  }

  /// Computes some blocks of the results of a run, which has at most `rows` rows.
  private func correlate(
    _ pass: Pass, _ run: RowRun, _ band: UnsafePointer<T>, _ offsets: [[Int]], _ packed: [Tensor],
    _ blocks: Range<Int>, rows: Int, _ results: UnsafeMutablePointer<T>, _ sink: BandSink<T>
  ) {
    let step = pass.resultCount(rows) * 16
    let columns = pass.sinkX * pass.wide
    let isInterleaved = pass.sinkY * pass.sinkX > 1
    let finished = isInterleaved ? results + blocks.count * step : results
    let finishedStep = isInterleaved ? pass.sinkY * rows * columns * 16 : step
    for (phase, part) in pass.phases.enumerated() {
      products(
        pass, run.count, band, offsets[phase], packed[phase], blocks, into: results, step: step)
      if !isInterleaved { continue }
      for block in 0..<blocks.count {
        for row in 0..<run.count {
          let from = results + block * step + row * pass.wide * 16
          let to =
            finished + block * finishedStep
            + ((row * pass.sinkY + part.row) * columns + part.column) * 16
          for i in 0..<pass.width { store16(row16(from + i * 16), to + i * pass.sinkX * 16) }
        }
      }
    }
    for block in blocks {
      sink.write(
        image: run.image, block: block, top: pass.sinkTop + pass.sinkY * run.row,
        left: pass.sinkLeft, rows: pass.sinkY * run.count, columns: columns,
        from: finished + (block - blocks.lowerBound) * finishedStep)
    }
  }

  /// The products of the rows of a run with some blocks of the weights. Blocks of results are `step`
  /// elements apart.
  private func products(
    _ pass: Pass, _ rows: Int, _ band: UnsafePointer<T>, _ offsets: [Int], _ weights: Tensor,
    _ blocks: Range<Int>, into results: UnsafeMutablePointer<T>, step: Int
  ) {
    weights.read(T.self) { weights in
      offsets.withUnsafeBufferPointer { offsets in
        guard let table = offsets.baseAddress else { return }
        let block = offsets.count * 16
        func multiply(_ row: Int, _ count: Int, _ first: Int, _ blockCount: Int) {
          T.multiply(
            BlockedProduct(
              rows: count, blocks: blockCount, depth: offsets.count, a: band + row * pass.wide,
              order: .depthOffsets(table), b: weights + first * block, bBlock: block,
              c: results + (first - blocks.lowerBound) * step + row * pass.wide * 16, cBlock: step))
        }
        if pass.joinsRows {
          let count = max((rows - 1) * pass.wide + pass.width, Blocked.rows)
          return multiply(0, count, blocks.lowerBound, blocks.count)
        }
        // As many blocks of weights at a time as stay in the cache for all rows. A phase may have no taps,
        // where a window is shorter than its stride.
        let together = max((1 << 15) / max(block, 1), Blocked.isWide ? 2 : 1)
        for first in stride(from: blocks.lowerBound, to: blocks.upperBound, by: together) {
          for row in 0..<rows {
            multiply(row, pass.width, first, min(together, blocks.upperBound - first))
          }
        }
      }
    }
  }

  /// The offsets of a window's pixels in a band under `rows` rows of results, channel by channel.
  func offsets(_ phase: Phase, _ pass: Pass, rows: Int, channels: Int) -> [Int] {
    let bandRows = pass.bandRows(rows)
    let first = phase.taps.indices.map { i in
      let (row, column) = (phase.rows[i], phase.columns[i])
      let plane = row % pass.stepY * pass.stepX + column % pass.stepX
      return (plane * bandRows + row / pass.stepY) * pass.wide + column / pass.stepX
    }
    let step = pass.bandCount(rows)
    return [Int](unsafeUninitializedCapacity: channels * first.count) { offsets, count in
      for channel in 0..<channels {
        for (i, offset) in first.enumerated() {
          offsets[channel * first.count + i] = channel * step + offset
        }
      }
      count = channels * first.count
    }
  }

  /// Whether a pass can read the image itself, without a copy: single pixels, whose rows are not
  /// shorter than a group of rows of the product.
  func readsInPlace(_ pass: Pass, _ source: BandSource<T>) -> Bool {
    guard case .plain = source.reading else { return false }
    return pass.reach == 1 && pass.margin == 0 && pass.stepY == 1 && pass.stepX == 1
      && pass.top == 0 && pass.left == 0 && pass.wide == source.width
      && pass.height == source.height && pass.width >= Blocked.rows
  }

  /// The number of output rows processed at a time: as many as fit into half of the L2 cache, in
  /// multiples of the squares that the sink pools; if `divided`, half of an image at most.
  func rowsOfRun(
    _ pass: Pass, _ channels: Int, _ blocks: Int, multiple: Int = 1, divided: Bool = true
  ) -> Int {
    let row =
      (channels * pass.stepY * pass.stepX + blocks * 16 * pass.sinkY * pass.sinkX) * pass.wide
    let most = max((1 << 17) / max(row, 1), 1)
    let even = divided ? (pass.height + 1) / 2 : pass.height
    return max(min(most, even) / multiple * multiple, multiple)
  }

  /// Packs weights `[out, channels, h, w]` into blocks `[out / 16][channel, tap][16]`. If `turned`,
  /// input and output channels are exchanged.
  private func pack(_ weights: UnsafePointer<T>, _ taps: [Int], turned: Bool) throws -> Tensor {
    let (inner, outer) =
      turned ? (outChannels, geometry.channels) : (geometry.channels, outChannels)
    let area = window.height * window.width
    let (innerStep, outerStep) =
      turned ? (geometry.channels * area, area) : (area, geometry.channels * area)
    let depth = inner * taps.count
    var packed = try Tensor(uninitialized: [Blocked.blocks(outer) * depth * 16], T.dtype)
    try packed.write(T.self) { packed in
      parallel(Blocked.blocks(outer), grain: 1) { blocks in
        for block in blocks {
          var target = packed + block * depth * 16
          let lanes = min(16, outer - block * 16)
          for channel in 0..<inner {
            for tap in taps {
              let from = weights + block * 16 * outerStep + channel * innerStep + tap
              for lane in 0..<lanes { target[lane] = from[lane * outerStep] }
              for lane in lanes..<16 { target[lane] = 0 }
              target += 16
            }
          }
        }
      }
    }
    return packed
  }
}

/// Consecutive rows of an image.
struct RowRun {
  let image: Int
  let row: Int
  let count: Int

  /// All rows of all images, in runs of at most `most` rows.
  static func all(_ images: Int, _ height: Int, _ most: Int) -> [RowRun] {
    (0..<images).flatMap { image in
      stride(from: 0, to: height, by: most).map {
        RowRun(image: image, row: $0, count: min(most, height - $0))
      }
    }
  }
}
