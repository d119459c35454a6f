import Datasets
import Host
import Images
import Language
import Models
import Tensors

private let mean = Argument(
  "mean", .optional(.means),
  "one number, or one for each channel (a list, a tensor [c]); an average image [c, h, w]; a data "
    + "set to measure; or a model that has an average image")
private let deviation = Argument(
  "std",
  // If the divisor is at least the smallest normal number of float32, a pixel's quotient is finite.
  .optional(
    .perChannel.limited(", each above 0 (1.2e-38 to 3.4e38, as float32 holds it)") {
      $0.map { Float($0) }.allSatisfy { $0 >= .leastNormalMagnitude && $0.isFinite }
    }), "one number, or one for each channel; nil means 1, or measured")

/// `normalize`.
func normalizeTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "normalize", library,
      "Subtracts a mean from each channel and divides by a standard deviation.",
      details: """
        Without numbers, `A |> normalize()` uses the mean and the standard deviation of each \
        channel over A's own training set, which is read once to measure them. `mean` may be \
        another data set: `B |> normalize(mean: A)` uses the numbers that normalised A, or those \
        measured on A if A is not normalised. A tensor [c, h, w] is an average image, which is \
        subtracted pixel by pixel. `mean: g` uses the model's average image and scale, which g \
        itself already applies to its input.

        With numbers, a data set or a model it is also a layer, `sequential([normalize(mean: A), \
        ...])`: it has a gradient and is saved with the model. Transforms that need 0..1 \
        (`jitter`, `jpeg`, `edges`, `clutter`) must come before it. Pictures of normalised records \
        show the original colours.
        """,
      searchTerms: ["normalization", "standardize", "z-score", "whitening", "mean subtraction"],
      [mean, deviation],
      examples: [
        Example("normalize(ones(1, 1, 2), 0.5, 0.25)[0, 0, 1].item()", "2"),
        Example(
          "normalize(ones(3, 2, 2), tensor([0, 1, 2]))[:, 0, 0]", "tensor [3] float32\n[1, 0, -1]"),
        Example(
          "let A = from_tensors(tensor([0, 1, 0, 1]).reshape(4, 1, 1, 1), [0, 0, 1, 1])\nA |> normalize()",
          "dataset: 4 records, 2 classes, [1, 1, 1], normalize(0.5, 0.5)"),
        Example(
          "sequential([normalize(0.5, 0.25), flatten])(ones(1, 1, 1, 2))",
          "tensor [1, 2] float32\n[[2, 2]]"),
      ],
      gradient: { call, images in
        let batch = images.shape.count == 3 ? try images.reshape([1] + images.shape) : images
        return try normalizeLayer(call).call(batch).reshape(images.shape)
      }, layer: normalizeLayer
    ) { call in
      try call.normalization().map { Transforms.normalize($0) } ?? Transforms.normalizeByOwn()
    }
  ]
}

/// `normalize(...)` in a list of layers.
private func normalizeLayer(_ call: Call) throws -> Layer {
  guard let normalization = try call.normalization() else {
    throw Failure(
      "argument", "normalize: a layer has no training set of its own to measure",
      hint: "name one, normalize(mean: A), or give numbers, normalize(mean, std)")
  }
  return try Normalize(
    mean: normalization.mean.map { Float($0) },
    deviation: normalization.deviation.map { Float($0) }, imageShape: normalization.imageShape)
}

extension ArgumentType where T == [Double] {
  /// One number, or one for each channel: a list, a tensor [c], [c, 1] or [c, 1, 1].
  fileprivate static var perChannel: Self {
    Self("number, or a list or tensor [c] of one number for each channel") { value in
      let numbers: [Double]?
      switch value {
      case .number(let number): numbers = [number]
      case .object(let object as TensorObject):
        let tensor = object.tensor
        numbers = tensor.count == tensor.shape.first ?? 1 ? tensor.doubles : nil
      default: numbers = try ArgumentType.list(of: .number).read(value)
      }
      return numbers.flatMap { !$0.isEmpty && $0.allSatisfy(\.isFinite) ? $0 : nil }
    }
  }
}

/// The source of the means.
private enum Means {
  case given(Normalization)
  case dataset(Dataset)
  case model(Layer)
}

extension ArgumentType where T == Means {
  /// Numbers, an average image, or a data set or model that has them.
  fileprivate static var means: Self {
    let perChannel = ArgumentType<[Double]>.perChannel
    return Self(
      "number, list or tensor [c] of one number for each channel, average image [c, h, w], dataset or model"
    ) { value in
      switch value {
      case .object(let object as DatasetObject): return .dataset(object.dataset)
      case .object(let object as ModelObject): return .model(object.layer)
      case .object(let object as TensorObject)
      where object.tensor.rank == 3 && object.tensor.shape[1] * object.tensor.shape[2] > 1:
        let average = try Normalization(average: object.tensor, deviation: [1])
        return average.mean.allSatisfy(\.isFinite) ? .given(average) : nil
      default:
        return try perChannel.read(value).map {
          .given(Normalization(mean: $0, deviation: [1]))
        }
      }
    }
  }
}

extension Call {
  /// The normalisation that `mean` and `std` specify; nil if neither is given.
  fileprivate func normalization() throws -> Normalization? {
    let (means, divisors) = (try self[mean], try self[deviation])
    let found: Normalization
    switch means {
    case .given(let numbers): found = numbers
    case .dataset(let dataset): found = try dataset.normalization()
    case .model(let layer):
      guard let own = try layer.inputNormalization() else {
        throw fault(
          mean, "the model has no average image of its own",
          hint: "give numbers, or a data set to measure: normalize(mean: A)")
      }
      found = own
    case nil:
      if divisors != nil { throw wrong(mean, "given if std is") }
      return nil
    }
    let result = found.with(deviation: divisors)
    for (i, number) in result.mean.enumerated() {
      let channel = result.imageShape.map { i / max(1, $0[1] * $0[2]) } ?? i
      let divisors = result.deviation
      let divisor = divisors[channel < divisors.count ? channel : 0]
      guard Float((abs(number) + 1) / min(1, divisor)).isFinite else {
        throw wrong(mean, "small enough that float32 holds (x - mean) / std, 3.4e38 at most")
      }
    }
    return result
  }
}

extension Layer {
  /// The first operation of a model on its input, x · scale - mean of a pretrained one or
  /// `normalize`; nil if there is none.
  fileprivate func inputNormalization() throws -> Normalization? {
    for layer in descendants {
      if let layer = layer as? Normalize, let values = layer.values {
        // The shortest decimal numbers that give these floats, as they were written.
        func doubles(_ floats: [Float]) -> [Double] { floats.compactMap { Double("\($0)") } }
        guard let shape = values.imageShape else {
          return Normalization(mean: doubles(values.mean), deviation: doubles(values.deviation))
        }
        return try Normalization(
          average: Tensor(values.mean, shape: shape), deviation: doubles(values.deviation))
      }
      guard layer is InputScale, case .object(let fields)? = layer.architecture,
        case .number(let scale)? = fields.first(where: { $0.0 == "scale" })?.1, scale != 0,
        let mean = layer.ownBuffers.first?.buffer.value
      else { continue }
      return Normalization(
        mean: mean.array(Float.self).map { Double($0) / scale }, deviation: [1 / scale])
    }
    return nil
  }
}
