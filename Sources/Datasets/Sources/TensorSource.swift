import Host
import Images
import Tensors

extension Dataset {
  /// Makes a data set from a script's tensors: images [n, ...], with bytes scaled to 0..1 and other
  /// numbers unscaled, and labels from 0. Without `classes` these are named by their numbers. Data
  /// sets with the same `id` and size hold the same records; nil derives the identity from the
  /// content. Throws `labels`.
  public static func fromTensors(
    images: Tensor, labels: [Int32], classes: [String]? = nil, id: String? = nil
  ) throws -> Dataset {
    let source = try TensorSource(
      images: images, labels: labels, classes: classes,
      identity: id.map { "\($0) (\(labels.count) records)" }, operation: "from_tensors")
    return Dataset(View(source))
  }
}

/// Records held in one tensor: those of a script or an IDX file.
final class TensorSource: RecordSource {
  let title: String
  let identity: String
  let contentKey: String
  let classes: [String]
  let labels: [Int32]
  let scale: PixelScale
  private let images: Tensor

  /// Makes records from `images` [n, ...] and labels from 0. uint8 stays uint8, which is scaled to
  /// 0..1 in use; all other types become float32. Without `classes` these are named by their
  /// numbers. `identity` identifies the records; nil derives it from the content. Throws `labels`.
  init(
    images: Tensor, labels: [Int32], classes: [String]? = nil, identity: String? = nil,
    operation: String, part: String = ""
  ) throws {
    title = operation + (part.isEmpty ? "" : " " + part)
    guard images.rank > 0, images.shape[0] == labels.count else {
      throw Failure(
        "labels",
        "\(operation): the images are \(Tensor.describe(images.shape)), so there must be "
          + "\(images.shape.first ?? 0) labels, got \(labels.count)")
    }
    guard labels.count < Int(Int32.max) else {
      throw Failure("labels", "\(operation): \(labels.count) records are more than 2^31")
    }
    let count = classes?.count ?? 1 + Int(labels.max() ?? -1)
    guard count <= 1 << 20 else {
      throw Failure(
        "labels", "\(operation): labels must be below 2^20, but one is \(labels.max() ?? 0)")
    }
    for (i, label) in labels.enumerated() where label < 0 || label >= count {
      throw Failure(
        "labels",
        "\(operation): label \(label) of record \(i) is outside 0..\(count) (\(count) classes)")
    }
    self.images = images.dtype == .uint8 ? images : try Pixels.floats(images)
    scale = PixelScale(of: self.images)
    self.labels = labels
    self.classes = classes ?? (0..<count).map(String.init)
    var digest = Digest()
    digest.add(self.images)
    for label in labels { digest.add(UInt64(UInt32(bitPattern: label))) }
    contentKey = "\(operation) \(digest.text)"
    self.identity = identity ?? contentKey
  }

  var count: Int { labels.count }
  var imageShape: [Int]? { Array(images.shape.dropFirst()) }
  var isResident: Bool { true }
  func load(_ record: Int) throws -> Sample { Sample(images.item(record)) }
  func annotation(_ record: Int) -> Annotation? { Annotation(box: nil, parts: []) }
  func content(_ record: Int) throws -> Digest { numbered(record) }
  var isNumbered: Bool { true }
}
