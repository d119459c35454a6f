import Tensors

/// Where a pass puts its results: images `[n, channels, height, width]`, finished as they are written.
struct BandSink<T: Real> {
  /// What is done to a result before it is written.
  enum Finish {
    case nothing
    case relu
    /// relu, then the greatest of each square; `places`, where given, gets which of its pixels that
    /// is, row by row, `[n][channels / 16][height][width][16]`, or `Convolution.nowhere`.
    case reluPool(size: Int, places: UnsafeMutablePointer<UInt8>?)
  }

  let values: UnsafeMutablePointer<T>
  let channels: Int
  /// Rows and columns of a channel, before pooling.
  let height: Int
  let width: Int
  var bias: UnsafePointer<T>?
  var finish: Finish = .nothing

  var blocks: Int { Blocked.blocks(channels) }

  /// Takes `rows` x `columns` pixels of a block of channels, `[rows][columns][16]`, of which the first
  /// one is at (`top`, `left`); what lies outside the image is dropped. Changes `band`.
  func write(
    image: Int, block: Int, top: Int, left: Int, rows: Int, columns: Int,
    from band: UnsafeMutablePointer<T>
  ) {
    let low = max(top, 0)
    let high = min(top + rows, height)
    if low >= high { return }
    let lanes = min(channels - block * 16, 16)
    let bias = biasRow(block, lanes)
    if case .reluPool(let size, let places) = finish {
      pool(image, block, top, left, high, columns, bias, size, places, band)
      return
    }
    let cuts: Bool = if case .relu = finish { true } else { false }
    Lanes.write(
      values + (image * channels + block * 16) * height * width + low * width,
      step: height * width, lanes: lanes, count: (high - low) * width
    ) { pixel, block, length in
      var row = pixel / width
      var column = pixel - row * width
      for i in 0..<length {
        let inside = column >= left && column < left + columns
        var value = SIMD16<T>()
        if inside {
          value = row16(band + ((row + low - top) * columns + column - left) * 16) + bias
          if cuts { value = Lanes.positive(value) }
        }
        store16(value, block + i * 16)
        column += 1
        if column == width {
          column = 0
          row += 1
        }
      }
    }
  }

  private func biasRow(_ block: Int, _ lanes: Int) -> SIMD16<T> {
    var row = SIMD16<T>()
    if let bias { for lane in 0..<lanes { row[lane] = bias[block * 16 + lane] } }
    return row
  }

  /// Squares lie wholly within the band: bands begin and end at multiples of their size.
  private func pool(
    _ image: Int, _ block: Int, _ top: Int, _ left: Int, _ high: Int, _ columns: Int,
    _ bias: SIMD16<T>, _ size: Int, _ places: UnsafeMutablePointer<UInt8>?,
    _ band: UnsafeMutablePointer<T>
  ) {
    let (pooledHeight, pooledWidth) = (height / size, width / size)
    let first = top / size
    let last = min(high / size, pooledHeight)
    if first >= last { return }
    let area = pooledHeight * pooledWidth
    let places = places.map { $0 + ((image * blocks + block) * area + first * pooledWidth) * 16 }
    Lanes.write(
      values + (image * channels + block * 16) * area + first * pooledWidth, step: area,
      lanes: min(channels - block * 16, 16), count: (last - first) * pooledWidth
    ) { pixel, block, length in
      for i in 0..<length {
        let row = (pixel + i) / pooledWidth
        let column = pixel + i - row * pooledWidth
        let square = band + (row * size * columns + column * size) * 16
        var best = row16(square)
        var place = SIMD16<T>()
        for q in 1..<size * size {
          let value = row16(square + (q / size * columns + q % size) * 16)
          let isBetter = (value .> best) .| (value .!= value)
          best.replace(with: value, where: isBetter)
          if places != nil { place.replace(with: SIMD16(repeating: T(q)), where: isBetter) }
        }
        let sum = best + bias
        store16(Lanes.positive(sum), block + i * 16)
        if let places {
          place.replace(with: SIMD16(repeating: T(Convolution.nowhere)), where: .!(sum .> 0))
          let bytes = SIMD16<UInt8>(truncatingIfNeeded: SIMD16<Int32>(place))
          UnsafeMutableRawPointer(places + (pixel + i) * 16).storeBytes(
            of: bytes, as: SIMD16<UInt8>.self)
        }
      }
    }
  }
}

extension Lanes {
  /// max(0, x); NaN stays NaN.
  @inline(__always)
  static func positive<T: Real>(_ x: SIMD16<T>) -> SIMD16<T> {
    x.replacing(with: 0, where: x .< 0)
  }
}
