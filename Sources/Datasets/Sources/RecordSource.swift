import Images
import Tensors

/// A record's pixels, or other numbers, with what moves along when they are changed.
public struct Sample: Sendable {
  /// The image [c, h, w], uint8 0..255 or float32; or numbers of any other shape.
  public var image: Tensor
  /// Where the object is, in the image's pixels.
  public var box: Box?
  /// Makes a sample.
  public init(_ image: Tensor, box: Box? = nil) {
    self.image = image
    self.box = box
  }
}

/// Where records come from. Records are numbered from 0; a record's number never changes, and all
/// members may be used from several threads at once.
protocol RecordSource: AnyObject {
  /// Who the records are: views correspond where identity and number do.
  var identity: String { get }
  /// What people call the source: `fashion_mnist test`.
  var title: String { get }
  /// What the records hold: two sources may hold the same records in different forms.
  var contentKey: String { get }
  /// The number of records.
  var count: Int { get }
  /// The names of the classes, by label.
  var classes: [String] { get }
  /// The label of every record.
  var labels: [Int32] { get }
  /// The shape of the images, where that is known without loading them; -1 stands for a size that
  /// differs from record to record.
  var imageShape: [Int]? { get }
  /// Whether `load` only hands out what is in memory, so that keeping it again would be a waste.
  var isResident: Bool { get }
  /// A record's pixels and box.
  func load(_ record: Int) throws -> Sample
  /// A digest of all that a record's pixels are made from: for a file its bytes, so that what is kept on
  /// disk for a file that has changed since is not mistaken for it.
  func content(_ record: Int) throws -> Digest
  /// A record's name for people: a file's path, or its number.
  func name(_ record: Int) -> String
  /// What was odd but harmless so far, for `describe`.
  var warnings: [String] { get }
}

extension RecordSource {
  /// The digest of a record of a source whose `contentKey` says what all its records hold.
  func numbered(_ record: Int) -> Digest {
    var digest = Digest()
    digest.add(contentKey)
    digest.add(UInt64(record))
    return digest
  }
  var contentKey: String { identity }
  func name(_ record: Int) -> String { String(record) }
  var warnings: [String] { [] }
}
