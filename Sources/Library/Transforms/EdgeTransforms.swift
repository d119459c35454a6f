import Datasets
import Host
import Images
import Language

private enum Method: String, CaseIterable {
  case structured, canny, sobel

  /// The options that only some methods take.
  var options: [AnyArgument] {
    switch self {
    case .structured: [scales, sharpen, trees, thin]
    case .canny: [sigma, low, high]
    case .sobel: [thin]
    }
  }
}

private let method = Argument(
  "method", ArgumentType<Method>.choice, default: "structured", "the detector")
private let scales = Argument(
  "scales",
  .optional(
    .list(of: .number(0.1...4)).limited(" from 0.1 to 4, 1 to 8 of them") {
      (1...8).contains($0.count)
    }), "structured: the scales to detect edges at; nil means [1]", named: true)
private let sharpen = Argument(
  "sharpen", .optional(.whole(0...4)),
  "structured: how far from an edge pixels are reassigned by their colour; nil means 2",
  unit: "pixels", named: true)
private let trees = Argument(
  "trees", .optional(.whole(1...8)), "structured: how many trees vote at each place; nil means 4",
  named: true)
private let thin = Argument(
  "thin", .bool, default: false,
  "structured and sobel: whether edges are thinned to their local maxima",
  named: true)
private let sigma = Argument(
  "sigma", .optional(.number(0...100)), "canny: the Gaussian's standard deviation; nil means 1",
  unit: "pixels", named: true)
private let low = Argument(
  "low", .optional(.number(0...1000)), "canny: the low threshold of the gradient; nil means 0.1",
  named: true)
private let high = Argument(
  "high", .optional(.number(0...1000)),
  "canny: the high threshold, which an edge must reach somewhere; nil means 0.2, or low if larger",
  named: true)

/// `edges`.
func edgeTransforms(_ library: Library) -> [Builtin] {
  [
    transform(
      "edges", library, "Detects the edges of images: 0 for no edge, up to 1.",
      details: """
        "structured" is the detector of Dollár and Zitnick (2015) with a forest trained on BSDS500 \
        (docs/edges.md): each pixel is the share of the forest's votes for an edge there. The defaults \
        are the usual ones: one scale, sharpening by 2, 4 of 8 trees at each place, and no \
        thinning. `scales: [0.5, 1, 2]` averages over three sizes of the image, which is slower \
        and slightly better.

        "canny" gives 1 on edges and 0 elsewhere, "sobel" the gradient's magnitude. Both work on \
        the grey image and give the same results as scikit-image. Pixels are clamped to 0..1 \
        first, since resampling may leave that range. NaN is an error, and so are pixels on \
        another scale (0..255, or after `normalize`).
        """,
      searchTerms: ["edge detection", "contour", "boundary"],
      [method, scales, sharpen, trees, thin, sigma, low, high, greyChannels],
      examples: [
        Example("edges(ones(3, 24, 32)).max()", "0"),
        Example("shapes(3) |> edges()", "dataset: 3 records, 3 classes, [1, 32, 32], edges()"),
        Example(
          "let x = concat([zeros(1, 8, 4), ones(1, 8, 4)], axis: 2)\nedges(x, \"canny\")[0, 4].sum()",
          "1"),
        Example("edges(ones(3, 24, 32), thin: true, channels: 3).shape", "[3, 24, 32]"),
      ]
    ) { call in Transforms.edges(try call.edges(), channels: try call[greyChannels]) }
  ]
}

extension Call {
  /// The detector that `method` names, with its options; options of another method are errors.
  fileprivate func edges() throws -> Edges {
    let method = try self[method]
    for option in [scales, sharpen, trees, sigma, low, high] as [AnyArgument]
    where !method.options.contains(where: { $0 === option }) && isGiven(option) {
      let names = method.options.map(\.name).joined(separator: ", ")
      throw fault(
        option, "\(option.name) is not an option of the method \"\(method.rawValue)\"",
        hint: "its options are \(names)")
    }
    switch method {
    case .structured:
      var detector = StructuredEdges()
      detector.isThin = try self[thin]
      detector.scales = try self[scales] ?? detector.scales
      detector.sharpen = try self[sharpen] ?? detector.sharpen
      detector.trees = try self[trees] ?? detector.trees
      return .structured(detector)
    case .canny:
      guard try !self[thin] else {
        throw fault(thin, "canny's edges are already thin")
      }
      var canny = Canny()
      let least = try self[low]
      canny.sigma = try self[sigma] ?? canny.sigma
      canny.low = least ?? canny.low
      canny.high = try self[high] ?? max(canny.low, canny.high)
      guard canny.low <= canny.high else {
        throw Failure(
          "argument",
          "edges: low must not be more than high, got low \(Value.number(canny.low).brief)"
            + "\(least == nil ? " (its default)" : "") and high \(Value.number(canny.high).brief)",
          hint: least == nil ? "give low, too" : nil,
          argument: least == nil ? index(of: high) : index(of: low))
      }
      return .canny(canny)
    case .sobel: return .sobel(isThin: try self[thin])
    }
  }

  private func isGiven(_ option: AnyArgument) -> Bool {
    if case .nil = values[index(of: option)] { false } else { true }
  }
}
