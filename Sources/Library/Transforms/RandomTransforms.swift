import Datasets
import Language

private let augmentation = ["augmentation", "random transform"]

private let probability = Argument(
  "probability", .number(0...1), default: Transforms.probability.standard,
  "the probability of a flip", named: true)

private let size = Argument(
  "size", .size, "the side of the result, or [height, width]", unit: "pixels")
private let padding = Argument(
  "padding", .whole(0...4096), default: Transforms.padding.standard,
  "how many black pixels to add on each side first",
  unit: "pixels", named: true)
private let scale = Argument(
  "scale", .optional(.ends(1e-4...1)), "[low, high]: the crop's area as a fraction of the image's",
  named: true)
private let ratio = Argument(
  "ratio", .ends(0.01...100), default: Transforms.ratio.standard,
  "[low, high]: the crop's width over its height, if `scale` is given", named: true)

private func strength(_ option: TransformOption<Double>, _ most: Double, _ about: String)
  -> Argument<Double>
{
  Argument(option.name, .number(0...most), default: option.standard, about, named: true)
}
private let brightness = strength(
  Transforms.brightness, 100, "the most that the factor of brightness differs from 1")
private let contrast = strength(
  Transforms.contrast, 100, "the most that the factor of contrast differs from 1")
private let saturation = strength(
  Transforms.saturation, 100, "the most that the factor of saturation differs from 1")
private let hue = strength(
  Transforms.hue, 0.5, "the most that the hue turns, as a fraction of a whole turn")

private let erasedScale = Argument(
  "scale", .ends(1e-4...1), default: Transforms.erasedScale.standard,
  "[low, high]: the rectangle's area as a fraction of the image's", named: true)
private let erasedRatio = Argument(
  "ratio", .ends(0.01...100), default: Transforms.erasedRatio.standard,
  "[low, high]: the rectangle's height over its width", named: true)
private let erasedValue = Argument(
  "value", .erased, default: 0,
  "the number that replaces the pixels, or \"noise\": from N(0, 1) for each number", named: true)
private let erasing = Argument(
  "probability", .number(0...1), default: Transforms.probability.standard,
  "the probability that something is erased")

/// `random_flip`, `random_crop`, `jitter`, `erasing`.
func randomTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "random_flip", library, "Mirrors images left to right at random, differently in each epoch.",
      details: """
        Whether a record is mirrored depends on the seed, the record and the epoch: views of the same \
        records flip alike.
        """,
      searchTerms: augmentation + ["horizontal flip", "RandomHorizontalFlip", "mirror"],
      [probability],
      examples: [Example("random_flip(zeros(2, 3, 4, 4)).shape", "[2, 3, 4, 4]")]
    ) { call in Transforms.randomFlip(probability: try call[probability]) },
    transform(
      "random_crop", library, "Crops images at a random place, differently in each epoch.",
      details: """
        Without `scale` the crop has the requested size, and `padding` black pixels are added on \
        each side first. With `scale`, a fraction of the image's area and an aspect ratio are \
        drawn and the crop is resized, as in torchvision's RandomResizedCrop. Padding is 0, which \
        is black; after `normalize` that is the mean. The crop's place depends on the seed, the \
        record and the epoch. The box is cropped with the image, and becomes nil if nothing of it \
        is left.
        """,
      searchTerms: augmentation + ["RandomResizedCrop"], [size, padding, scale, ratio],
      examples: [
        Example(
          "shapes(3) |> random_crop(24)",
          "dataset: 3 records, 3 classes, [1, 24, 24], random_crop(24)"),
        Example("random_crop(zeros(2, 3, 9, 9), 8, scale: [0.2, 1]).shape", "[2, 3, 8, 8]"),
      ]
    ) { call in
      let (height, width) = try call[size]
      return Transforms.randomCrop(
        height: height, width: width, padding: try call[padding], scale: try call[scale],
        ratio: try call[ratio])
    },
    transform(
      "jitter", library,
      "Changes brightness, contrast, saturation and hue at random, differently in each epoch.",
      details: """
        The first three are multiplied by a number from 1 - x to 1 + x, and the hue is turned by \
        -x to x of a whole turn, in this order, as torchvision's functions of these names do. \
        Views of the same records change alike. Each step is clamped to 0..1, so pixels on another \
        scale are an error: `jitter` must come before `normalize`.
        """,
      searchTerms: augmentation + ["ColorJitter", "color jitter"],
      [brightness, contrast, saturation, hue],
      examples: [Example("jitter(ones(3, 4, 4), hue: 0.1).shape", "[3, 4, 4]")]
    ) { call in
      Transforms.jitter(
        brightness: try call[brightness], contrast: try call[contrast],
        saturation: try call[saturation], hue: try call[hue])
    },
    transform(
      "erasing", library,
      "Replaces a random rectangle of images by a number, differently in each epoch.",
      details: """
        Zhong and others, 2020; rectangles are drawn as in torchvision's RandomErasing. Boxes stay as \
        they are. "noise" is on the scale of images after `normalize`.
        """,
      searchTerms: augmentation + ["RandomErasing", "cutout", "random erasing", "occlusion"],
      [erasing, erasedScale, erasedRatio, erasedValue],
      examples: [
        Example(
          "erasing(ones(1, 10, 10), 1, scale: [0.2, 0.2], ratio: [0.8, 0.8]).sum()", "80"),
        Example("shapes(3) |> erasing()", "dataset: 3 records, 3 classes, [1, 32, 32], erasing()"),
      ]
    ) { call in
      Transforms.erasing(
        probability: try call[erasing], scale: try call[erasedScale],
        ratio: try call[erasedRatio], value: try call[erasedValue])
    },
  ]
}

extension ArgumentType where T == Double? {
  /// A number; nil for "noise".
  fileprivate static var erased: Self {
    .either(
      ArgumentType<Double>.number.map { .some($0) },
      ArgumentType<String>.choice(["noise"]).map { _ in .some(nil) }
    ).named("number or \"noise\"")
  }
}
