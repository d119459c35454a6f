import Host
import Tensors

/// Methods of edge detection.
public enum Edges: Sendable {
  /// Structured forests, with the forest that comes with Limbeck.
  case structured(StructuredEdges)
  /// Canny's detector: 1 on edges, 0 elsewhere.
  case canny(Canny)
  /// The gradient's magnitude by Sobel's filters, optionally only its local maxima.
  case sobel(isThin: Bool)

  /// Detects the edges of an image [1 or 3, h, w] and returns float32 [1, h, w] in 0..1. Pixels are
  /// clamped to 0..1; NaN is an error. Throws `image-shape`, `value`, `image-too-large`,
  /// `out-of-memory`.
  public func find(in image: Tensor) throws -> Tensor {
    guard image.rank == 3, image.shape[0] == 1 || image.shape[0] == 3, image.count > 0 else {
      throw Failure(
        "image-shape",
        "edges: an image must be [1, h, w] or [3, h, w] and not empty, got "
          + Tensor.describe(image.shape))
    }
    guard image.shape[1] * image.shape[2] <= DecodeOptions.defaultPixelLimit else {
      throw Failure(
        "image-too-large",
        "edges: \(image.shape[1]) x \(image.shape[2]) pixels are more than the limit of "
          + "\(DecodeOptions.defaultPixelLimit / 1_000_000) million")
    }
    try Pixels.refuseNaN(in: image, operation: "edges")
    switch self {
    case .structured(let detector): return try detector.edges(of: image, .shipped())
    case .canny(let canny): return try canny.edges(of: grey(image))
    case .sobel(let isThin):
      let magnitude = try Sobel.magnitude(of: grey(image))
      return try isThin ? EdgeThinning.crests(of: Raster(magnitude)).tensor : magnitude
    }
  }

  private func grey(_ image: Tensor) throws -> Tensor {
    try Colour.grey(Raster(image: image).tensor)
  }
}
