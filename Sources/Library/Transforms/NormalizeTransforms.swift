import Datasets
import Host
import Images
import Language
import Models
import Tensors

/// `normalize`.
func normalizeTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "normalize", library, "Takes a mean off each channel and divides by a standard deviation.",
      details: """
        Without numbers, `A |> normalize()`, it is by the mean and the standard deviation of each \
        channel over A's own training set, which is gone through once. `mean` may be another data \
        set, so that `B |> normalize(mean: A)` treats B as A was treated: where A is normalised already it is \
        what normalised A, and else what is measured. A tensor [c, h, w] is an average image, taken off \
        pixel by pixel. A model's own average image and scale are meant by `mean: g`; g itself does this to \
        its input already.

        With numbers, a data set or a model it is a layer too, `sequential([normalize(mean: A), ...])`: it has a gradient and \
        is saved with the model. Transforms that want 0..1 (`jitter`, `jpeg`, `edges`, `clutter`) come before it; pictures \
        of normalised records are drawn as they were before.
        """,
      [
        .optional(
          "mean", .channelMeans, .nil,
          "one number, or one a channel (a list, a tensor [c]); an average image [c, h, w]; a data set "
            + "to measure, or a model that has them"),
        .optional("std", .perChannel, .nil, "one number, or one a channel; nil is 1, or measured"),
      ],
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
      }
    ) { call in
      try call.normalization().map { Transforms.normalize($0) } ?? Transforms.normalizeByOwn()
    }
  ]
}

/// `normalize(...)` in a list of layers.
func normalizeLayer(_ call: Call) throws -> Layer {
  guard let normalization = try call.normalization() else {
    throw Failure(
      "argument", "normalize: a layer has no training set of its own to measure",
      hint: "name one, normalize(mean: A), or give numbers, normalize(mean, std)")
  }
  return try Normalize(
    mean: normalization.mean.map { Float($0) },
    deviation: normalization.deviation.map { Float($0) }, imageShape: normalization.imageShape)
}

extension ParameterType {
  /// A number for all channels or a list or tensor for each.
  fileprivate static let perChannel = ParameterType("number, list of numbers or tensor") {
    number.accepts($0) || list.accepts($0) || tensor.accepts($0)
  }
  /// Where a mean of each channel can come from.
  fileprivate static let channelMeans = ParameterType(
    "number, list of numbers, tensor, dataset or model"
  ) {
    perChannel.accepts($0) || dataset.accepts($0) || model.accepts($0)
  }
}

extension Call {
  /// What `mean` and `std` say; nil where neither is given.
  fileprivate func normalization() throws -> Normalization? {
    var deviation: [Double]?
    if !isNil("std") {
      let given = try channels("std")
      // Above the least normal number of float32, a pixel's quotient is finite.
      let most = Double(Float.greatestFiniteMagnitude)
      guard given.allSatisfy({ Double(Float.leastNormalMagnitude) <= $0 && $0 <= most }) else {
        throw wrong("std", "above 0, from 1.2e-38 to 3.4e38 as float32 holds it")
      }
      deviation = given
    }
    if isNil("mean") {
      guard deviation == nil else { throw wrong("mean", "given where std is") }
      return nil
    }
    let result = try mean("mean").with(deviation: deviation)
    let (means, divisors) = (result.mean, result.deviation)
    for (i, mean) in means.enumerated() {
      let channel = result.imageShape.map { i / max(1, $0[1] * $0[2]) } ?? i
      let divisor = divisors[channel < divisors.count ? channel : 0]
      guard Float((abs(mean) + 1) / min(1, divisor)).isFinite else {
        throw wrong("mean", "small enough that float32 holds (x - mean) / std, 3.4e38 at most")
      }
    }
    return result
  }

  /// A mean from wherever it comes, with the deviation that comes along.
  private func mean(_ name: String) throws -> Normalization {
    switch self[name] {
    case .object(let object as DatasetObject): return try object.dataset.normalization()
    case .object(let object as TensorObject):
      let tensor = object.tensor
      guard tensor.rank == 3, tensor.shape[1] * tensor.shape[2] > 1 else {
        return Normalization(mean: try channels(name), deviation: [1])
      }
      let average = try Normalization(average: tensor, deviation: [1])
      guard average.mean.allSatisfy(\.isFinite) else {
        throw wrong(name, "an average image of finite numbers")
      }
      return average
    default:
      return ParameterType.model.accepts(self[name])
        ? try inputScale(name) : Normalization(mean: try channels(name), deviation: [1])
    }
  }

  /// One number, or one for each channel: a list, a tensor [c], [c, 1] or [c, 1, 1].
  private func channels(_ name: String) throws -> [Double] {
    let numbers: [Double]
    switch self[name] {
    case .number(let number): return [number]
    case .object(let object as TensorObject):
      guard object.tensor.count == object.tensor.shape.first ?? 1 else {
        throw wrong(name, "[c], one number a channel, or for the mean an average image [c, h, w]")
      }
      numbers = object.tensor.doubles
    default: numbers = try self.numbers(name)
    }
    if numbers.isEmpty || !numbers.allSatisfy(\.isFinite) {
      throw wrong(name, "a number, or one a channel")
    }
    return numbers
  }

  /// What a model does to its input first: x · scale - mean of a pretrained one, or `normalize`.
  private func inputScale(_ name: String) throws -> Normalization {
    for layer in try layer(name).descendants {
      if let layer = layer as? Normalize, let values = layer.values {
        // The shortest decimals that are these floats, as they were written.
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
    throw Failure(
      "argument", "normalize: the model has no average image of its own",
      hint: "give numbers, or a data set to measure: normalize(mean: A)",
      argument: index(of: name))
  }
}
