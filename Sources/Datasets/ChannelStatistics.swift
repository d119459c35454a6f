import Host
import Images
import Tensors

extension Dataset {
  /// The mean and the standard deviation of each channel over all pixels of the training set (of
  /// all records if there are no splits), rounded to six digits. Throws `random` if they would
  /// change from epoch to epoch, `no-data`, `image-shape`.
  public func channelStatistics() throws -> Normalization {
    let view = self["train"] ?? splits[0].view
    guard view.isFixed else {
      throw Failure(
        "random",
        "normalize: the data set's images change from epoch to epoch, so their mean is not fixed",
        hint: "put normalize() before the random transforms")
    }
    guard view.count > 0 else { throw Failure("no-data", "normalize: the view has no records") }
    var sums: [ChannelSums] = []
    for low in stride(from: 0, to: view.count, by: 256) {
      try Interrupt.check()
      let samples = try view.samples(low..<min(view.count, low + 256))
      let parts = try parallelMap(samples.count) { i in
        let image = samples[i].image
        guard image.rank == 3, image.count > 0 else {
          throw Failure(
            "image-shape",
            "normalize: images must be [c, h, w], but record \(view.name(low + i)) is "
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
        guard part.allSatisfy({ $0.mean.isFinite }) else {
          throw Failure(
            "not-finite",
            "normalize: the images hold NaN or infinite numbers in record \(view.name(low + offset))",
            hint: "leave such records out with `filter`")
        }
        for c in part.indices { sums[c].add(part[c]) }
      }
    }
    let (mean, deviation) = (sums.map(\.mean), sums.map(\.deviation))
    guard deviation.allSatisfy({ $0 > 1e-9 }) else {
      throw Failure("no-data", "normalize: a channel is constant, so its standard deviation is 0")
    }
    return Normalization(mean: mean.map(sixDigits), deviation: deviation.map(sixDigits))
  }
}

private func sixDigits(_ x: Double) -> Double { (x * 1e6).rounded() / 1e6 }
