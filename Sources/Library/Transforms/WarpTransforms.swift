import Datasets
import Images
import Language

private let angles = Argument(
  "degrees", .angles,
  "the largest angle to either side, or [low, high]; counterclockwise angles are positive",
  unit: "degrees")
private let affineAngles = Argument(
  "degrees", .angles, default: 0,
  "the largest angle to either side, or [low, high]; counterclockwise angles are positive",
  unit: "degrees", named: true)
private let translation = Argument(
  "translate", .perAxis(1), default: 0,
  "the largest shift, as a fraction of the width and the height, or [x, y]", named: true)
private let scale = Argument(
  "scale", .ends(0.001...1000), default: Transforms.affineScale.standard,
  "[low, high]: the factor of the size", named: true)
private let shear = Argument(
  "shear", .shear, default: 0,
  "the largest angle of shearing along x, or [x, y]", unit: "degrees", named: true)
private let method = Argument(
  "method", .warpMethod, default: Transforms.warpMethod.standard.rawValue,
  "how pixels are interpolated", named: true)

/// `rotation`, `affine`.
func warpTransforms(_ library: Library) -> [Builtin] {
  let augmentation = ["augmentation", "random transform", "geometric"]
  return [
    transform(
      "rotation", library,
      "Turns images by a random angle about their centre, differently in each epoch.",
      details: """
        The size stays, and corners that were outside are 0, which is black; after `normalize` that is the \
        mean. The angle depends on the seed, the record and the epoch. The box becomes the bounds of \
        the turned box, cropped to the image, and nil if nothing of it is left.
        """,
      searchTerms: augmentation + ["RandomRotation", "rotate"], [angles, method],
      examples: [
        Example(
          "rotation(arange(4).reshape(1, 2, 2), [90, 90])",
          "tensor [1, 2, 2] float32\n[[[1, 3],\n  [0, 2]]]"),
        Example(
          "shapes(3) |> rotation(15)", "dataset: 3 records, 3 classes, [1, 32, 32], rotation(15)"),
      ]
    ) { call in Transforms.rotation(degrees: try call[angles], method: try call[method]) },
    transform(
      "affine", library,
      "Turns, moves, scales and shears images at random, differently in each epoch.",
      details: """
        The four are composed as in torchvision's RandomAffine: images are sheared, scaled and turned \
        about their centre and then moved by whole pixels. What is not given does not change. Borders and \
        boxes are treated as by `rotation`.
        """,
      searchTerms: augmentation + ["RandomAffine", "translate", "zoom", "shear"],
      [affineAngles, translation, scale, shear, method],
      examples: [
        Example(
          "shapes(3) |> affine(degrees: 10, translate: 0.1, scale: [0.8, 1.2])",
          "dataset: 3 records, 3 classes, [1, 32, 32], affine(degrees: 10, translate: 0.1, scale: [0.8, 1.2])"
        ),
        Example("all(affine(ones(1, 4, 4)) == 1)", "true"),
      ]
    ) { call in
      Transforms.affine(
        degrees: try call[affineAngles], translation: try call[translation],
        scale: try call[scale], shear: try call[shear], method: try call[method])
    },
  ]
}

extension ArgumentType where T == ClosedRange<Double> {
  /// The largest angle to either side, or the ends of a range.
  fileprivate static var angles: Self {
    let limits = ArgumentType<Double>.number(-360...360)
    return .either(
      ArgumentType<Double>.number(0...360).map { -$0...$0 },
      ArgumentType<[Double]>.list(of: limits).limited("") { $0.count == 2 && $0[0] <= $0[1] }
        .map { $0[0]...$0[1] }
    ).named("number or [low, high]", limits: ", from 0 to 360, or from -360 to 360")
  }
}

extension ArgumentType where T == ResizeMethod {
  /// The interpolations of images that are turned.
  fileprivate static var warpMethod: Self {
    ArgumentType<String>.choice(["bilinear", "nearest"]).map { ResizeMethod(rawValue: $0) }
  }
}

extension ArgumentType where T == [Double] {
  /// A number for both axes, or [x, y], from 0 to a limit.
  fileprivate static func perAxis(_ most: Double) -> Self {
    .oneOrMore(.number(0...most)).limited("") { (1...2).contains($0.count) }
      .named("number or [x, y]", limits: " from 0 to \(Int(most))")
      .map { [$0[0], $0[$0.count - 1]] }
  }

  /// An angle of shearing along x, or [x, y].
  fileprivate static var shear: Self {
    .oneOrMore(.number(0...89)).limited("") { (1...2).contains($0.count) }
      .named("number or [x, y]", limits: " from 0 to 89")
      .map { [$0[0], $0.count == 1 ? 0 : $0[1]] }
  }
}
