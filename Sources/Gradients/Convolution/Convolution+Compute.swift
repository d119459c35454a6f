import Tensors

extension Convolution {
  /// The convolution of a batch. If `places` is given, it receives for each pooled pixel the index
  /// of the maximum within its square (see `BandSink`). With `keeper`, the tensor of the weights, a
  /// form of them that takes long to compute beside so small a batch is kept for the next one.
  /// `normalizer` is that of `norms`.
  func forward<T: Real>(
    _ x: Images<T>, _ weights: UnsafePointer<T>, bias: UnsafePointer<T>?,
    normalizer: Normalizer<T>? = nil, into y: UnsafeMutablePointer<T>,
    places: UnsafeMutablePointer<UInt8>?, keeper: Tensor? = nil
  ) throws {
    if algorithm == .depthwise {
      return try Depthwise<T>(geometry).forward(
        source(x, 0), weights: weights,
        finishing: DepthwiseFinish(bias: bias, relu: fusion == .relu, normalizer: normalizer),
        into: y)
    }
    let isSmall = geometry.images <= 8 && geometry.images * geometry.outArea <= 1 << 12
    try run(.forward(x, weights, isSmall ? keeper : nil, bias, normalizer, y, places))
  }

  /// The gradients of a batch. `gradient` is the gradient of the finished output.
  func backward<T: Real>(
    _ x: Images<T>, _ weights: UnsafePointer<T>, _ gradient: UnsafePointer<T>,
    saved: Saved<T>, into targets: Targets<T>
  ) throws {
    if algorithm == .depthwise {
      return try Depthwise<T>(geometry).backward(
        source(x, 0), weights: weights, gradient: gradientSource(gradient, 0, saved), into: targets)
    }
    try run(.backward(x, weights, gradient, saved, targets))
  }

  /// The computation to perform, with the arguments of `forward` or `backward`.
  private enum Pass<T: Real> {
    case forward(
      Images<T>, UnsafePointer<T>, Tensor?, UnsafePointer<T>?, Normalizer<T>?,
      UnsafeMutablePointer<T>, UnsafeMutablePointer<UInt8>?)
    case backward(Images<T>, UnsafePointer<T>, UnsafePointer<T>, Saved<T>, Targets<T>)
  }

  /// Uses concrete types rather than an existential: the kernels must be specialised for them.
  private func run<T: Real>(_ pass: Pass<T>) throws {
    switch (algorithm, Phases.taps(geometry)) {
    case (.winograd5, 4): try run(pass, Winograd<SevenPoints, FourTaps, T>(part, groupOutChannels))
    case (.winograd5, _): try run(pass, Winograd<SevenPoints, ThreeTaps, T>(part, groupOutChannels))
    case (.winograd4, 2): try run(pass, Winograd<SixPoints, TwoTaps, T>(part, groupOutChannels))
    case (.winograd4, 4): try run(pass, Winograd<SixPoints, FourTaps, T>(part, groupOutChannels))
    case (.winograd4, _): try run(pass, Winograd<SixPoints, ThreeTaps, T>(part, groupOutChannels))
    case (.winograd2, 2): try run(pass, Winograd<FourPoints, TwoTaps, T>(part, groupOutChannels))
    case (.winograd2, _): try run(pass, Winograd<FourPoints, ThreeTaps, T>(part, groupOutChannels))
    default: try run(pass, Direct<T>(part, groupOutChannels))
    }
  }

  private func run<T: Real>(_ pass: Pass<T>, _ way: some ConvolutionWay<T>) throws {
    for group in 0..<groups {
      let first = group * groupOutChannels * windowCount
      switch pass {
      case .forward(let x, let weights, let keeper, let bias, let normalizer, let y, let places):
        let sink = sink(
          y, group, bias: bias.map { $0 + group * groupOutChannels },
          normalizer: normalizer?.from(group * groupOutChannels),
          places: places.map { $0 + group * groupPlaces })
        let own = ConvolutionWeights(values: weights + first, keeper: keeper.map { ($0, first) })
        try way.forward(source(x, group), weights: own, sink: sink)
      case .backward(let x, let weights, let gradient, let saved, let targets):
        let gradient = gradientSource(gradient, group, saved)
        let target = targets.weights.map { $0 + first }
        let bias = targets.bias.map { $0 + group * groupOutChannels }
        if target != nil || bias != nil {
          try way.weightGradient(source(x, group), gradient, into: target, bias: bias)
        }
        if let x = targets.x {
          try way.inputGradient(
            gradient, weights: .init(values: weights + first), sink: gradientSink(x, group))
        }
      }
    }
  }
}

