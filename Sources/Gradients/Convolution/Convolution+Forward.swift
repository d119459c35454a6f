import Tensors

extension Convolution {
  /// The convolution of a batch. `places`, where given, gets for each pooled pixel which of its
  /// square's pixels it is, row by row, or `nowhere` where relu cut it off.
  func forward<T: Real>(
    _ x: UnsafePointer<T>, _ weights: UnsafePointer<T>, bias: UnsafePointer<T>?,
    into y: UnsafeMutablePointer<T>, places: UnsafeMutablePointer<UInt8>?
  ) throws {
    switch algorithm {
    case .winograd4:
      try winogradForward(FourByFour.self, x, weights, bias: bias, into: y, places: places)
    case .winograd2:
      try winogradForward(TwoByTwo.self, x, weights, bias: bias, into: y, places: places)
    case .direct, .patches: patchForward(x, weights, bias: bias, into: y, places: places)
    }
  }

  private func patchForward<T: Real>(
    _ x: UnsafePointer<T>, _ weights: UnsafePointer<T>, bias: UnsafePointer<T>?,
    into y: UnsafeMutablePointer<T>, places: UnsafeMutablePointer<UInt8>?
  ) {
    parallel(geometry.images, grain: imagesPerPart) { images in
      let scratch: UnsafeMutablePointer<T>? =
        if case .reluPool = finish { .allocate(capacity: resultCount) } else { nil }
      defer { scratch?.deallocate() }
      for image in images {
        let output = y + image * outputCount
        products(x + image * inputCount, weights, into: scratch ?? output)
        complete(
          scratch ?? output, bias: bias, into: output,
          places: places.map { $0 + image * outputCount })
      }
    }
  }

  /// One image's products, without bias. Bands of one image go to the pool when images don't.
  func products<T: Real>(
    _ image: UnsafePointer<T>, _ weights: UnsafePointer<T>, into result: UnsafeMutablePointer<T>
  ) {
    parallel(geometry.outHeight, grain: bandRows) { rows in
      let columns = rows.count * geometry.outWidth
      let first = rows.lowerBound * geometry.outWidth
      let patches: UnsafeMutablePointer<T>? =
        algorithm == .patches ? .allocate(capacity: patchRows * columns) : nil
      defer { patches?.deallocate() }
      for group in 0..<groups {
        let input = image + group * groupChannels * geometry.area
        var operand = input + first
        if let patches {
          geometry.unfold(input, channels: groupChannels, rows: rows, into: patches)
          operand = UnsafePointer(patches)
        }
        BLAS.gemm(
          groupOutChannels, columns, patchRows,
          weights + group * groupOutChannels * patchRows, lda: patchRows,
          operand, ldb: patches == nil ? geometry.area : columns,
          result + group * groupOutChannels * geometry.outArea + first, ldc: geometry.outArea)
      }
    }
  }

  /// Bias, relu and pooling of one image's result.
  private func complete<T: Real>(
    _ result: UnsafeMutablePointer<T>, bias: UnsafePointer<T>?,
    into output: UnsafeMutablePointer<T>, places: UnsafeMutablePointer<UInt8>?
  ) {
    if case .nothing = finish, bias == nil { return }
    let area = geometry.outArea
    for channel in 0..<outChannels {
      let row = result + channel * area
      let b = bias?[channel] ?? 0
      switch finish {
      case .nothing:
        for i in 0..<area { row[i] += b }
      case .relu:
        for i in 0..<area {
          let v = row[i] + b
          row[i] = v < 0 ? 0 : v
        }
      case .reluPool(let size):
        let pooled = pooledSize.height * pooledSize.width
        pool(
          row, bias: b, size: size, into: output + channel * pooled,
          places: places.map { $0 + channel * pooled })
      }
    }
  }

  /// relu and maximum of squares of one channel; NaN wins, as it should be seen.
  private func pool<T: Real>(
    _ plane: UnsafePointer<T>, bias: T, size: Int, into output: UnsafeMutablePointer<T>,
    places: UnsafeMutablePointer<UInt8>?
  ) {
    let (height, width) = pooledSize
    for y in 0..<height {
      let top = plane + y * size * geometry.outWidth
      let out = output + y * width
      let place = places.map { $0 + y * width }
      if size == 2 {
        poolPairs(top, top + geometry.outWidth, bias: bias, count: width, into: out, places: place)
        continue
      }
      for x in 0..<width {
        var best = top[x * size]
        var position = 0
        for i in 1..<size * size {
          let v = top[i / size * geometry.outWidth + x * size + i % size]
          if v > best || v.isNaN {
            best = v
            position = i
          }
        }
        let sum = best + bias
        out[x] = sum < 0 ? 0 : sum
        place?[x] = sum > 0 ? UInt8(position) : Convolution.nowhere
      }
    }
  }

  /// A row of squares of 2 x 2, by selection and arithmetic alone: which pixel is the greatest is
  /// anybody's guess, and a processor that guesses wrong at a branch pays more than all the rest costs.
  @inline(__always)
  private func poolPairs<T: Real>(
    _ top: UnsafePointer<T>, _ below: UnsafePointer<T>, bias: T, count: Int,
    into output: UnsafeMutablePointer<T>, places: UnsafeMutablePointer<UInt8>?
  ) {
    for x in 0..<count {
      let (a, b, c, d) = (top[2 &* x], top[2 &* x &+ 1], below[2 &* x], below[2 &* x &+ 1])
      let sum = greater(greater(a, b), greater(c, d)) + bias
      let noNumbers = flag(a != a) | flag(b != b) | flag(c != c) | flag(d != d)
      output[x] = noNumbers != 0 ? T.nan : (sum < 0 ? 0 : sum)
    }
    guard let places else { return }
    for x in 0..<count {
      let (a, b, c, d) = (top[2 &* x], top[2 &* x &+ 1], below[2 &* x], below[2 &* x &+ 1])
      let best = greater(greater(a, b), greater(c, d))
      // The first that equals the greatest: a step on for each one passed by.
      let place = flag(a != best) &* (1 &+ flag(b != best) &* (1 &+ flag(c != best)))
      places[x] = place | (flag(best + bias > 0) &- 1)
    }
  }

  @inline(__always)
  private func greater<T: Real>(_ x: T, _ y: T) -> T { x > y ? x : y }
  @inline(__always)
  private func flag(_ condition: Bool) -> UInt8 { condition ? 1 : 0 }

  /// The place of a pooled pixel that relu cut off.
  static let nowhere: UInt8 = 255

  /// How many places there are: Winograd's stand in blocks of channels.
  var placeCount: Int {
    let channels = algorithm == .patches ? outChannels : Blocked.blocks(outChannels) * 16
    return geometry.images * channels * pooledSize.height * pooledSize.width
  }
}
