import Tensors

/// The input of a pass: images `[n, channels, height, width]`, read in bands of rows with sixteen
/// channels interleaved.
struct BandSource<T: Real> {
  /// How the elements of `values` are read.
  enum Reading {
    case plain
    /// Only where `sign`, in the same layout, is above 0, otherwise 0: the gradient of relu.
    case positive(sign: UnsafePointer<T>)
    /// Scattered to the position of the maximum in each square; `places` as written by `BandSink`.
    case unpooled(places: UnsafePointer<UInt8>, size: Int, height: Int, width: Int)
    /// Normalised per channel.
    case normalized(Normalizer<T>)
  }

  let values: UnsafePointer<T>
  let channels: Int
  /// The number of channels of an image in memory: more than `channels` if those are one group of
  /// several.
  let allChannels: Int
  /// Height and width of a channel before pooling.
  let height: Int
  let width: Int
  let reading: Reading

  init(
    _ values: UnsafePointer<T>, channels: Int, of allChannels: Int? = nil, height: Int, width: Int,
    reading: Reading = .plain
  ) {
    self.values = values
    self.channels = channels
    self.allChannels = allChannels ?? channels
    self.height = height
    self.width = width
    self.reading = reading
  }

  var blocks: Int { Blocked.blocks(channels) }

  /// A row of the first channel of an image.
  func row(_ image: Int, _ row: Int) -> UnsafePointer<T> {
    values + (image * allChannels * height + row) * width
  }

  /// Reads `rows` x `columns` pixels of a block of channels into `band`, `[rows][columns][16]`,
  /// with zeros outside the image. The first pixel is at (`top`, `left`).
  func read(
    image: Int, block: Int, top: Int, left: Int, rows: Int, columns: Int,
    into band: UnsafeMutablePointer<T>
  ) {
    let low = max(top, 0)
    let high = min(top + rows, height)
    let isWhole = low == top && high == top + rows && left == 0 && left + columns == width
    if !isWhole || leavesPixels { band.update(repeating: 0, count: rows * columns * 16) }
    if low >= high { return }
    if case .unpooled(let places, let size, let pooledHeight, let pooledWidth) = reading {
      unpool(
        image, block, places, size, pooledHeight, pooledWidth, top, left, rows, columns, band)
      return
    }
    let first = (image * allChannels + block * 16) * height * width + low * width
    let lanes = min(channels - block * 16, 16)
    let (from, to) = (max(left, 0), min(left + columns, width))
    if lanes == 16, ChannelLanes.fillRows(to - from) {
      for row in low..<high {
        let line = (row - low) * width + first
        let target = band + (row - top) * columns * 16
        for x in stride(from: from, to: to, by: 16) {
          let x = min(x, to - 16)
          T.transpose(
            values + line + x, sign: sign.map { $0 + line + x }, step: height * width,
            to: target + (x - left) * 16, targetStep: 16)
        }
        normalize(block, lanes, target + (from - left) * 16, count: to - from)
      }
      return
    }
    let count = (high - low) * width
    ChannelLanes.read(
      values + first, sign: sign.map { $0 + first }, step: height * width, lanes: lanes,
      count: count
    ) { pixel, pixels, length in
      // Consecutive pixels may belong to several rows of the band.
      var done = 0
      var row = pixel / width
      var column = pixel - row * width
      while done < length {
        let run = min(length - done, width - column)
        let from = max(column, left)
        let to = min(column + run, left + columns)
        if from < to {
          let target = band + ((row + low - top) * columns + from - left) * 16
          let source = pixels + (done + from - column) * 16
          for i in 0..<to - from { store16(row16(source + i * 16), target + i * 16) }
          normalize(block, lanes, target, count: to - from)
        }
        done += run
        row += 1
        column = 0
      }
    }
  }

  /// The same for the four phases of all channels (at most four): `rows` x `columns` pixels of
  /// every second row and column, where phase `2 * y + x` starts at (`top + y`, `left + x`), in the
  /// lanes `phase * channels + channel`. Supports only unmodified reading.
  func readPhases(
    image: Int, top: Int, left: Int, rows: Int, columns: Int, into band: UnsafeMutablePointer<T>
  ) {
    // One line per lane, with space for whole blocks of sixteen pixels.
    let wide = (columns + 15) / 16 * 16
    withUnsafeTemporaryAllocation(of: T.self, capacity: 16 * wide + 256) { buffer in
      guard let lines = buffer.baseAddress else { return }
      lines.update(repeating: 0, count: 16 * wide)
      let block = lines + 16 * wide
      for row in 0..<rows {
        for lane in 0..<4 * channels {
          let (phase, channel) = (lane / channels, lane % channels)
          let line = lines + lane * wide
          let y = top + 2 * row + phase / 2
          let first = left + phase % 2
          let from = min(max((1 - first) / 2, 0), columns)
          let to = min(max((width - first + 1) / 2, from), columns)
          if y < 0 || y >= height || from == to {
            line.update(repeating: 0, count: columns)
            continue
          }
          line.update(repeating: 0, count: from)
          (line + to).update(repeating: 0, count: columns - to)
          T.everySecond(
            values + ((image * allChannels + channel) * height + y) * width + first + 2 * from,
            count: to - from, to: line + from)
        }
        for column in stride(from: 0, to: columns, by: 16) {
          let target = band + (row * columns + column) * 16
          let count = min(16, columns - column)
          T.transpose(
            UnsafePointer(lines) + column, sign: nil, step: wide, to: count == 16 ? target : block,
            targetStep: 16)
          if count < 16 { target.update(from: block, count: count * 16) }
        }
      }
    }
  }

