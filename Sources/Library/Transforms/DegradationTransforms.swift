import Datasets
import Host
import Language
import Tensors

private let grid = Argument(
  "grid", .whole(2...32), default: Transforms.grid.standard, "control points along each axis",
  named: true)
private let shift = Argument(
  "sigma", .optional(.number(0...10_000)),
  "the standard deviation of the shifts; nil means 4 · shorter side / 224", unit: "pixels",
  named: true
)
private let sigma = Argument(
  "sigma", .number(above: 0, through: 1000),
  "the Gaussian's standard deviation", unit: "pixels")
private let amount = Argument(
  "amount", .number(0...100),
  "the standard deviation (images are 0..1), or the fraction of pixels")
private let kind = Argument(
  "kind", .choice(["gaussian", "salt_and_pepper"]), default: "gaussian", "the kind of noise",
  named: true)
private let quality = Argument(
  "quality", .whole(1...100), "the quality, as in Pillow and libjpeg")

private let backgrounds = Argument(
  "backgrounds", .value(.string | .dataset | .tensor),
  "the photographs: a folder with image files at any depth, a data set, or a tensor [n, c, h, w]",
  named: true)
private let size = Argument(
  "size", .size, "the side of the result, or [height, width]", unit: "pixels", named: true)
private let scale = Argument(
  "scale", .optional(.ends(0.001...1)),
  "[low, high]: the object's longer side as a fraction of the result's shorter side; nil keeps its size",
  named: true)
private let margin = Argument(
  "margin", .number(0...1000), default: Transforms.margin.standard,
  "how much around the box is pasted too, on each side, as a fraction of its width and height",
  named: true)

/// `distort`, `clutter`, `blur`, `noise`, `jpeg`.
func degradationTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "distort", library, "Warps images with a thin plate spline through randomly moved points.",
      details: """
        Each of grid × grid control points is moved by a normally distributed number of pixels, in \
        x and in y; the smoothest map through them (Bookstein, 1989) moves all other pixels, and \
        the box with them. The default of sigma matches Cross Quality Distillation, which uses 4 \
        pixels on images of 224 pixels, at any size: it is 4 pixels times the shorter side / 224, \
        printed as a number once the size is known. (The paper says a variance of 4 pixels; its \
        code draws with a standard deviation of 4, as this does.) A record is always distorted in \
        the same way: the draw depends on the seed, the record and the number of distortions \
        before this one; in a batch that does not come from a data set, on the position.
        """,
      searchTerms: ["elastic", "deformation", "TPS"], [grid, shift, transformSeed],
      examples: [
        Example(
          "shapes(3) |> distort()",
          "dataset: 3 records, 3 classes, [1, 32, 32], distort(sigma: 0.571429)"),
        Example("let x = uniform(1, 32, 32)\nall(distort(x) == distort(x))", "true"),
      ]
    ) { call in
      Transforms.distort(
        grid: try call[grid], sigma: try call[shift], seed: try call[transformSeed])
    },
    clutter(library),
    transform(
      "blur", library, "Blurs images with a Gaussian filter.",
      searchTerms: ["GaussianBlur", "smooth"], [sigma],
      examples: [Example("blur(ones(1, 5, 5), 1.5).mean()", "1")]
    ) { call in Transforms.blur(sigma: try call[sigma]) },
    transform(
      "noise", library, "Adds noise to images, always the same noise to the same record.",
      details: """
        "gaussian" adds normally distributed noise to each number of the image and clamps the sum \
        to 0..1, unless the image is on another scale (0..255, or after `normalize`). \
        "salt_and_pepper" makes a fraction of the pixels black or white, 0 or 1.
        """,
      searchTerms: ["Gaussian noise", "imnoise"], [amount, kind, transformSeed],
      examples: [
        Example("shapes(3) |> noise(0.1)", "dataset: 3 records, 3 classes, [1, 32, 32], noise(0.1)")
      ]
    ) { call in
      let (size, isSaltAndPepper) = (try call[amount], try call[kind] == "salt_and_pepper")
      guard size <= 1 || !isSaltAndPepper else {
        throw call.wrong(amount, "a number from 0 to 1, the fraction of pixels")
      }
      return Transforms.noise(
        amount: size, isSaltAndPepper: isSaltAndPepper, seed: try call[transformSeed])
    },
    transform(
      "jpeg", library, "Compresses images as JPEG and decompresses them again.",
      details: """
        A float image gives floats in 0..1, an image of bytes gives bytes. It is an error if an \
        image contains NaN or is on another scale than 0..1.
        """,
      searchTerms: ["compression", "artifacts"], [quality],
      examples: [
        Example("jpeg(ones(3, 16, 16), 10).shape", "[3, 16, 16]"),
        Example(
          "shapes(3) |> jpeg(quality: 10)", "dataset: 3 records, 3 classes, [1, 32, 32], jpeg(10)"),
      ]
    ) { call in Transforms.jpeg(quality: try call[quality]) },
  ]
}

private func clutter(_ library: Library) -> Builtin {
  transform(
    "clutter", library, "Pastes each image's object into a larger photograph, at a known box.",
    details: """
      The object is the part of the image inside the record's box, or the whole image if there is \
      no box. The record's new box is the object's place in the photograph. With a `margin`, \
      pixels around the object are pasted too, and the box stays as tight as before. The \
      photograph, the part of it that is used and the object's place are drawn once for each \
      record. A photograph that is too small is enlarged; an object that is too large is shrunk.
      """,
    searchTerms: ["background", "paste"], [backgrounds, size, scale, margin, transformSeed],
    examples: [
      Example(
        "let photos = shapes(5, size: 64, clutter: 1)\nshapes(3) |> clutter(backgrounds: photos, size: 48)",
        "dataset: 3 records, 3 classes, [1, 48, 48], clutter(backgrounds: 5 images, size: 48)")
    ]
  ) { call in
    guard let photographs = try call[backgrounds].photographs(library.host) else {
      throw call.wrong(backgrounds, "a folder, a dataset or a tensor [n, c, h, w]")
    }
    let (height, width) = try call[size]
    return try Transforms.clutter(
      backgrounds: photographs, height: height, width: width, scale: call[scale],
      margin: call[margin], seed: call[transformSeed])
  }
}

extension Value {
  /// The photographs of a folder, of a data set (its training set, if it has splits) or of a tensor
  /// [n, c, h, w]; nil for anything else.
  fileprivate func photographs(_ host: Host) throws -> View? {
    switch self {
    case .string(let path): return try ImageFolder.photographs(path.text, host: host)
    case .object(let object as DatasetObject):
      return object.dataset["train"] ?? object.dataset.splits[0].view
    case .object(let object as TensorObject) where object.tensor.rank == 4:
      let labels = [Int32](repeating: 0, count: object.tensor.shape[0])
      return try Dataset.fromTensors(images: object.tensor, labels: labels).view
    default: return nil
    }
  }
}
