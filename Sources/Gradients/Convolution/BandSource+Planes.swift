import Tensors

extension BandSource {
  /// Writes bands of `channels`, one channel after the other, with zeros outside the image, divided
  /// into phases: `[channel][phase y][phase x][rows][width]`. Row `top + split.y * i + y` and column
  /// `left + split.x * j + x` are at (i, j) of phase (y, x), so that windows with a stride of `split`
  /// read adjacent elements.
  func readPlanes(
    image: Int, channels range: Range<Int>, top: Int, left: Int, rows: Int,
    split: (y: Int, x: Int), width wide: Int, into planes: UnsafeMutablePointer<T>
  ) {
    withUnsafeTemporaryAllocation(of: T.self, capacity: width) { buffer in
      guard let line = buffer.baseAddress else { return }
      for (i, channel) in range.enumerated() {
        if split == (1, 1), left == 0, wide == width, top >= 0,
          readRows(image, channel, top, rows, into: planes + i * rows * wide)
        {
          continue
        }
        for row in 0..<split.y * rows {
          let first = (i * split.y + row % split.y) * split.x * rows + row / split.y
          let y = top + row
          guard y >= 0, y < height else {
            for phase in 0..<split.x {
              (planes + (first + phase * rows) * wide).update(repeating: 0, count: wide)
            }
            continue
          }
          let pixels = self.line(image, channel, y, into: line)
          for phase in 0..<split.x {
            place(
              pixels, first: left + phase, step: split.x, count: wide,
              into: planes + (first + phase * rows) * wide)
          }
        }
      }
    }
  }

  /// Writes whole rows of a channel, which follow one another in the image too, with zeros below it;
  /// false if the way of reading needs each row by itself.
  private func readRows(
    _ image: Int, _ channel: Int, _ top: Int, _ rows: Int, into target: UnsafeMutablePointer<T>
  ) -> Bool {
    let count = max(min(rows, height - top), 0) * width
    let pixels = values + ((image * allChannels + channel) * height + top) * width
    switch reading {
    case .plain: target.update(from: pixels, count: count)
    case .normalized(let normalizer):
      T.normalize(pixels, normalizer.channel(channel), count: count, target)
    case .positive, .unpooled: return false
    }
    (target + count).update(repeating: 0, count: rows * width - count)
    return true
  }

  /// The same as `readPlanes` for one channel and a whole image, into a band whose elements outside the image are
  /// zeros already. `memory` has room for the elements of the channel.
  func readPlane(
    image: Int, channel: Int, top: Int, left: Int, rows: Int, split: (y: Int, x: Int),
    width wide: Int, _ memory: UnsafeMutablePointer<T>, into band: UnsafeMutablePointer<T>
  ) {
    var pixels = values + (image * allChannels + channel) * height * width
    var isWhole = true
    switch reading {
    case .plain: break
    case .normalized(let normalizer):
      T.normalize(pixels, normalizer.channel(channel), count: height * width, memory)
      pixels = UnsafePointer(memory)
    case .positive, .unpooled: isWhole = false
    }
    for y in max(top, 0)..<max(min(top + split.y * rows, height), top, 0) {
      let line = isWhole ? pixels + y * width : line(image, channel, y, into: memory)
      let (row, part) = ((y - top) / split.y, (y - top) % split.y)
      for phase in 0..<split.x {
        let target = band + ((part * split.x + phase) * rows + row) * wide
        let first = left + phase
        let low = min(first < 0 ? (split.x - 1 - first) / split.x : 0, wide)
        let count = max(min((width - first + split.x - 1) / split.x, wide) - low, 0)
        let from = line + first + split.x * low
        if split.x == 1 {
          T.copy(from, count: count, to: target + low)
        } else if split.x == 2 {
          T.everySecond(from, count: count, to: target + low)
        } else {
          for i in 0..<count { target[low + i] = from[i * split.x] }
        }
      }
    }
  }

  /// Copies every `step`th element of a row from column `first` on, with zeros outside the row.
  @inline(__always)
  private func place(
    _ pixels: UnsafePointer<T>, first: Int, step: Int, count: Int,
    into target: UnsafeMutablePointer<T>
  ) {
    let low = min(first < 0 ? (step - 1 - first) / step : 0, count)
    let high = max(min((width - first + step - 1) / step, count), low)
    for i in 0..<low { target[i] = 0 }
    let from = pixels + first
    if step == 1 {
      (target + low).update(from: from + low, count: high - low)
    } else if step == 2 {
      T.everySecond(from + 2 * low, count: high - low, to: target + low)
    } else {
      for i in low..<high { target[i] = from[i * step] }
    }
    for i in high..<count { target[i] = 0 }
  }

  /// A row of the image: a pointer into the image itself, or a copy in `buffer`.
  @inline(__always)
  private func line(_ image: Int, _ channel: Int, _ y: Int, into buffer: UnsafeMutablePointer<T>)
    -> UnsafePointer<T>
  {
    switch reading {
    case .plain: return values + ((image * allChannels + channel) * height + y) * width
    case .normalized(let normalizer):
      let first = ((image * allChannels + channel) * height + y) * width
      T.normalize(values + first, normalizer.channel(channel), count: width, buffer)
    case .positive(let sign):
      let first = ((image * allChannels + channel) * height + y) * width
      for x in 0..<width { buffer[x] = sign[first + x] > 0 ? values[first + x] : 0 }
    case .unpooled(let places, let size, let pooledHeight, let pooledWidth):
      buffer.update(repeating: 0, count: width)
      let row = y / size
      if row < pooledHeight {
        let first = row * pooledWidth
        let area = pooledHeight * pooledWidth
        let numbers = values + (image * allChannels + channel) * area + first
        let marks =
          places + ((image * blocks + channel / 16) * area + first) * 16 + channel % 16
        for x in 0..<pooledWidth {
          let place = Int(marks[x * 16]) - y % size * size
          if place >= 0, place < size { buffer[x * size + place] = numbers[x] }
        }
      }
    }
    return UnsafePointer(buffer)
  }
}
