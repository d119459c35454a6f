import Tensors

extension Convolution {
  /// Where gradients go; nil for those that nobody wants.
  struct Targets<T> {
    var x: UnsafeMutablePointer<T>?
    var weights: UnsafeMutablePointer<T>?
    var bias: UnsafeMutablePointer<T>?
  }

  /// What forward left: its output for relu, its places for pooling.
  struct Saved<T> {
    var output: UnsafePointer<T>?
    var places: UnsafePointer<UInt8>?
  }

  /// The gradients of a batch. `gradient` is that of the finished output; relu's is masked in place.
  /// Weight gradients are summed part by part, then over the parts in their order.
  func backward<T: Real>(
    _ x: UnsafePointer<T>, _ weights: UnsafePointer<T>, _ gradient: UnsafeMutablePointer<T>,
    saved: Saved<T>, into targets: Targets<T>
  ) throws {
    switch algorithm {
    case .winograd4:
      return try winogradBackward(
        FourByFour.self, x, weights, gradient, saved: saved, into: targets)
    case .winograd2:
      return try winogradBackward(
        TwoByTwo.self, x, weights, gradient, saved: saved, into: targets)
    case .direct, .patches: break
    }
    let parts = (geometry.images + imagesPerPart - 1) / imagesPerPart
    var sums = try Tensor(
      uninitialized: [targets.weights != nil ? parts : 0, outChannels * patchRows], T.dtype)
    var biases = try Tensor(
      uninitialized: [targets.bias != nil ? parts : 0, outChannels], T.dtype)
    try sums.write(T.self) { sums in
      try biases.write(T.self) { biases in
        backward(
          x, weights, gradient, saved, targets, parts,
          partSums: targets.weights != nil ? sums : nil,
          partBiases: targets.bias != nil ? biases : nil)
      }
    }
  }

  private func backward<T: Real>(
    _ x: UnsafePointer<T>, _ weights: UnsafePointer<T>, _ gradient: UnsafeMutablePointer<T>,
    _ saved: Saved<T>, _ targets: Targets<T>, _ parts: Int, partSums: UnsafeMutablePointer<T>?,
    partBiases: UnsafeMutablePointer<T>?
  ) {
    let weightCount = outChannels * patchRows
    let back = targets.x != nil ? transposed : nil
    let turnedWeights = back != nil ? turned(weights) : nil
    defer { turnedWeights?.deallocate() }
    parallel(geometry.images, grain: imagesPerPart) { images in
      let part = images.lowerBound / imagesPerPart
      let sums = partSums.map { $0 + part * weightCount }
      let biases = partBiases.map { $0 + part * outChannels }
      biases?.update(repeating: 0, count: outChannels)
      if geometry.outHeight == 0 { sums?.update(repeating: 0, count: weightCount) }
      let scratch: UnsafeMutablePointer<T>? =
        if case .reluPool = finish { .allocate(capacity: resultCount) } else { nil }
      defer { scratch?.deallocate() }
      for image in images {
        let given = gradient + image * outputCount
        undoFinish(
          given, output: saved.output.map { $0 + image * outputCount },
          places: saved.places.map { $0 + image * outputCount }, into: scratch)
        let result = scratch ?? given
        if let biases { addRows(result, to: biases) }
        if let sums {
          addWeightGradient(
            x + image * inputCount, result, to: sums, first: image == images.lowerBound)
        }
        if let target = targets.x.map({ $0 + image * inputCount }) {
          if let back, let turnedWeights {
            back.products(result, turnedWeights, into: target)
          } else {
            target.update(repeating: 0, count: inputCount)
            foldBack(weights, result, to: target)
          }
        }
      }
    }
    if let target = targets.weights, let partSums {
      addParts(partSums, parts, weightCount, into: target)
    }
    if let target = targets.bias, let partBiases {
      addParts(partBiases, parts, outChannels, into: target)
    }
  }

