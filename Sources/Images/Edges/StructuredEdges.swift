import Host
import Tensors

/// The structured edge detector of Dollár and Zitnick ("Fast Edge Detection Using Structured
/// Forests", PAMI 2015): a forest predicts how the middle of every patch is divided into segments,
/// and the edges between them are averaged.
public struct StructuredEdges: Sendable {
  /// How far from an edge pixels are reassigned to the segment that has their colour, 0 to 4, so
  /// that edges move to where the colours change.
  public var sharpen = 2
  /// How many trees are evaluated at each place; neighbouring places use other trees.
  public var trees = 4
  /// The scales at which edges are detected, where 1 is the image's own size; the results are
  /// averaged.
  public var scales: [Double] = [1]
  /// Whether edges are thinned to their local maxima.
  public var isThin = false

  /// Makes a detector with the paper's settings: one scale, sharpening by 2, 4 trees, no thinning.
  public init() {}

  /// Detects the edges of an image [1 or 3, h, w] in 0..1 and returns [1, h, w]: 0 for none, 1 for
  /// edges that all trees agree on. Pixels are clamped to 0..1. Throws `out-of-memory`.
  public func edges(of image: Tensor, _ forest: EdgeForest) throws -> Tensor {
    let (h, w) = (image.shape[1], image.shape[2])
    let resizer = Resizer()
    let sum = try Raster(1, h, w)
    sum.base.update(repeating: 0, count: sum.area)
    for scale in scales {
      var scaled = image
      if scale != 1 {
        func side(_ length: Int) -> Int { max(1, Int((Double(length) * scale).rounded())) }
        scaled = try resizer.resize(image, height: side(h), width: side(w), clamped: true)
      }
      var found = try detect(Raster(image: scaled), forest)
      if scale != 1 {
        found = try Raster(resizer.resize(found.tensor, height: h, width: w))
      }
      let share = 1 / Float(scales.count)
      for i in 0..<sum.area { sum.base[i] += found.base[i] * share }
    }
    let edges = isThin ? try EdgeThinning.crests(of: sum) : sum
    for i in 0..<edges.area { edges.base[i] = max(0, min(1, edges.base[i])) }
    return edges.tensor
  }

  /// The edges at one scale.
  private func detect(_ rgb: Raster, _ forest: EdgeForest) throws -> Raster {
    try Interrupt.check()
    // Places in the channels are stored as Int32.
    guard rgb.area <= DecodeOptions.defaultPixelLimit else {
      throw Failure(
        "image-too-large",
        "edges: the image at this scale, \(rgb.height) x \(rgb.width) pixels, is too large")
    }
    // The border is half a patch, so that every pixel is in as many patches as any other.
    let border = 16
    let image = try rgb.padded(
      top: border, left: border, bottom: border + (-rgb.height & 3),
      right: border + (-rgb.width & 3))
    let channels = try EdgeChannels(image)
    try Interrupt.check()
    let colour = try sharpen > 0 ? image.smoothed(radius: 1) : image
    let votes = try Raster(1, image.height, image.width)
    votes.base.update(repeating: 0, count: votes.area)
    let asked = min(trees, forest.trees)
    let vote = EdgeVote(
      forest: forest, channels: channels, colour: colour, votes: votes, sharpen: sharpen,
      asked: asked)
    try vote.all()

    // A pixel is in (16 / 2)² patches of each tree; sharpened edges are thinner, so a vote counts less.
    let weight: Float = sharpen == 0 ? 2 : sharpen == 1 ? 1.8 : 1.66
    let scale = weight * 4 / 256 / Float(asked)
    let inner = try Raster(1, rgb.height, rgb.width)
    for y in 0..<rgb.height {
      let from = votes.base + (y + border) * votes.width + border
      let to = inner.base + y * rgb.width
      for x in 0..<rgb.width { to[x] = from[x] * scale }
    }
    return try inner.smoothed(radius: 1)
  }
}
