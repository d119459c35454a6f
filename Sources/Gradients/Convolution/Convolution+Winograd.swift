import Tensors

extension Convolution {
  /// `forward` by Winograd's minimal filtering.
  func winogradForward<W: Tiling, T: Real>(
    _: W.Type, _ x: UnsafePointer<T>, _ weights: UnsafePointer<T>, bias: UnsafePointer<T>?,
    into y: UnsafeMutablePointer<T>, places: UnsafeMutablePointer<UInt8>?
  ) throws {
    try Winograd<W, T>(geometry, outChannels: outChannels).forward(
      source(x), weights: weights,
      sink: BandSink(
        values: y, channels: outChannels, height: geometry.outHeight, width: geometry.outWidth,
        bias: bias, finish: sinkFinish(places)))
  }

  /// `backward` by Winograd's minimal filtering.
  func winogradBackward<W: Tiling, T: Real>(
    _: W.Type, _ x: UnsafePointer<T>, _ weights: UnsafePointer<T>,
    _ gradient: UnsafePointer<T>, saved: Saved<T>, into targets: Targets<T>
  ) throws {
    let winograd = Winograd<W, T>(geometry, outChannels: outChannels)
    let gradient = BandSource(
      gradient, channels: outChannels, height: geometry.outHeight, width: geometry.outWidth,
      reading: reading(saved))
    if targets.weights != nil || targets.bias != nil {
      try winograd.weightGradient(
        source(x), gradient, into: targets.weights, bias: targets.bias)
    }
    if let target = targets.x {
      try winograd.inputGradient(
        gradient, weights: weights,
        sink: BandSink(
          values: target, channels: geometry.channels, height: geometry.height,
          width: geometry.width))
    }
  }

  private func source<T: Real>(_ x: UnsafePointer<T>) -> BandSource<T> {
    BandSource(x, channels: geometry.channels, height: geometry.height, width: geometry.width)
  }

  private func sinkFinish<T: Real>(_ places: UnsafeMutablePointer<UInt8>?) -> BandSink<T>.Finish {
    switch finish {
    case .nothing: .nothing
    case .relu: .relu
    case .reluPool(let size): .reluPool(size: size, places: places)
    }
  }

  private func reading<T: Real>(_ saved: Saved<T>) -> BandSource<T>.Reading {
    switch finish {
    case .nothing: break
    case .relu: if let output = saved.output { return .positive(sign: output) }
    case .reluPool(let size):
      if let places = saved.places {
        return .unpooled(
          places: places, size: size, height: pooledSize.height, width: pooledSize.width)
      }
    }
    return .plain
  }
}
