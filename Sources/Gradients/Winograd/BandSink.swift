import Tensors

/// The destination of a pass: images `[n, channels, height, width]`, finished as they are written.
struct BandSink<T: Real> {
  /// The operation applied to a result before it is written.
  enum Finish {
    case nothing
    case relu
    /// Normalised per channel.
    case normalize(Normalizer<T>)
    /// relu, then the maximum of each square. If `places` is given, it receives the row-major index
    /// of the maximum within its square, `[n][channels / 16][height][width][16]`, or 255 where relu
    /// clamped it.
    case reluPool(size: Int, places: UnsafeMutablePointer<UInt8>?)
  }

  let values: UnsafeMutablePointer<T>
  let channels: Int
  /// The number of channels of an image in memory: more than `channels` if those are one group of
  /// several.
  let allChannels: Int
  /// Height and width of a channel before pooling.
  let height: Int
  let width: Int
  var bias: UnsafePointer<T>?
  var finish: Finish = .nothing

  var blocks: Int { Blocked.blocks(channels) }
  /// Bands must start and end at multiples of this, or at the end of the image.
  var squareSize: Int { if case .reluPool(let size, _) = finish { size } else { 1 } }

  /// Writes `rows` x `columns` pixels of a block of channels, `[rows][columns][16]`, the first of
  /// which is at (`top`, `left`); pixels outside the image are dropped. Changes `band`.
  func write(
    image: Int, block: Int, top: Int, left: Int, rows: Int, columns: Int,
    from band: UnsafeMutablePointer<T>
  ) {
    let low = max(top, 0)
    let high = min(top + rows, height)
    if low >= high { return }
    let lanes = min(channels - block * 16, 16)
    withBias(block, lanes) { bias in
      if case .reluPool(let size, let places) = finish {
        pool(image, block, top, high, columns, bias, size, places, band)
        return
      }
      complete(block, lanes, band, rows * columns, bias)
      let target = values + (image * allChannels + block * 16) * height * width
      let (from, to) = (max(left, 0), min(left + columns, width))
      let count = (high - low) * width
      if lanes == 16, left == 0, columns == width, count >= 16 {
        // The rows follow one another in the band too.
        for pixel in stride(from: 0, to: count, by: 16) {
          let pixel = min(pixel, count - 16)
          T.transpose(
            UnsafePointer(band) + ((low - top) * columns + pixel) * 16, sign: nil, step: 16,
            to: target + low * width + pixel, targetStep: height * width)
        }
        return
      }
      if lanes == 16, from == 0, to == width, ChannelLanes.fillRows(width) {
        for row in low..<high {
          for x in stride(from: 0, to: width, by: 16) {
            let x = min(x, width - 16)
            T.transpose(
              UnsafePointer(band) + ((row - top) * columns + x - left) * 16, sign: nil, step: 16,
              to: target + row * width + x, targetStep: height * width)
          }
        }
        return
      }
      ChannelLanes.write(
        target + low * width,
        step: height * width, lanes: lanes, count: count
      ) { pixel, block, length in
        var row = pixel / width
        var column = pixel - row * width
        for i in 0..<length {
          let inside = column >= left && column < left + columns
          let at: Int = (row + low - top) * columns + column - left
          store16(inside ? row16(UnsafePointer(band) + at * 16) : SIMD16<T>(), block + i * 16)
          column += 1
          if column == width {
            column = 0
            row += 1
          }
        }
      }
    }
  }

  /// The same for the four phases of all channels, in the layout of `BandSource.readPhases`;
  /// results are written unchanged.
  func writePhases(
    image: Int, top: Int, left: Int, rows: Int, columns: Int, from band: UnsafePointer<T>
  ) {
    for row in 0..<rows {
      for lane in 0..<4 * channels {
        let (phase, channel) = (lane / channels, lane % channels)
        let y = top + 2 * row + phase / 2
        if y < 0 || y >= height { continue }
        let first = left + phase % 2
        let line = values + ((image * allChannels + channel) * height + y) * width
        let from = band + row * columns * 16 + lane
        for column in 0..<columns {
          let x = first + 2 * column
          if x >= 0, x < width { line[x] = from[column * 16] }
        }
      }
    }
  }

  private func complete(
    _ block: Int, _ lanes: Int, _ band: UnsafeMutablePointer<T>, _ pixels: Int,
    _ bias: UnsafePointer<T>
  ) {
    if case .relu = finish {
      return T.addRelu(UnsafePointer(band), bias: bias, count: pixels, band)
    }
    if self.bias != nil {
      let row = row16(bias)
      for i in 0..<pixels { store16(row16(UnsafePointer(band) + i * 16) + row, band + i * 16) }
    }
    if case .normalize(let normalizer) = finish {
      normalizer.normalize(block: block, lanes: lanes, band, count: pixels)
    }
  }

  /// Passes the biases of a block to `body`, or zeros without biases.
  @inline(__always)
  private func withBias(_ block: Int, _ lanes: Int, _ body: (UnsafePointer<T>) -> Void) {
    withUnsafeTemporaryAllocation(of: T.self, capacity: 16) { buffer in
      guard let row = buffer.baseAddress else { return }
      for lane in 0..<16 { row[lane] = lane < lanes ? bias?[block * 16 + lane] ?? 0 : 0 }
      body(UnsafePointer(row))
    }
  }

  /// The squares lie completely within the band.
  private func pool(
    _ image: Int, _ block: Int, _ top: Int, _ high: Int, _ columns: Int, _ bias: UnsafePointer<T>,
    _ size: Int, _ places: UnsafeMutablePointer<UInt8>?, _ band: UnsafePointer<T>
  ) {
    let (pooledHeight, pooledWidth) = (height / size, width / size)
    let first = top / size
    let last = min(high / size, pooledHeight)
    if first >= last { return }
    let area = pooledHeight * pooledWidth
    let places = places.map { $0 + ((image * blocks + block) * area + first * pooledWidth) * 16 }
    ChannelLanes.write(
      values + (image * allChannels + block * 16) * area + first * pooledWidth, step: area,
      lanes: min(channels - block * 16, 16), count: (last - first) * pooledWidth
    ) { pixel, block, length in
      for i in 0..<length {
        let row = (pixel + i) / pooledWidth
        let column = pixel + i - row * pooledWidth
        let corner: Int = (row * columns + column) * size
        T.pool(
          band + corner * 16, size: size, rowStep: columns * 16, bias: bias, block + i * 16,
          places: places.map { $0 + (pixel + i) * 16 })
      }
    }
  }
}