  /// Normalises pixels of a block if the images are read in this way.
  @inline(__always)
  private func normalize(
    _ block: Int, _ lanes: Int, _ pixels: UnsafeMutablePointer<T>, count: Int
  ) {
    guard case .normalized(let normalizer) = reading else { return }
    normalizer.normalize(block: block, lanes: lanes, pixels, count: count)
  }

  private var sign: UnsafePointer<T>? {
    if case .positive(let sign) = reading { sign } else { nil }
  }

  /// Whether some pixels do not belong to any square.
  private var leavesPixels: Bool {
    if case .unpooled(_, let size, let pooledHeight, let pooledWidth) = reading {
      return size * pooledHeight < height || size * pooledWidth < width
    }
    return false
  }

  private func unpool(
    _ image: Int, _ block: Int, _ places: UnsafePointer<UInt8>, _ size: Int, _ pooledHeight: Int,
    _ pooledWidth: Int, _ top: Int, _ left: Int, _ rows: Int, _ columns: Int,
    _ band: UnsafeMutablePointer<T>
  ) {
    let firstRow = max(top, 0) / size
    let lastRow = min((top + rows - 1) / size, pooledHeight - 1)
    if firstRow > lastRow { return }
    let area = pooledHeight * pooledWidth
    let first = (image * allChannels + block * 16) * area + firstRow * pooledWidth
    let places = places + ((image * blocks + block) * area + firstRow * pooledWidth) * 16
    ChannelLanes.read(
      values + first, sign: nil, step: area, lanes: min(channels - block * 16, 16),
      count: (lastRow - firstRow + 1) * pooledWidth
    ) { pixel, block, length in
      for i in 0..<length {
        let y = (firstRow + (pixel + i) / pooledWidth) * size - top
        let x = (pixel + i) % pooledWidth * size - left
        for q in 0..<size * size {
          let (row, column) = (y + q / size, x + q % size)
          if row < 0 || row >= rows || column < 0 || column >= columns { continue }
          T.unpool(
            block + i * 16, places: places + (pixel + i) * 16, place: q,
            band + (row * columns + column) * 16)
        }
      }
    }
  }
}

/// Converts between sixteen separate channels and interleaved ones.
enum ChannelLanes {
  /// Whether rows of `columns` pixels are read one by one, in groups of sixteen of which the last
  /// starts early. Otherwise consecutive rows are read together and separated from a copy.
  static func fillRows(_ columns: Int) -> Bool {
    columns >= 16 && (columns + 15) / 16 * 16 <= columns + columns / 8
  }

  /// Calls `body` with runs of pixels, `[length][16]`: the index of the first one, a pointer, and
  /// the length. Pixel i of channel c is at `values[c * step + i]`; lanes from `lanes` on are
  /// zeros.
  @inline(__always)
  static func read<T: Real>(
    _ values: UnsafePointer<T>, sign: UnsafePointer<T>?, step: Int, lanes: Int, count: Int,
    _ body: (Int, UnsafePointer<T>, Int) -> Void
  ) {
    runs(lanes: lanes, count: count) { (block: UnsafeMutablePointer<T>, pixel, length, isWhole) in
      if isWhole {
        T.transpose(
          values + pixel, sign: sign.map { $0 + pixel }, step: step, to: block, targetStep: 16)
      } else {
        for i in 0..<length {
          for lane in 0..<16 {
            let at = lane * step + pixel + i
            let isKept = lane < lanes && (sign.map { $0[at] > 0 } ?? true)
            block[i * 16 + lane] = isKept ? values[at] : 0
          }
        }
      }
      body(pixel, UnsafePointer(block), length)
    }
  }

  /// The inverse: `body` fills runs of pixels, `[length][16]`.
  @inline(__always)
  static func write<T: Real>(
    _ values: UnsafeMutablePointer<T>, step: Int, lanes: Int, count: Int,
    _ body: (Int, UnsafeMutablePointer<T>, Int) -> Void
  ) {
    runs(lanes: lanes, count: count) { (block: UnsafeMutablePointer<T>, pixel, length, isWhole) in
      body(pixel, block, length)
      if isWhole {
        T.transpose(
          UnsafePointer(block), sign: nil, step: 16, to: values + pixel, targetStep: step)
      } else {
        for lane in 0..<lanes {
          for i in 0..<length { values[lane * step + pixel + i] = block[i * 16 + lane] }
        }
      }
    }
  }

  /// Iterates over `count` pixels in runs of at most 16, with a buffer for one run. With 16 lanes
  /// and at least 16 pixels, every run is complete: the last one starts early, so that memory
  /// beyond the channel is not accessed.
  @inline(__always)
  private static func runs<T: Real>(
    lanes: Int, count: Int, _ body: (UnsafeMutablePointer<T>, Int, Int, Bool) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: T.self, capacity: 256) { buffer in
      guard let block = buffer.baseAddress else { return }
      let isWhole = lanes == 16 && count >= 16
      for start in stride(from: 0, to: count, by: 16) {
        let pixel = isWhole ? min(start, count - 16) : start
        body(block, pixel, min(16, count - pixel), isWhole)
      }
    }
  }
}
