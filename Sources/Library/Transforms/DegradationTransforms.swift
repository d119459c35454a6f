import Datasets
import Host
import Language
import Tensors

/// `distort`, `clutter`, `blur`, `noise`, `jpeg`.
func degradationTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "distort", library, "Warps images by a thin plate spline through randomly moved points.",
      details: """
        Each of grid × grid control points is moved by a normal number of pixels, x and y alike; the \
        smoothest map through them (Bookstein, 1989) moves all others, and the box goes along. The default \
        of sigma is the strength of Cross Quality Distillation on images of 224 pixels, at any size: 4 pixels \
        times the shorter side / 224, which prints as a number once the size is known. (The paper says a \
        variance of 4 pixels; its code draws with a standard deviation of 4, and so does this.) A record \
        is always distorted alike: what is drawn depends on the seed, the record and how many \
        distortions stand before this one. Of a batch that is no data set's, on the position.
        """,
      [
        .optional(
          "grid", .whole, .number(Double(Transforms.grid.standard)),
          "control points along each axis",
          namedOnly: true),
        .optional(
          "sigma", .number, .nil,
          "the standard deviation of each shift, in pixels; nil is 4 · shorter side / 224",
          namedOnly: true), .transformSeed,
      ],
      examples: [
        Example(
          "shapes(3) |> distort()",
          "dataset: 3 records, 3 classes, [1, 32, 32], distort(sigma: 0.571429)"),
        Example("let x = uniform(1, 32, 32)\nall(distort(x) == distort(x))", "true"),
      ]
    ) { call in
      let grid = try call.int("grid")
      guard (2...32).contains(grid) else { throw call.wrong("grid", "a whole number, 2 to 32") }
      return Transforms.distort(
        grid: grid, sigma: call.isNil("sigma") ? nil : try call.number("sigma", in: 0...10_000),
        seed: try call.seed("seed"))
    },
    clutter(library),
    transform(
      "blur", library, "Blurs images by a Gaussian.",
      [.required("sigma", .number, "the Gaussian's standard deviation, in pixels")],
      examples: [Example("blur(ones(1, 5, 5), 1.5).mean()", "1")]
    ) { call in
      let sigma = try call.number("sigma")
      guard sigma > 0, sigma <= 1000 else { throw call.wrong("sigma", "above 0, and 1000 at most") }
      return Transforms.blur(sigma: sigma)
    },
    transform(
      "noise", library, "Adds noise to images: a record always gets the same.",
      details: """
        "gaussian": a normal number on each number of the image, limited to 0..1 unless the image's \
        numbers lie elsewhere (0..255, after `normalize`). \
        "salt_and_pepper": a share of the pixels becomes black or white, 0 or 1.
        """,
      [
        .required(
          "amount", .number, "the standard deviation (images are 0..1), or the share of the pixels"),
        .optional(
          "kind", .string, Value("gaussian"), "\"gaussian\" or \"salt_and_pepper\"", namedOnly: true
        ),
        .transformSeed,
      ],
      examples: [
        Example("shapes(3) |> noise(0.1)", "dataset: 3 records, 3 classes, [1, 32, 32], noise(0.1)")
      ]
    ) { call in
      let kind = try call.string("kind")
      guard kind == "gaussian" || kind == "salt_and_pepper" else {
        throw call.wrong("kind", "\"gaussian\" or \"salt_and_pepper\"")
      }
      return Transforms.noise(
        amount: try call.number("amount", in: 0...(kind == "gaussian" ? 100 : 1)),
        isSaltAndPepper: kind == "salt_and_pepper", seed: try call.seed("seed"))
    },
    transform(
      "jpeg", library, "Gives images as they come back from a JPEG file.",
      details: """
        Numbers come back as numbers 0..1, bytes as bytes. An image with NaN is refused, and so are \
        numbers on another scale than 0..1.
        """,
      [.required("quality", .whole, "the quality, 1 to 100, as Pillow and libjpeg count it")],
      examples: [
        Example("jpeg(ones(3, 16, 16), 10).shape", "[3, 16, 16]"),
        Example(
          "shapes(3) |> jpeg(quality: 10)", "dataset: 3 records, 3 classes, [1, 32, 32], jpeg(10)"),
      ]
    ) { call in
      let quality = try call.int("quality")
      guard (1...100).contains(quality) else {
        throw call.wrong("quality", "a whole number, 1 to 100")
      }
      return Transforms.jpeg(quality: quality)
    },
  ]
}

private func clutter(_ library: Library) -> Builtin {
  transform(
    "clutter", library, "Pastes each image's object into a larger photograph, at a known box.",
    details: """
      The object is what the record's box holds (the whole image, where there is none); the record's \
      box is then where it lies in the photograph; with a `margin`, pixels around it are pasted along and \
      the box stays as tight as it was. Which photograph, which part of it and which place \
      are drawn once for each record. A photograph that is too small is enlarged, an object that is too \
      large made smaller.
      """,
    [
      .optional(
        "backgrounds", .backgrounds, .nil,
        "the photographs: a folder with image files at any depth, a data set, or a tensor "
          + "[n, c, h, w]", namedOnly: true),
      .optional(
        "size", .size, .nil, "the side of the result in pixels, or [height, width]",
        namedOnly: true),
      .optional(
        "scale", .list, .nil,
        "[low, high]: the object's longer side as a share of the result's shorter one; nil keeps its "
          + "size", namedOnly: true),
      .optional(
        "margin", .number, .number(Transforms.margin.standard),
        "what is pasted around the box on each side, as a share of its width and height",
        namedOnly: true), .transformSeed,
    ],
    examples: [
      Example(
        "let photos = shapes(5, size: 64, clutter: 1)\nshapes(3) |> clutter(backgrounds: photos, size: 48)",
        "dataset: 3 records, 3 classes, [1, 48, 48], clutter(backgrounds: 5 images, size: 48)")
    ]
  ) { call in
    if call.isNil("backgrounds") { throw call.wrong("backgrounds", "a folder, data set or tensor") }
    if call.isNil("size") {
      throw call.wrong("size", "a whole number of pixels or [height, width]")
    }
    let (height, width) = try call.size("size")
    return try Transforms.clutter(
      backgrounds: try call.backgrounds("backgrounds", library.host), height: height, width: width,
      scale: try call.range("scale", in: 0.001...1),
      margin: try call.number("margin", in: 0...1000), seed: try call.seed("seed"))
  }
}

extension ParameterType {
  /// Where photographs come from.
  fileprivate static let backgrounds = ParameterType("folder, dataset or tensor") {
    string.accepts($0) || dataset.accepts($0) || tensor.accepts($0)
  }
}

extension Call {
  /// Photographs as a view; of a data set with splits its training set.
  fileprivate func backgrounds(_ name: String, _ host: Host) throws -> View {
    switch self[name] {
    case .string(let path): return try ImageFolder.photographs(path.text, host: host)
    case .object(let object as DatasetObject):
      return object.dataset["train"] ?? object.dataset.splits[0].view
    default:
      let images = try tensor(name)
      guard images.rank == 4 else { throw wrong(name, "images [n, c, h, w]") }
      let labels = [Int32](repeating: 0, count: images.shape[0])
      return try Dataset.fromTensors(images: images, labels: labels).view(for: builtin.name)
    }
  }
}
