import Tensors

extension Direct {
  /// The gradients of weights and bias: the products of the pixels under each tap and the output
  /// gradient, summed in separate parts, whose number depends only on the sizes, and then over the
  /// parts.
  func weightGradient(
    _ x: BandSource<T>, _ gradient: BandSource<T>, into target: UnsafeMutablePointer<T>?,
    bias: UnsafeMutablePointer<T>?
  ) throws {
    let pass = forwardPass
    let blocks = gradient.blocks
    let runRows = rowsOfRun(pass, x.channels, blocks)
    let runs = RowRun.all(geometry.images, pass.height, runRows)
    let isInPlace = readsInPlace(pass, x)
    var offsets = pass.phases.flatMap {
      self.offsets($0, pass, rows: isInPlace ? x.height : runRows, channels: x.channels)
    }
    let taps = offsets.count
    // Rows that pad the last group of eight read arbitrary pixels; their results are discarded.
    let depth = Blocked.paddedRows(taps)
    offsets += Array(repeating: 0, count: depth - taps)

    let sumCount = blocks * depth * 16
    let parts = max(min((1 << 22) / max(sumCount, 1), 16, runs.count), 1)
    let grain = max((runs.count + parts - 1) / parts, 1)
    var sums = try Tensor(zeros: [parts, sumCount + blocks * 16], T.dtype)
    let bandCount = isInPlace ? 0 : x.channels * pass.bandCount(runRows)
    let gradientCount = runRows * pass.width * 16
    try sums.write(T.self) { sums in
      try parallel(
        runs.count, grain: grain, scratch: bandCount + blocks * gradientCount, of: T.self
      ) { range, band in
        let products = sums + range.lowerBound / grain * (sumCount + blocks * 16)
        for run in runs[range] {
          if !isInPlace {
            x.readPlanes(
              image: run.image, channels: 0..<x.channels, top: pass.top + pass.stepY * run.row,
              left: pass.left, rows: pass.bandRows(runRows), split: (pass.stepY, pass.stepX),
              width: pass.wide, into: band)
          }
          for block in 0..<blocks {
            let rows = band + bandCount + block * gradientCount
            gradient.read(
              image: run.image, block: block, top: run.row, left: 0, rows: run.count,
              columns: pass.width, into: rows)
            if bias != nil {
              let total = products + sumCount + block * 16
              var sum = row16(total)
              for i in 0..<run.count * pass.width { sum += row16(rows + i * 16) }
              store16(sum, total)
            }
          }
          if target != nil {
            accumulate(
              pass, run.count, offsets, isInPlace ? x.row(run.image, run.row) : UnsafePointer(band),
              UnsafePointer(band) + bandCount, gradientCount,
              blocks, depth, into: products)
          }
        }
      }
      finish(sums, parts, sumCount + blocks * 16, depth, into: target)
      if let bias {
        for channel in 0..<outChannels {
          var total: T = 0
          for part in 0..<parts {
            total += sums[part * (sumCount + blocks * 16) + sumCount + channel]
          }
          bias[channel] = total
        }
      }
    }
  }

  private func accumulate(
    _ pass: Pass, _ rows: Int, _ offsets: [Int], _ band: UnsafePointer<T>,
    _ gradient: UnsafePointer<T>, _ gradientCount: Int, _ blocks: Int, _ depth: Int,
    into products: UnsafeMutablePointer<T>
  ) {
    offsets.withUnsafeBufferPointer { offsets in
      guard let table = offsets.baseAddress else { return }
      // Where nothing lies between the rows of a band, all of them are one.
      let together = pass.margin == 0 ? rows : 1
      for row in stride(from: 0, to: rows, by: together) {
        T.multiply(
          BlockedProduct(
            rows: depth, blocks: blocks, depth: together * pass.width, a: band + row * pass.wide,
            order: .rowOffsets(table), b: gradient + row * pass.width * 16, bBlock: gradientCount,
            c: products, cBlock: depth * 16, adds: true))
      }
    }
  }

  /// Sums the parts `[out / 16][channel, tap][16]` into weights `[out, channel, tap]`.
  private func finish(
    _ sums: UnsafeMutablePointer<T>, _ parts: Int, _ partStep: Int, _ depth: Int,
    into target: UnsafeMutablePointer<T>?
  ) {
    guard let target else { return }
    let taps = geometry.channels * geometry.windowHeight * geometry.windowWidth
    parallel(Blocked.blocks(outChannels), grain: 1) { blocks in
      for block in blocks {
        let lanes = min(16, outChannels - block * 16)
        for tap in 0..<taps {
          let at = (block * depth + tap) * 16
          var total = row16(UnsafePointer(sums) + at)
          for part in 1..<max(parts, 1) {
            total += row16(UnsafePointer(sums) + part * partStep + at)
          }
          for lane in 0..<lanes { target[(block * 16 + lane) * taps + tap] = total[lane] }
        }
      }
    }
  }
}