/// An algorithm that computes one group of a convolution, forward and backward.
protocol ConvolutionWay<Number> {
  associatedtype Number: Real
  /// y = x * weights, finished by `sink`.
  func forward(
    _ source: BandSource<Number>, weights: ConvolutionWeights<Number>, sink: BandSink<Number>)
    throws
  /// The gradient of x.
  func inputGradient(
    _ source: BandSource<Number>, weights: ConvolutionWeights<Number>, sink: BandSink<Number>)
    throws
  /// The gradients of weights and bias, as far as they are requested.
  func weightGradient(
    _ x: BandSource<Number>, _ gradient: BandSource<Number>,
    into target: UnsafeMutablePointer<Number>?,
    bias: UnsafeMutablePointer<Number>?
  ) throws
}

extension Winograd: ConvolutionWay {}
extension Direct: ConvolutionWay {}

extension Convolution {
  /// The sizes of one group. For windows of one pixel, an image is divided into rows that
  /// fill the kernel's.
  private var part: WindowGeometry {
    var part = geometry
    part.channels /= groups
    return isFlat ? part.flattened : part
  }

  private var isFlat: Bool {
    if case .reluPool = fusion { return false }
    return geometry.isPointwise && algorithm != .depthwise
  }

  private var windowCount: Int {
    groupChannels * geometry.windowHeight * geometry.windowWidth
  }

  /// The number of pooling indices of a group.
  private var groupPlaces: Int {
    geometry.images * Blocked.blocks(groupOutChannels) * 16 * pooledSize.height * pooledSize.width
  }
  /// The total number of pooling indices; they are stored in blocks of channels.
  var placeCount: Int { groups * groupPlaces }

  private func source<T: Real>(_ x: Images<T>, _ group: Int) -> BandSource<T> {
    BandSource(
      x.values + group * groupChannels * geometry.area,
      channels: algorithm == .depthwise ? geometry.channels : groupChannels, of: geometry.channels,
      height: part.height, width: part.width,
      reading: x.normalizer.map { .normalized($0.from(group * groupChannels)) } ?? .plain)
  }

  private func gradientSink<T: Real>(_ x: UnsafeMutablePointer<T>, _ group: Int) -> BandSink<T> {
    BandSink(
      values: x + group * groupChannels * geometry.area, channels: groupChannels,
      allChannels: geometry.channels, height: part.height, width: part.width)
  }

  private func sink<T: Real>(
    _ y: UnsafeMutablePointer<T>, _ group: Int, bias: UnsafePointer<T>?,
    normalizer: Normalizer<T>?, places: UnsafeMutablePointer<UInt8>?
  ) -> BandSink<T> {
    let finish: BandSink<T>.Finish =
      switch fusion {
      case .none, .relu6: .nothing
      case .normalized: normalizer.map { .normalize($0) } ?? .nothing
      case .relu: .relu
      case .reluPool(let size): .reluPool(size: size, places: places)
      }
    return BandSink(
      values: y + group * groupOutChannels * pooledSize.height * pooledSize.width,
      channels: groupOutChannels, allChannels: outChannels, height: part.outHeight,
      width: part.outWidth, bias: bias, finish: finish)
  }

  private func gradientSource<T: Real>(
    _ gradient: UnsafePointer<T>, _ group: Int, _ saved: Saved<T>
  ) -> BandSource<T> {
    let first = group * groupOutChannels * pooledSize.height * pooledSize.width
    var reading = BandSource<T>.Reading.plain
    switch fusion {
    case .none, .relu6, .normalized: break
    case .relu: if let output = saved.output { reading = .positive(sign: output + first) }
    case .reluPool(let size):
      if let places = saved.places {
        reading = .unpooled(
          places: places + group * groupPlaces, size: size, height: pooledSize.height,
          width: pooledSize.width)
      }
    }
    return BandSource(
      gradient + first, channels: algorithm == .depthwise ? outChannels : groupOutChannels,
      of: outChannels, height: part.outHeight, width: part.outWidth, reading: reading)
  }
}
