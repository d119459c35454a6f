import Tensors

/// The operations applied to a depthwise result before it is written.
struct DepthwiseFinish<T: Real> {
  var bias: UnsafePointer<T>? = nil
  var relu = false
  /// The normalisation of what the bias was added to.
  var normalizer: Normalizer<T>? = nil
  /// The factor applied to sums before the bias is added.
  var scale: T = 1
}

/// A depthwise convolution. It involves too little arithmetic for matrix products, so rows of
/// outputs are accumulated tap by tap in registers.
struct Depthwise<T: Real> {
  private let direct: Direct<T>
  /// Whether all channels share one window.
  private let isShared: Bool
  private var geometry: WindowGeometry { direct.geometry }

  init(_ geometry: WindowGeometry, isShared: Bool = false) {
    self.isShared = isShared
    // The passes of a direct convolution; its bands and taps are the same for one channel.
    direct = Direct<T>(geometry, geometry.channels)
  }

  private var taps: Int { geometry.windowHeight * geometry.windowWidth }
  /// The offset from the weights of one channel to those of the next.
  private var weightStep: Int { isShared ? 0 : taps }

  /// y = x * weights, followed by the operations of `finish`.
  func forward(
    _ source: BandSource<T>, weights: UnsafePointer<T>, finishing finish: DepthwiseFinish<T>,
    into y: UnsafeMutablePointer<T>
  ) throws {
    let pass = direct.forwardPass
    try eachPlane(pass, source, memory: 0) { plane, band, offsets, _ in
      let channel = plane % geometry.channels
      let target = y + plane * pass.height * pass.width
      T.sumTaps(
        band, step: pass.wide, offsets: offsets, weights + channel * weightStep, taps: taps,
        scale: finish.scale, bias: finish.bias?[channel] ?? 0,
        low: finish.relu ? 0 : -T.infinity, rows: pass.height, count: pass.width, target)
      if let norm = finish.normalizer?.channel(channel) {
        T.normalize(target, norm, count: pass.height * pass.width, target)
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

  /// The gradient of x.
  func inputGradient(
    _ gradient: BandSource<T>, _ weights: UnsafePointer<T>, scale: T = 1,
    into dx: UnsafeMutablePointer<T>
  ) throws {
    let pass = direct.backwardPass
    let isWhole =
      pass.phases.count == 1 && pass.width == geometry.width && pass.height == geometry.height
      && pass.sinkTop == 0 && pass.sinkLeft == 0
    let partCount = isWhole ? 0 : pass.height * pass.width
    let starts = pass.phases.indices.map { i in
      pass.phases[..<i].reduce(0) { $0 + $1.taps.count }
    }
    let ordered = try phaseByPhase(weights, pass.phases.flatMap(\.taps))
    try ordered.read(T.self) { weights in
      try starts.withUnsafeBufferPointer { starts in
        try eachPlane(
          pass, gradient, memory: pass.sinkX * (partCount + pass.width)
        ) { plane, band, offsets, memory in
          let weights = weights + plane % geometry.channels * weightStep
          let target = dx + plane * geometry.area
          for phase in starts.indices {
            let first = starts[phase]
            let column = phase % pass.sinkX
            T.sumTaps(
              band, step: pass.wide, offsets: offsets + first, weights + first,
              taps: (phase + 1 < starts.count ? starts[phase + 1] : taps) - first, scale: scale,
              bias: 0, low: -T.infinity, rows: pass.height, count: pass.width,
              isWhole ? target : memory + column * partCount)
            if !isWhole && column == pass.sinkX - 1 {
              spread(
                UnsafePointer(memory), row: phase / pass.sinkX, pass,
                line: memory + pass.sinkX * partCount, into: target)
            }
          }
        }
      }
    }
  }

  /// The weights of each channel in the order of `order`, the taps of all phases.
  private func phaseByPhase(_ weights: UnsafePointer<T>, _ order: [Int]) throws -> Tensor {
    var ordered = try Tensor(uninitialized: [isShared ? taps : geometry.channels * taps], T.dtype)
    try ordered.write(T.self) { ordered in
      for first in stride(from: 0, to: isShared ? taps : geometry.channels * taps, by: taps) {
        for (i, tap) in order.enumerated() { ordered[first + i] = weights[first + tap] }
      }
    }
    return ordered
  }

  /// Writes the results of the phases of a row, one after the other, to the rows of the image that
  /// belong to them. `line` has room for a row.
  private func spread(
    _ parts: UnsafePointer<T>, row phase: Int, _ pass: Direct<T>.Pass,
    line: UnsafeMutablePointer<T>, into image: UnsafeMutablePointer<T>
  ) {
    let partCount = pass.height * pass.width
    let low = max(-pass.sinkLeft, 0)
    let count = min(pass.sinkX * pass.width - low, geometry.width)
    for row in 0..<pass.height {
      let y = pass.sinkTop + pass.sinkY * row + phase
      if y < 0 || y >= geometry.height { continue }
      let from = parts + row * pass.width
      if pass.sinkX == 2 {
        T.interleave(from, from + partCount, count: pass.width, to: line)
      } else {
        for column in 0..<pass.sinkX {
          for i in 0..<pass.width {
            line[pass.sinkX * i + column] = from[column * partCount + i]
          }
        }
      }
      T.copy(UnsafePointer(line) + low, count: count, to: image + y * geometry.width)
    }
  }

  /// A channel's sums always run over its images in order, whichever thread computes them.
  private func weightGradient(
    _ source: BandSource<T>, _ gradient: BandSource<T>, into targets: Convolution.Targets<T>
  ) throws {
    let pass = direct.forwardPass
    let bandCount = pass.bandCount(pass.height)
    let offsets = direct.offsets(pass.phases[0], pass, rows: pass.height, channels: 1)
    let wide = (pass.width + 15) / 16 * 16
    let rowsCount = pass.height * wide
    let most = max(geometry.area, geometry.outArea)
    try parallel(
      geometry.channels, grain: 1, scratch: bandCount + 16 + rowsCount + (taps + 1) * 16 + most,
      of: T.self
    ) { range, band in
      let rows = band + bandCount + 16
      let sums = rows + rowsCount
      let memory = sums + (taps + 1) * 16
      band.update(repeating: 0, count: bandCount + 16 + rowsCount)
      for channel in range {
        sums.update(repeating: 0, count: (taps + 1) * 16)
        for image in 0..<geometry.images {
          source.readPlane(
            image: image, channel: channel, top: pass.top, left: pass.left,
            rows: pass.bandRows(pass.height), split: (pass.stepY, pass.stepX), width: pass.wide,
            memory, into: band)
          gradient.readPlane(
            image: image, channel: channel, top: 0, left: 0, rows: pass.height, split: (1, 1),
            width: wide, memory, into: rows)
          for (tap, offset) in offsets.enumerated() {
            T.addRowProducts(
              band + offset, step: pass.wide, rows, step: wide,
              rows: pass.height, count: wide, sums + tap * 16)
          }
          var sum = row16(UnsafePointer(sums) + taps * 16)
          for x in stride(from: 0, to: rowsCount, by: 16) { sum += row16(rows + x) }
          store16(sum, sums + taps * 16)
        }
        for tap in 0..<taps {
          targets.weights?[channel * taps + tap] = total(row16(UnsafePointer(sums) + tap * 16))
        }
        targets.bias?[channel] = total(row16(UnsafePointer(sums) + taps * 16))
      }
    }
  }

  /// Calls `body` with every plane: its band, the offsets of each phase's taps in it, and scratch
  /// memory for `numbers` elements. A part has so many planes that beginning it costs little beside
  /// them, but there are enough parts for all threads.
  private func eachPlane(
    _ pass: Direct<T>.Pass, _ source: BandSource<T>, memory numbers: Int,
    _ body: (Int, UnsafePointer<T>, UnsafePointer<Int>, UnsafeMutablePointer<T>) -> Void
  ) throws {
    let offsets = pass.phases.flatMap {
      direct.offsets($0, pass, rows: pass.height, channels: 1)
    }
    let (planes, count) = (geometry.images * geometry.channels, pass.bandCount(pass.height))
    try offsets.withUnsafeBufferPointer { offsets in
      guard let offsets = offsets.baseAddress else { return }
      try parallel(
        planes, grain: max(min((1 << 14) / max(count, 1), planes / 8), planes / 64, 1),
        scratch: count + 16 + numbers + source.height * source.width, of: T.self
      ) { range, band in
        // Zeros around the image, and elements that are read beyond the last row.
        band.update(repeating: 0, count: count + 16)
        let memory = band + count + 16
        for plane in range {
          source.readPlane(
            image: plane / geometry.channels, channel: plane % geometry.channels, top: pass.top,
            left: pass.left, rows: pass.bandRows(pass.height), split: (pass.stepY, pass.stepX),
            width: pass.wide, memory + numbers, into: band)
          body(plane, UnsafePointer(band), offsets, memory)
        }
      }
    }
  }

  private func total(_ row: SIMD16<T>) -> T {
    var total: T = 0
    for lane in 0..<16 { total += row[lane] }
    return total
  }
}
