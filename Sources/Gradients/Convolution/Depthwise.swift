import Tensors

/// What is done to a depthwise result before it is written.
struct DepthwiseFinish<T: Real> {
  let bias: UnsafePointer<T>?
  let relu: Bool
}

/// A convolution of every channel with a window of its own: too little work for products, so rows of
/// results are summed up tap by tap in registers.
struct Depthwise<T: Real> {
  private let direct: Direct<T>
  private var geometry: Geometry { direct.geometry }

  init(_ geometry: Geometry) {
    // The passes of a direct convolution, whose bands and taps are the same for one channel.
    direct = Direct<T>(geometry, outChannels: geometry.channels)
  }

  private var taps: Int { geometry.windowHeight * geometry.windowWidth }

  func forward(
    _ source: BandSource<T>, weights: UnsafePointer<T>, finishing finish: DepthwiseFinish<T>,
    into y: UnsafeMutablePointer<T>
  ) throws {
    let pass = direct.forwardPass
    try eachPlane(pass, source) { plane, band, offsets in
      let channel = plane % geometry.channels
      let bias = finish.bias?[channel] ?? 0
      for row in 0..<pass.height {
        correlate(
          band + row * pass.stepY * pass.stepX * pass.wide, offsets[0],
          weights + channel * taps, pass.phases[0].taps, pass.width
        ) { x, sum in
          let value = sum + bias
          let result = finish.relu ? positive(value) : value
          put(result, y + (plane * pass.height + row) * pass.width + x, pass.width - x)
        }
      }
    }
  }

  func backward(
    _ source: BandSource<T>, weights: UnsafePointer<T>, gradient: BandSource<T>,
    into targets: Convolution.Targets<T>
  ) throws {
    if let target = targets.x { try inputGradient(gradient, weights, into: target) }
    if targets.weights != nil || targets.bias != nil {
      try weightGradient(source, gradient, into: targets)
    }
  }

  private func inputGradient(
    _ gradient: BandSource<T>, _ weights: UnsafePointer<T>, into dx: UnsafeMutablePointer<T>
  ) throws {
    let pass = direct.backwardPass
    try eachPlane(pass, gradient) { plane, band, offsets in
      let channel = plane % geometry.channels
      let target = dx + plane * geometry.area
      // Pixels that no window reaches.
      target.update(repeating: 0, count: geometry.area)
      for (phase, part) in pass.phases.enumerated() {
        for row in 0..<pass.height {
          let y = pass.sinkTop + pass.sinkY * row + part.row
          if y < 0 || y >= geometry.height { continue }
          correlate(
            band + row * pass.wide, offsets[phase], weights + channel * taps, part.taps,
            pass.width
          ) { first, sum in
            for lane in 0..<min(16, pass.width - first) {
              let x = pass.sinkLeft + pass.sinkX * (first + lane) + part.column
              if x >= 0, x < geometry.width { target[y * geometry.width + x] = sum[lane] }
            }
          }
        }
      }
    }
  }

  /// A channel's sums go over its images one after the other, whoever does the work.
  private func weightGradient(
    _ source: BandSource<T>, _ gradient: BandSource<T>, into targets: Convolution.Targets<T>
  ) throws {
    let pass = direct.forwardPass
    let bandRows = direct.bandRows(pass, pass.height)
    let bandCount = bandRows * pass.stepX * pass.wide
    let offsets = direct.offsets(pass.phases[0], pass, bandRows: bandRows, channels: 1)
    let wide = (pass.width + 15) / 16 * 16
    let rowsCount = pass.height * wide
    try parallel(
      geometry.channels, grain: 1, scratch: bandCount + 16 + rowsCount + (taps + 1) * 16,
      of: T.self
    ) { range, band in
      let rows = band + bandCount + 16
      let sums = rows + rowsCount
      (band + bandCount).update(repeating: 0, count: 16)
      for channel in range {
        sums.update(repeating: 0, count: (taps + 1) * 16)
        for image in 0..<geometry.images {
          source.readPlanes(
            image: image, channels: channel..<channel + 1, top: pass.top, left: pass.left,
            rows: bandRows, split: pass.stepX, width: pass.wide, into: band)
          gradient.readPlanes(
            image: image, channels: channel..<channel + 1, top: 0, left: 0, rows: pass.height,
            split: 1, width: wide, into: rows)
          for tap in 0...taps {
            var sum = row16(UnsafePointer(sums) + tap * 16)
            for row in 0..<pass.height {
              let from = rows + row * wide
              if tap == taps {
                for x in stride(from: 0, to: wide, by: 16) { sum += row16(from + x) }
              } else {
                let pixels = band + row * pass.stepY * pass.stepX * pass.wide + offsets[tap]
                for x in stride(from: 0, to: wide, by: 16) {
                  sum.addProduct(row16(pixels + x), row16(from + x))
                }
              }
            }
            store16(sum, sums + tap * 16)
          }
        }
        for tap in 0..<taps {
          targets.weights?[channel * taps + tap] = total(row16(UnsafePointer(sums) + tap * 16))
        }
        targets.bias?[channel] = total(row16(UnsafePointer(sums) + taps * 16))
      }
    }
  }

  /// Calls `body` with every plane's band.
  private func eachPlane(
    _ pass: Direct<T>.Pass, _ source: BandSource<T>,
    _ body: (Int, UnsafePointer<T>, [[Int]]) -> Void
  ) throws {
    let bandRows = direct.bandRows(pass, pass.height)
    let offsets = pass.phases.map {
      direct.offsets($0, pass, bandRows: bandRows, channels: 1)
    }
    let count = bandRows * pass.stepX * pass.wide
    try parallel(
      geometry.images * geometry.channels, grain: max((1 << 14) / max(count, 1), 1),
      scratch: count + 16, of: T.self
    ) { range, band in
      (band + count).update(repeating: 0, count: 16)
      for plane in range {
        source.readPlanes(
          image: plane / geometry.channels,
          channels: plane % geometry.channels..<plane % geometry.channels + 1, top: pass.top,
          left: pass.left, rows: bandRows, split: pass.stepX, width: pass.wide, into: band)
        body(plane, UnsafePointer(band), offsets)
      }
    }
  }

  /// Sums sixteen results at a time; those beyond the row are made of what follows it.
  @inline(__always)
  private func correlate(
    _ row: UnsafePointer<T>, _ offsets: [Int], _ weights: UnsafePointer<T>, _ taps: [Int],
    _ width: Int, _ body: (Int, SIMD16<T>) -> Void
  ) {
    offsets.withUnsafeBufferPointer { offsets in
      taps.withUnsafeBufferPointer { taps in
        for x in stride(from: 0, to: width, by: 16) {
          var sum = SIMD16<T>()
          for i in 0..<taps.count {
            sum.addProduct(row16(row + offsets[i] + x), SIMD16(repeating: weights[taps[i]]))
          }
          body(x, sum)
        }
      }
    }
  }

  @inline(__always)
  private func put(_ row: SIMD16<T>, _ target: UnsafeMutablePointer<T>, _ count: Int) {
    if count >= 16 {
      store16(row, target)
    } else {
      for lane in 0..<count { target[lane] = row[lane] }
    }
  }

  @inline(__always)
  private func positive(_ x: SIMD16<T>) -> SIMD16<T> {
    var y = x
    for lane in 0..<16 { y[lane] = x[lane] < 0 ? 0 : x[lane] }
    return y
  }

  private func total(_ row: SIMD16<T>) -> T {
    var total: T = 0
    for lane in 0..<16 { total += row[lane] }
    return total
  }
}
