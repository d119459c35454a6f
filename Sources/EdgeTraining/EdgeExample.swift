import Host
import Tensors

/// A photograph and how people parted it: what the detector learns from and is scored on.
public struct EdgeExample {
  /// One person's segments: a number for each pixel, rows after one another.
  public struct Segmentation {
    /// The segments' numbers.
    public var labels: [UInt16]
    /// Whether a pixel is on a boundary between segments.
    public var isBoundary: [Bool]

    /// Makes a segmentation.
    public init(labels: [UInt16], isBoundary: [Bool]) {
      self.labels = labels
      self.isBoundary = isBoundary
    }
  }

  /// The image [3, h, w] or [1, h, w].
  public var image: Tensor
  /// Each person's segments.
  public var segmentations: [Segmentation]

  /// Makes an example. Throws `edges-example` where sizes disagree.
  public init(image: Tensor, segmentations: [Segmentation], name: String) throws {
    guard image.rank == 3 else {
      throw Failure("image-shape", "\(name): an image is [c, h, w]")
    }
    let area = image.shape[1] * image.shape[2]
    for s in segmentations where s.labels.count != area || s.isBoundary.count != area {
      throw Failure(
        "edges-example",
        "\(name): a segmentation of \(s.labels.count) pixels for an image of \(area)")
    }
    self.image = image
    self.segmentations = segmentations
  }

  var height: Int { image.shape[1] }
  var width: Int { image.shape[2] }
}
