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

    /// The number of output columns, rounded up to whole groups of rows of the product.
    var columns: Int { Blocked.paddedRows(width) }
    /// The number of columns of a phase of the band.
    var wide: Int { columns + margin }
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
    let runRows = rowsOfRun(pass, source.channels, sink.blocks, multiple: sink.squareSize)
    let runs = RowRun.all(geometry.images, pass.height, runRows)
    let isInPlace = readsInPlace(pass, source)
    let planeRows = isInPlace ? source.height : bandRows(pass, runRows)
    let offsets = pass.phases.map {
      self.offsets($0, pass, bandRows: planeRows, channels: source.channels)
    }
    let bandCount =
      isInPlace ? 0 : source.channels * planeRows * pass.stepX * pass.wide
    let sinkColumns = pass.sinkX * pass.columns
    let sinkCount = runRows * pass.sinkY * sinkColumns * 16
    let isInterleaved = pass.sinkY * pass.sinkX > 1
    // Few runs are divided once more, by blocks of results, so that each thread has a share.
    let share = max(runs.count < 4 ? (sink.blocks + 3) / 4 : sink.blocks, 1)
    let shares = (sink.blocks + share - 1) / share
    let resultCount = share * (isInterleaved ? pass.columns * 16 : sinkCount)
    let scratch = bandCount + resultCount + (isInterleaved ? share * sinkCount : 0)
    try parallel(runs.count * shares, grain: 1, scratch: scratch, of: T.self) { range, band in
      let results = band + bandCount
      let interleaved = isInterleaved ? results + resultCount : results
      for piece in range {
        let (run, first) = (runs[piece / shares], piece % shares * share)
        let blocks = first..<min(first + share, sink.blocks)
        if !isInPlace {
          source.readPlanes(
            image: run.image, channels: 0..<source.channels,
            top: pass.top + pass.stepY * run.row, left: pass.left, rows: planeRows,
            split: pass.stepX, width: pass.wide, into: band)
        }
        let planes = isInPlace ? source.row(run.image, run.row) : UnsafePointer(band)
        for (phase, part) in pass.phases.enumerated() {
          products(
            pass, run.count, planes, offsets[phase], packed[phase], blocks, into: results,
            step: isInterleaved ? nil : sinkCount
          ) { row in
            for block in 0..<blocks.count {
              let from = results + block * pass.columns * 16
              let to =
                interleaved + block * sinkCount
                + ((row * pass.sinkY + part.row) * sinkColumns + part.column) * 16
              for i in 0..<pass.width {
                store16(row16(from + i * 16), to + i * pass.sinkX * 16)
              }
            }
          }
        }
        for block in blocks {
          sink.write(
            image: run.image, block: block, top: pass.sinkTop + pass.sinkY * run.row,
            left: pass.sinkLeft, rows: pass.sinkY * run.count, columns: sinkColumns,
            from: interleaved + (block - first) * sinkCount)
        }
      }
    }
  }

  /// The products of the rows of a run with some blocks of the weights. With a `step`, blocks of
  /// results are that far apart and hold all rows; without it, each row is passed to `done` before the next one overwrites it.
  @inline(__always)
  private func products(
    _ pass: Pass, _ rows: Int, _ band: UnsafePointer<T>, _ offsets: [Int], _ weights: Tensor,
    _ blocks: Range<Int>, into results: UnsafeMutablePointer<T>, step: Int?, _ done: (Int) -> Void
  ) {
    weights.read(T.self) { weights in
      offsets.withUnsafeBufferPointer { offsets in
        guard let table = offsets.baseAddress else { return }
        let rowStep = pass.stepY * pass.stepX * pass.wide
        func multiply(_ row: Int, _ block: Int, _ count: Int) {
          T.multiply(
            BlockedProduct(
              rows: pass.columns, blocks: count, depth: offsets.count, a: band + row * rowStep,
              order: .depthOffsets(table),
              b: weights + (blocks.lowerBound + block) * offsets.count * 16,
              bBlock: offsets.count * 16,
              c: results + block * (step ?? pass.columns * 16)
                + (step == nil ? 0 : row * pass.columns * 16),
              cBlock: step ?? pass.columns * 16))
        }
        if step == nil {
          for row in 0..<rows {
            multiply(row, 0, blocks.count)
            done(row)
          }
        } else {
          // With wide registers two blocks of weights at a time stay in the cache for all rows.
          let together = Blocked.isWide ? 2 : blocks.count
          for block in stride(from: 0, to: blocks.count, by: together) {
            for row in 0..<rows { multiply(row, block, min(together, blocks.count - block)) }
          }
        }
      }
    }
  }

  /// The offsets of a window's pixels in a band, channel by channel.
  func offsets(_ phase: Phase, _ pass: Pass, bandRows: Int, channels: Int) -> [Int] {
    (0..<channels).flatMap { channel in
      phase.taps.indices.map { i in
        ((channel * bandRows + phase.rows[i]) * pass.stepX + phase.columns[i] % pass.stepX)
          * pass.wide + phase.columns[i] / pass.stepX
      }
    }
  }

  /// Whether a pass can read the image itself, without a copy: single pixels whose rows fill whole
  /// groups of rows of the product, so that nothing is read beyond them.
  func readsInPlace(_ pass: Pass, _ source: BandSource<T>) -> Bool {
    guard case .plain = source.reading else { return false }
    return pass.reach == 1 && pass.margin == 0 && pass.stepY == 1 && pass.stepX == 1
      && pass.top == 0 && pass.left == 0 && pass.wide == source.width
      && pass.height == source.height
  }

  func bandRows(_ pass: Pass, _ rows: Int) -> Int { (rows - 1) * pass.stepY + pass.reach }

  /// The number of output rows processed at a time: as many as fit into half of the L2 cache, in
  /// multiples of the squares that the sink pools.
  func rowsOfRun(_ pass: Pass, _ channels: Int, _ blocks: Int, multiple: Int) -> Int {
    let row =
      channels * pass.stepY * pass.stepX * pass.wide
      + blocks * 16 * pass.sinkY * pass.sinkX * pass.columns
    let most = max((1 << 17) / max(row, 1), 1)
    let even = (pass.height + 1) / 2
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