  /// From the gradient of the finished output to that of the plain one: into `scratch` for pooling,
  /// in place for relu.
  private func undoFinish<T: Real>(
    _ given: UnsafeMutablePointer<T>, output: UnsafePointer<T>?, places: UnsafePointer<UInt8>?,
    into scratch: UnsafeMutablePointer<T>?
  ) {
    switch finish {
    case .nothing: return
    case .relu:
      guard let output else { return }
      for i in 0..<outputCount { given[i] = output[i] > 0 ? given[i] : 0 }
    case .reluPool(let size):
      guard let places, let scratch else { return }
      let (height, width) = pooledSize
      let wide = geometry.outWidth
      scratch.update(repeating: 0, count: resultCount)
      var i = 0
      for channel in 0..<outChannels {
        let plane = scratch + channel * geometry.outArea
        for y in 0..<height {
          let top = plane + y * size * wide
          for x in 0..<width {
            let place = Int(places[i])
            if place != Int(Convolution.nowhere) {
              let down = size == 2 ? place >> 1 : place / size
              top[down * wide + x * size + place - down * size] = given[i]
            }
            i += 1
          }
        }
      }
    }
  }

  private func addRows<T: Real>(_ result: UnsafePointer<T>, to biases: UnsafeMutablePointer<T>) {
    for channel in 0..<outChannels {
      biases[channel] += sum(result + channel * geometry.outArea, geometry.outArea)
    }
  }

  /// Adds one image's gradient times its patches; the first image of a part initialises the sum.
  private func addWeightGradient<T: Real>(
    _ image: UnsafePointer<T>, _ result: UnsafePointer<T>, to sums: UnsafeMutablePointer<T>,
    first: Bool
  ) {
    let patches: UnsafeMutablePointer<T>? =
      algorithm == .patches
      ? .allocate(capacity: patchRows * bandRows * geometry.outWidth) : nil
    defer { patches?.deallocate() }
    for row in stride(from: 0, to: geometry.outHeight, by: bandRows) {
      let rows = row..<min(row + bandRows, geometry.outHeight)
      let columns = rows.count * geometry.outWidth
      let start = row * geometry.outWidth
      for group in 0..<groups {
        let input = image + group * groupChannels * geometry.area
        var operand = input + start
        if let patches {
          geometry.unfold(input, channels: groupChannels, rows: rows, into: patches)
          operand = UnsafePointer(patches)
        }
        BLAS.gemm(
          transB: true, groupOutChannels, patchRows, columns,
          result + group * groupOutChannels * geometry.outArea + start, lda: geometry.outArea,
          operand, ldb: patches == nil ? geometry.area : columns, beta: first && row == 0 ? 0 : 1,
          sums + group * groupOutChannels * patchRows, ldc: patchRows)
      }
    }
  }

  /// The gradient of one image where windows step by more than one: patches' gradients, added up.
  private func foldBack<T: Real>(
    _ weights: UnsafePointer<T>, _ result: UnsafePointer<T>, to target: UnsafeMutablePointer<T>
  ) {
    let patches = UnsafeMutablePointer<T>.allocate(
      capacity: patchRows * bandRows * geometry.outWidth)
    defer { patches.deallocate() }
    for row in stride(from: 0, to: geometry.outHeight, by: bandRows) {
      let rows = row..<min(row + bandRows, geometry.outHeight)
      let columns = rows.count * geometry.outWidth
      for group in 0..<groups {
        BLAS.gemm(
          transA: true, patchRows, columns, groupOutChannels,
          weights + group * groupOutChannels * patchRows, lda: patchRows,
          result + group * groupOutChannels * geometry.outArea + row * geometry.outWidth,
          ldb: geometry.outArea, patches, ldc: columns)
        geometry.fold(
          patches, channels: groupChannels, rows: rows,
          into: target + group * groupChannels * geometry.area)
      }
    }
  }

  private func addParts<T: Real>(
    _ partSums: UnsafePointer<T>, _ parts: Int, _ count: Int, into target: UnsafeMutablePointer<T>
  ) {
    parallel(count, grain: elementGrain) { range in
      for i in range { target[i] = 0 }
      for part in 0..<parts {
        let row = partSums + part * count
        for i in range { target[i] += row[i] }
      }
    }
  }
}

/// The sum of a run, in sixteen lanes, so that it is vectorised and always in one order.
@inline(__always)
func sum<T: Real>(_ run: UnsafePointer<T>, _ count: Int) -> T {
  var lanes = SIMD16<T>(repeating: 0)
  let bytes = UnsafeRawPointer(run)
  var i = 0
  while i + 16 <= count {
    lanes += bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.size, as: SIMD16<T>.self)
    i += 16
  }
  var total: T = 0
  for lane in 0..<16 { total += lanes[lane] }
  while i < count {
    total += run[i]
    i += 1
  }
  return total
}
