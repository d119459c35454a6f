import Host
import Tensors

/// `(x - mean) / deviation`, with one number for all pixels, one for each channel, or an average
/// image.
public struct Normalization: Equatable, Sendable {
  /// One number, one for each channel, or one for each number of an image of `imageShape`.
  public let mean: [Double]
  /// One number, or one for each channel.
  public let deviation: [Double]
  /// The shape [c, h, w] of the average image, if `mean` is one.
  public let imageShape: [Int]?

  /// Makes a normalisation from the means of the channels.
  public init(mean: [Double], deviation: [Double]) {
    self.init(mean: mean, deviation: deviation, imageShape: nil)
  }

  private init(mean: [Double], deviation: [Double], imageShape: [Int]?) {
    self.mean = mean
    self.deviation = deviation
    self.imageShape = imageShape
  }

  /// Makes a normalisation from an average image [c, h, w]; bytes are scaled to 0..1.
  public init(average image: Tensor, deviation: [Double]) throws {
    self.init(
      mean: try Pixels.floats(image).array(Float.self).map { Double($0) }, deviation: deviation,
      imageShape: image.shape)
  }

  /// The number of channels that images must have; nil for any.
  private var channels: Int? {
    imageShape?[0] ?? [mean.count, deviation.count].first { $0 != 1 }
  }

  /// Why images of a shape [..., c, h, w] can't be normalised by this; nil if they can. -1 stands
  /// for any size.
  public func refusal(of shape: [Int]) -> Failure? {
    guard shape.count >= 3 else {
      return Failure(
        "image-shape", "normalize: images must be [c, h, w], got \(Tensor.describe(shape))")
    }
    if let imageShape {
      let size = Array(shape.suffix(3))
      if zip(imageShape, size).contains(where: { $0 != $1 && $1 != -1 }) {
        return Failure(
          "image-shape",
          "normalize: the average image is \(Tensor.describe(imageShape)), but the images are "
            + Tensor.describe(size),
          hint: "resize one of them, or use the mean of each channel: mean(average, axis: [1, 2])")
      }
    }
    let channels = shape[shape.count - 3]
    let numbers = (imageShape == nil ? [("mean", mean)] : []) + [("std", deviation)]
    for (name, numbers) in numbers
    where numbers.count != 1 && numbers.count != channels && channels != -1 {
      return Failure(
        "image-shape",
        "normalize: \(name) has \(numbers.count) numbers, but the images have \(channels) "
          + (channels == 1 ? "channel" : "channels"))
    }
    return nil
  }

  /// Normalises [..., c, h, w] and returns float32. Throws `image-shape`.
  public func apply(to image: Tensor) throws -> Tensor {
    try mapped(image, isUndone: false)
  }

  /// Undoes the normalisation of [..., c, h, w] and returns float32. Throws `image-shape`.
  public func undone(on image: Tensor) throws -> Tensor {
    try mapped(image, isUndone: true)
  }

  private func mapped(_ image: Tensor, isUndone: Bool) throws -> Tensor {
    if let refusal = refusal(of: image.shape) { throw refusal }
    let channels = image.shape[image.rank - 3]
    let count = image.shape[image.rank - 2] * image.shape[image.rank - 1]
    var result = try Pixels.floats(image)
    let planes = count == 0 ? 0 : result.count / count
    let (means, deviations) = (mean.map { Float($0) }, deviation.map { Float($0) })
    // SAFETY: each plane i is a separate range; `refusal` has compared the means with the images.
    try result.write(Float.self) { p in
      parallel(planes, grain: max(1, 65536 / max(1, count))) {
        for i in $0 {
          let c = i % channels
          let d = deviations[deviations.count == 1 ? 0 : c]
          let first = imageShape != nil ? c * count : means.count == 1 ? 0 : c
          let step = imageShape != nil ? 1 : 0
          let plane = p + i * count
          for j in 0..<count {
            let m = means[first + j * step]
            plane[j] = isUndone ? plane[j] * d + m : (plane[j] - m) / d
          }
        }
      }
    }
    return result
  }

  /// The composition of this normalisation and a later one; nil if they are not for the same
  /// images.
  public func then(_ next: Normalization) -> Normalization? {
    let shapes = [imageShape, next.imageShape].compactMap { $0 }
    let counts = Set([channels, next.channels].compactMap { $0 })
    guard counts.count <= 1, Set(shapes).count <= 1 else { return nil }
    let shape = shapes.first
    let channels = counts.first ?? 1
    func each(_ numbers: [Double], _ c: Int) -> Double { numbers[numbers.count == 1 ? 0 : c] }
    let deviations = (0..<max(deviation.count, next.deviation.count)).map {
      each(deviation, $0) * each(next.deviation, $0)
    }
    let size = shape.map { $0[1] * $0[2] } ?? 1
    // The first mean is subtracted, and then the second, multiplied by the first deviation.
    let means = (0..<channels * size).map { i -> Double in
      func mean(of normalization: Normalization) -> Double {
        normalization.imageShape == nil
          ? each(normalization.mean, i / size) : normalization.mean[i]
      }
      return mean(of: self) + each(deviation, i / size) * mean(of: next)
    }
    return Normalization(mean: means, deviation: deviations, imageShape: shape)
  }

  /// The normalisation with another deviation; nil keeps its own.
  public func with(deviation: [Double]?) -> Normalization {
    Normalization(mean: mean, deviation: deviation ?? self.deviation, imageShape: imageShape)
  }

  /// The normalisation with one mean for each channel instead of an average image.
  var averaged: Normalization {
    guard let imageShape else { return self }
    let size = max(1, imageShape[1] * imageShape[2])
    let means = (0..<imageShape[0]).map { c in
      mean[c * size..<(c + 1) * size].reduce(0, +) / Double(size)
    }
    return Normalization(mean: means, deviation: deviation)
  }

  /// Whether all channels have the same numbers, so that they may be mixed afterwards.
  public var isUniform: Bool { mean.count == 1 && deviation.count == 1 }
}
