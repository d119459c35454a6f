import Datasets
import Host
import Images
import Language
import Tensors

/// `edges`.
func edgeTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "edges", library, "Finds the edges of images: 0 where there is none, up to 1.",
      details: """
        "structured" is the detector of Dollár and Zitnick (2015) with a forest trained on BSDS500 \
        (docs/edges.md): each pixel is the share of the forest's votes for an edge there. The defaults \
        are the usual ones: one scale, sharpening by 2, 4 of 8 trees at each place, edges as wide as \
        they come. `scales: [0.5, 1, 2]` is the mean over three sizes of the image, slower and a \
        little better.

        "canny" is 1 on edges and 0 elsewhere, "sobel" the gradient's magnitude; both look at the \
        image made grey and equal scikit-image's. Pixels are limited to 0..1 first, what resampling \
        made beyond; NaN is refused, and so are pixels on another scale (after `normalize`, 0..255).
        """,
      [
        .optional("method", .string, Value("structured"), "\"structured\", \"canny\" or \"sobel\""),
        .optional(
          "scales", .list, .nil, "structured: sizes to look at, each 0.1 to 4; nil is [1]",
          namedOnly: true),
        .optional(
          "sharpen", .whole, .nil,
          "structured: pixels beside an edge that are assigned anew by their colour, 0 to 4; nil is 2",
          namedOnly: true),
        .optional(
          "trees", .whole, .nil, "structured: trees asked at each place, 1 to 8; nil is 4",
          namedOnly: true),
        .optional(
          "thin", .bool, .bool(false), "structured and sobel: keep the edges' crests only",
          namedOnly: true),
        .optional(
          "sigma", .number, .nil, "canny: the Gaussian's standard deviation in pixels; nil is 1",
          namedOnly: true),
        .optional(
          "low", .number, .nil, "canny: the least gradient of an edge; nil is 0.1",
          namedOnly: true),
        .optional(
          "high", .number, .nil,
          "canny: the gradient an edge must reach somewhere; nil is 0.2, or low if that is more",
          namedOnly: true),
        .optional(
          "channels", .whole, .number(Double(Transforms.channels.standard)),
          "1, or 3 to repeat it, as networks that were trained on colour want it", namedOnly: true),
      ],
      examples: [
        Example("edges(ones(3, 24, 32)).max()", "0"),
        Example("shapes(3) |> edges()", "dataset: 3 records, 3 classes, [1, 32, 32], edges()"),
        Example(
          "let x = concat([zeros(1, 8, 4), ones(1, 8, 4)], axis: 2)\nedges(x, \"canny\")[0, 4].sum()",
          "1"),
        Example("edges(ones(3, 24, 32), thin: true, channels: 3).shape", "[3, 24, 32]"),
      ]
    ) { call in
      let channels = try call.int("channels")
      guard channels == 1 || channels == 3 else { throw call.wrong("channels", "1 or 3") }
      return Transforms.edges(try call.edges(), channels: channels)
    }
  ]
}

extension Call {
  /// The way that `method` names, with its options; options of another one are errors.
  fileprivate func edges() throws -> Edges {
    let method = try string("method")
    let options: [String]
    switch method {
    case "structured": options = ["scales", "sharpen", "trees", "thin"]
    case "canny": options = ["sigma", "low", "high"]
    case "sobel": options = ["thin"]
    default: throw wrong("method", "\"structured\", \"canny\" or \"sobel\"")
    }
    let isThin = try bool("thin")
    for name in ["scales", "sharpen", "trees", "sigma", "low", "high"]
    where !options.contains(name) && !isNil(name) {
      throw Failure(
        "argument", "edges: \(name) is no option of the method \"\(method)\"",
        hint: "its options are \(options.joined(separator: ", "))", argument: index(of: name))
    }
    switch method {
    case "structured":
      var detector = StructuredEdges()
      detector.isThin = isThin
      if !isNil("scales") { detector.scales = try scales() }
      detector.sharpen = try whole("sharpen", in: 0...4) ?? detector.sharpen
      detector.trees = try whole("trees", in: 1...8) ?? detector.trees
      return .structured(detector)
    case "canny":
      if isThin {
        throw Failure(
          "argument", "edges: canny's edges are thin already", argument: index(of: "thin"))
      }
      var canny = Canny()
      canny.sigma = try number("sigma", to: 100) ?? canny.sigma
      canny.low = try number("low", to: 1000) ?? canny.low
      canny.high = try number("high", to: 1000) ?? max(canny.low, canny.high)
      guard canny.low <= canny.high else {
        throw Failure(
          "argument",
          "edges: low must be no more than high, got low \(Value.number(canny.low).brief)"
            + "\(isNil("low") ? " (its default)" : "") and high \(Value.number(canny.high).brief)",
          hint: isNil("low") ? "give low, too" : nil,
          argument: index(of: isNil("low") ? "high" : "low"))
      }
      return .canny(canny)
    default: return .sobel(isThin: isThin)
    }
  }

  private func scales() throws -> [Double] {
    let scales = try numbers("scales")
    guard (1...8).contains(scales.count), scales.allSatisfy({ (0.1...4).contains($0) }) else {
      throw wrong("scales", "a list of 1 to 8 numbers, each 0.1 to 4")
    }
    return scales
  }

  private func whole(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    if isNil(name) { return nil }
    let number = try int(name)
    guard range.contains(number) else {
      throw wrong(name, "a whole number, \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private func number(_ name: String, to most: Double) throws -> Double? {
    if isNil(name) { return nil }
    let number = try self.number(name)
    guard (0...most).contains(number) else { throw wrong(name, "a number, 0 to \(Int(most))") }
    return number
  }
}
