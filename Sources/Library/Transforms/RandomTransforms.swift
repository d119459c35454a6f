import Datasets
import Language

/// `random_flip`, `random_crop`, `jitter`.
func randomTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "random_flip", library, "Mirrors images left to right at random, anew each epoch.",
      details: """
        Whether a record is mirrored depends on the seed, the record and the epoch: views of the same \
        records flip alike.
        """,
      [
        .optional(
          "probability", .number, .number(Transforms.probability.standard), "how often, 0 to 1",
          namedOnly: true)
      ],
      examples: [Example("random_flip(zeros(2, 3, 4, 4)).shape", "[2, 3, 4, 4]")]
    ) { call in Transforms.randomFlip(probability: try call.number("probability", in: 0...1)) },
    transform(
      "random_crop", library, "Cuts a part out of images at random, anew each epoch.",
      details: """
        Without `scale` the part has the size that is wanted, after `padding` black pixels were added \
        on each side; with it, a share of the image's area and a shape are drawn, as torchvision's \
        RandomResizedCrop does it, and the part is resized. Padding is 0, black; after `normalize` that is the \
        mean. Where the part lies depends on the seed, \
        the record and the epoch. A box is cut along, and is nil where nothing of it is left.
        """,
      [
        .required("size", .size, "the side of the result in pixels, or [height, width]"),
        .optional(
          "padding", .whole, .number(Double(Transforms.padding.standard)),
          "black pixels added on each side", namedOnly: true),
        .optional(
          "scale", .list, .nil, "[low, high]: the part as a share of the image's area",
          namedOnly: true),
        .optional(
          "ratio", .list, .list(Transforms.ratio.standard),
          "[low, high]: the part's width over its height, with scale", namedOnly: true),
      ],
      examples: [
        Example(
          "shapes(3) |> random_crop(24)",
          "dataset: 3 records, 3 classes, [1, 24, 24], random_crop(24)"),
        Example("random_crop(zeros(2, 3, 9, 9), 8, scale: [0.2, 1]).shape", "[2, 3, 8, 8]"),
      ]
    ) { call in
      let (height, width) = try call.size("size")
      let padding = try call.int("padding", minimum: 0)
      guard padding <= 4096 else { throw call.wrong("padding", "0 to 4096") }
      return Transforms.randomCrop(
        height: height, width: width, padding: padding,
        scale: try call.range("scale", in: 1e-4...1),
        ratio: try call.range("ratio", in: 0.01...100) ?? Transforms.ratio.standard)
    },
    transform(
      "jitter", library,
      "Changes brightness, contrast, saturation and hue at random, anew each epoch.",
      details: """
        The first three are multiplied by a number from 1 - x to 1 + x, the hue is turned by -x to x of \
        a whole turn, in this order, as torchvision's functions of these names do it. Views of the same \
        records change alike. Each step is limited to 0..1, so that pixels on another scale are refused: it \
        comes before `normalize`.
        """,
      [
        .optional(
          "brightness", .number, .number(Transforms.brightness.standard), "0 or more",
          namedOnly: true),
        .optional(
          "contrast", .number, .number(Transforms.contrast.standard), "0 or more", namedOnly: true),
        .optional(
          "saturation", .number, .number(Transforms.saturation.standard), "0 or more",
          namedOnly: true),
        .optional(
          "hue", .number, .number(Transforms.hue.standard), "0 to 0.5", namedOnly: true),
      ],
      examples: [Example("jitter(ones(3, 4, 4), hue: 0.1).shape", "[3, 4, 4]")]
    ) { call in
      Transforms.jitter(
        brightness: try call.number("brightness", in: 0...100),
        contrast: try call.number("contrast", in: 0...100),
        saturation: try call.number("saturation", in: 0...100),
        hue: try call.number("hue", in: 0...0.5))
    },
  ]
}

extension Value {
  /// `[low, high]`.
  fileprivate static func list(_ range: ClosedRange<Double>) -> Value {
    .list(List([.number(range.lowerBound), .number(range.upperBound)]))
  }
}
