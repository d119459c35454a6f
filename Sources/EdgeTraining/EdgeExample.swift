import Host
import Tensors

/// A photograph and its segmentations by people, which the detector is trained and scored on.
public struct EdgeExample {
  /// The segmentation by one person, with a segment number for each pixel, row by row.
  public struct Segmentation {
    /// The segment number of each pixel.
    public var labels: [UInt16]
    /// Whether each pixel is on a boundary between segments.
    public var isBoundary: [Bool]

    /// Creates a segmentation.
    public init(labels: [UInt16], isBoundary: [Bool]) {
      self.labels = labels
      self.isBoundary = isBoundary
    }
  }

  /// The image [3, h, w] or [1, h, w].
  public var image: Tensor
  /// The segmentations, one for each person.
  public var segmentations: [Segmentation]

  /// Creates an example. Throws `edges-example` if the sizes disagree.
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
