import Host
import Images
import Tensors

extension Transforms {
  /// `normalize(mean, std)`: subtracts a mean from each channel and divides by its standard
  /// deviation; one number each, or one for each channel.
  public static func normalize(mean: [Double], deviation: [Double]) -> Transform {
    normalize(Normalization(mean: mean, deviation: deviation))
  }
  /// The same, by the numbers of each channel or an average image.
  public static func normalize(_ normalization: Normalization) -> Transform {
    NormalizeTransform(normalization)
  }
  /// `normalize()`: by the mean and standard deviation measured over the training set of the data
  /// set that it is applied to.
  public static func normalizeByOwn() -> Transform { OwnNormalizeTransform() }
}

private struct NormalizeTransform: Transform {
  let name = "normalize"
  let text: String
  let key: String?
  let keepsPlaces = true
  let takesBatches = true
  let normalization: Normalization

  init(_ normalization: Normalization) {
    self.normalization = normalization
    func list(_ numbers: [Double]) -> String {
      numbers.count == 1
        ? "\(numbers[0])" : "[" + numbers.map { "\($0)" }.joined(separator: ", ") + "]"
    }
    let deviation = list(normalization.deviation)
    guard let shape = normalization.imageShape else {
      text = callText(name, [list(normalization.mean), deviation])
      key = text
      return
    }
    text = callText(name, ["average image \(Tensor.describe(shape))", deviation])
    var digest = Digest()
    for number in normalization.mean { digest.add(number.bitPattern) }
    key = "\(text) \(digest.text)"
  }

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    sample.with(try normalization.apply(to: sample.image))
  }

  func scale(after scale: PixelScale) -> PixelScale { scale.normalized(by: normalization) }

  func refusal(of form: ImageForm) -> Failure? {
    guard let shape = form.shape, shape.count >= 3, shape[0] != 0 else { return nil }
    return normalization.refusal(of: shape)
  }
}

/// `normalize()` before it is applied to a data set.
private struct OwnNormalizeTransform: Transform {
  let name = "normalize"
  let text = "normalize()"

  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample {
    throw Failure(
      "argument", "normalize: an image or a batch has no training set to measure",
      hint:
        "give numbers, normalize(x, mean, std), or a data set to measure, normalize(x, mean: A); a "
        + "tensor of means must be named, normalize(mean: m)")
  }

  func settled(for dataset: Dataset) throws -> Transform {
    NormalizeTransform(try dataset.channelStatistics())
  }
}

extension Dataset {
  /// The normalisation that `normalize(mean: A)` uses for this data set: the composition of its own
  /// normalisations, or the measured one if it has none. Throws `argument` if they are not the same
  /// for all records.
  public func normalization() throws -> Normalization {
    let view = self["train"] ?? splits[0].view
    let own = try view.strands.map { try $0.normalization() }
    guard let first = own.first else { return try channelStatistics() }
    guard own.allSatisfy({ $0 == first }) else {
      throw Failure(
        "argument", "normalize: the data set's records are not all normalised alike: it is a mix",
        hint: "name one of its parts: normalize(mean: A)")
    }
    return try first ?? channelStatistics()
  }
}

extension Strand {
  /// The composition of all `normalize` in the chain; nil if there is none. Throws `argument` if a
  /// step between them changes the scale.
  fileprivate func normalization() throws -> Normalization? {
    var found: Normalization?
    var between: Transform?
    for step in steps {
      guard let next = (step.transform as? NormalizeTransform)?.normalization else {
        if !step.transform.keepsScale { between = step.transform }
        continue
      }
      if let first = found {
        guard between == nil, let both = first.then(next) else {
          throw Failure(
            "argument",
            "normalize: the data set is normalised twice, with \(between?.text ?? "other sizes") in between, "
              + "so it has no single mean and standard deviation",
            hint: "apply the same transforms to the other data set, in the same order")
        }
        found = both
      } else {
        found = next
      }
      between = nil
    }
    return found
  }
}
