import Host
import Images
import Tensors

final class GreyTransform: Transform {
  let name = "grey"
  let text: String
  let keepsPlaces = true
  var takesBatches: Bool { channels == 1 }
  private let channels: Int

  init(channels: Int = 1) {
    self.channels = channels
    text = callText(name, [channels == 1 ? nil : "channels: \(channels)"])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    let grey = try Colour.grey(sample.image)
    return sample.with(channels == 3 ? try Colour.rgb(grey) : grey)
  }

  func shape(after shape: [Int]?) -> [Int]? {
    guard let shape, shape.count == 3 else { return nil }
    return [channels] + shape.dropFirst()
  }
}

final class NormalizeTransform: Transform {
  let name = "normalize"
  let text: String
  let keepsPlaces = true
  let takesBatches = true
  private let mean: [Float]
  private let deviation: [Float]

  init(mean: [Double], deviation: [Double]) {
    self.mean = mean.map { Float($0) }
    self.deviation = deviation.map { Float($0) }
    func list(_ numbers: [Double]) -> String {
      numbers.count == 1
        ? "\(numbers[0])" : "[" + numbers.map { "\($0)" }.joined(separator: ", ") + "]"
    }
    text = callText(name, [list(mean), list(deviation)])
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(try Colour.normalize(sample.image, mean: mean, deviation: deviation))
  }

  func settled(for dataset: Dataset) throws -> Transform {
    for strand in dataset.splits.flatMap(\.view.strands) {
      guard let shape = strand.imageShape, shape.count == 3, shape[0] > 0 else { continue }
      try Colour.checkNormalize(channels: shape[0], mean: mean, deviation: deviation)
    }
    return self
  }
}

/// `normalize()` before it has met its data set.
final class OwnNormalizeTransform: Transform {
  let name = "normalize"
  let text = "normalize()"

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    throw Failure(
      "argument", "normalize: the mean of one image or batch says nothing about a training set",
      hint: "give numbers, normalize(mean, std), or the data set to measure, normalize(mean: A)")
  }

  func settled(for dataset: Dataset) throws -> Transform {
    let (mean, deviation) = try dataset.channelStatistics()
    return NormalizeTransform(mean: mean, deviation: deviation)
  }
}

extension Dataset {
  /// The mean and the standard deviation of each channel over all pixels of the training set (all
  /// records, where there are no splits), to six digits. Throws `random` where they would change from
  /// epoch to epoch, `no-data`, `image-shape`.
  public func channelStatistics() throws -> (mean: [Double], deviation: [Double]) {
    let view = self["train"] ?? splits[0].view
    guard view.isFixed else {
      throw Failure(
        "random",
        "normalize: the data set's images change from epoch to epoch, so they have no one mean",
        hint: "measure it before the random transforms: put normalize() first")
    }
    guard view.count > 0 else { throw Failure("no-data", "normalize: there are no records") }
    var sums: [ChannelSums] = []
    for low in stride(from: 0, to: view.count, by: 256) {
      try Interrupt.check()
      let samples = try view.samples(low..<min(view.count, low + 256))
      let parts = try parallelMap(samples.count) { i in
        let image = samples[i].image
        guard image.rank == 3, image.count > 0 else {
          throw Failure(
            "image-shape",
            "normalize: images are [c, h, w], record \(view.name(low + i)) is "
              + Tensor.describe(image.shape))
        }
        return try ChannelSums.of(image)
      }
      for (offset, part) in parts.enumerated() {
        if sums.isEmpty { sums = part.map { _ in ChannelSums() } }
        guard part.count == sums.count else {
          throw Failure(
            "image-shape",
            "normalize: record \(view.name(0)) has \(sums.count) channels, "
              + "record \(view.name(low + offset)) has \(part.count)")
        }
        for c in part.indices { sums[c].add(part[c]) }
      }
    }
    let (mean, deviation) = (sums.map(\.mean), sums.map(\.deviation))
    guard deviation.allSatisfy({ $0 > 1e-9 }) else {
      throw Failure("no-data", "normalize: a channel is the same everywhere, so it has no scale")
    }
    return (mean.map(sixDigits), deviation.map(sixDigits))
  }
}

private func sixDigits(_ x: Double) -> Double { (x * 1e6).rounded() / 1e6 }
