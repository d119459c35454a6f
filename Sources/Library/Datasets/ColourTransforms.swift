import Datasets
import Host
import Language
import Models
import Tensors

/// `grey`, `normalize`.
func colourTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "grey", library, "Makes images grey: 0.299 R + 0.587 G + 0.114 B.",
      [
        .optional(
          "channels", .whole, .number(1),
          "1, or 3 to repeat it, as networks that were trained on colour want it", namedOnly: true)
      ],
      examples: [
        Example("grey(ones(3, 4, 4)).shape", "[1, 4, 4]"),
        Example("grey(ones(1, 4, 4), channels: 3).shape", "[3, 4, 4]"),
      ]
    ) { call in
      let channels = try call.int("channels")
      guard channels == 1 || channels == 3 else { throw call.wrong("channels", "1 or 3") }
      return Transforms.grey(channels: channels)
    },
    transform(
      "normalize", library, "Takes a mean off each channel and divides by a standard deviation.",
      details: """
        Without numbers, `A |> normalize()`, it is by the mean and the standard deviation of each \
        channel over A's own training set, which is gone through once. `mean` may be another data \
        set, so that `B |> normalize(mean: A)` treats B as A was treated. A model's own average image \
        and scale are meant by `mean: g`; g itself does this to its input already.
        """,
      [
        .optional(
          "mean", .channelMeans, .nil,
          "one number, or one a channel; a data set to measure, or a model that has them"),
        .optional("std", .perChannel, .nil, "one number, or one a channel; nil is 1, or measured"),
      ],
      examples: [
        Example("normalize(ones(1, 1, 2), 0.5, 0.25)[0, 0, 1].item()", "2"),
        Example(
          "let A = from_tensors(tensor([0, 1, 0, 1]).reshape(4, 1, 1, 1), [0, 0, 1, 1])\nA |> normalize()",
          "dataset: 4 records, 2 classes, [1, 1, 1], normalize(0.5, 0.5)"),
      ]
    ) { call in
      var deviation: [Double]?
      if !call.isNil("std") {
        let given = try call.channels("std")
        // Above the least normal number of float32, a pixel's quotient is finite.
        let most = Double(Float.greatestFiniteMagnitude)
        guard given.allSatisfy({ Double(Float.leastNormalMagnitude) <= $0 && $0 <= most }) else {
          throw call.wrong("std", "above 0, from 1.2e-38 to 3.4e38 as float32 holds it")
        }
        deviation = given
      }
      if call.isNil("mean") {
        guard deviation == nil else { throw call.wrong("mean", "given where std is") }
        return Transforms.normalizeByOwn()
      }
      let found: (mean: [Double], deviation: [Double])
      if case .object(let object as DatasetObject) = call["mean"] {
        found = try object.dataset.channelStatistics()
      } else if ParameterType.model.accepts(call["mean"]) {
        found = try call.inputScale("mean")
      } else {
        found = (try call.channels("mean"), [1])
      }
      let divisors = deviation ?? found.deviation
      for (i, mean) in found.mean.enumerated() {
        let divisor = divisors[divisors.count == found.mean.count ? i : 0]
        guard Float((abs(mean) + 1) / min(1, divisor)).isFinite else {
          throw call.wrong(
            "mean", "small enough that float32 holds (x - mean) / std, 3.4e38 at most")
        }
      }
      return Transforms.normalize(mean: found.mean, deviation: divisors)
    },
  ]
}

extension ParameterType {
  /// A number for all channels or a list for each.
  fileprivate static let perChannel = ParameterType("number or list of numbers") {
    number.accepts($0) || list.accepts($0)
  }
  /// Where a mean of each channel can come from.
  fileprivate static let channelMeans = ParameterType(
    "number, list of numbers, dataset or model"
  ) {
    number.accepts($0) || list.accepts($0) || dataset.accepts($0) || model.accepts($0)
  }
}

extension Call {
  /// One number, or one for each channel.
  fileprivate func channels(_ name: String) throws -> [Double] {
    if case .number(let number) = self[name] { return [number] }
    let numbers = try self.numbers(name)
    if numbers.isEmpty || !numbers.allSatisfy(\.isFinite) {
      throw wrong(name, "a number, or one a channel")
    }
    return numbers
  }

  /// What a pretrained model does to its input, x · scale - mean, as a mean and a deviation.
  fileprivate func inputScale(_ name: String) throws -> (mean: [Double], deviation: [Double]) {
    for layer in try layer(name).descendants where layer is InputScale {
      guard case .object(let fields)? = layer.architecture,
        case .number(let scale)? = fields.first(where: { $0.0 == "scale" })?.1, scale != 0,
        let mean = layer.ownBuffers.first?.buffer.value
      else { continue }
      return (mean.array(Float.self).map { Double($0) / scale }, [1 / scale])
    }
    throw Failure(
      "argument", "normalize: the model has no average image of its own",
      hint: "give numbers, or a data set to measure: normalize(mean: A)",
      argument: index(of: name))
  }
}
