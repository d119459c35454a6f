import Host
import Images
import Tensors

/// A record's pixels, or other values, with the annotations that move with them.
public struct Sample: Sendable {
  /// The image [c, h, w], uint8 0..255 or float32; or values of any other shape.
  public var image: Tensor
  /// Where the object is, in the image's pixels.
  public var box: Box?
  /// Where parts of the object are, in the image's pixels.
  public var parts: [Part]
  /// Makes a sample.
  public init(_ image: Tensor, box: Box? = nil, parts: [Part] = []) {
    self.image = image
    self.box = box
    self.parts = parts
  }

  /// The sample with another image whose pixels have moved: `move` maps the boxes.
  public func moved(_ image: Tensor, _ move: (Box) -> Box) -> Sample {
    Sample(image, box: box.map(move), parts: parts.map { $0.moved(move) })
  }
  /// The sample with another image whose pixels have not moved.
  public func with(_ image: Tensor) -> Sample { moved(image) { $0 } }

  /// The sample without parts that are outside its image. The image's edges count as inside, so
  /// that mirroring loses no part.
  func withPartsInside() -> Sample {
    let size = image.shape.suffix(2).map { Double($0) }
    guard size.count == 2 else { return self }
    return Sample(
      image, box: box,
      parts: parts.filter { $0.x >= 0 && $0.y >= 0 && $0.x <= size[1] && $0.y <= size[0] })
  }
}

/// The places of the object and its parts in an image, known without its pixels.
public struct Annotation: Hashable, Sendable {
  /// The object's box.
  public let box: Box?
  /// Its parts.
  public let parts: [Part]
}

/// A part of an object: a bird's beak.
public struct Part: Hashable, Sendable {
  /// Its name.
  public let name: String
  /// Its x coordinate, in the image's pixels.
  public let x: Double
  /// Its y coordinate.
  public let y: Double

  /// Makes a part.
  public init(name: String, x: Double, y: Double) {
    self.name = name
    self.x = x
    self.y = y
  }

  /// A part moves like a box of size 0.
  func moved(_ move: (Box) -> Box) -> Part {
    let place = move(Box(x: x, y: y, width: 0, height: 0))
    return Part(name: name, x: place.x, y: place.y)
  }
}

/// The size that a record's pixels will be reduced to, so that a source need not decode all of
/// them.
public struct LoadTarget: Hashable, Sendable {
  /// The minimum number of rows of the result.
  public let height: Int
  /// The minimum number of columns.
  public let width: Int
  /// Whether these are those of the box, not of the whole image.
  public let isOfBox: Bool
  /// Makes a target.
  public init(height: Int, width: Int, isOfBox: Bool = false) {
    self.height = height
    self.width = width
    self.isOfBox = isOfBox
  }

  /// Its text in keys.
  var text: String { "\(height) x \(width)\(isOfBox ? " in the box" : "")" }
}

/// A source of records. Records are numbered from 0; a record's number never changes, and all
/// members may be used from several threads at once.
protocol RecordSource: AnyObject {
  /// Identifies the records: two records are the same if identity and number are equal.
  var identity: String { get }
  /// What the random numbers of its records are drawn from: the same for a copy of files in another
  /// place, which has an identity of its own.
  var drawKey: String { get }
  /// The source's name for people: `fashion_mnist test`.
  var title: String { get }
  /// A key of the records' content: two sources may hold the same records in different forms.
  var contentKey: String { get }
  /// The source's key on disk: `contentKey`, unless that includes something that a record's
  /// `content` already covers.
  var placeKey: String { get }
  /// The number of records.
  var count: Int { get }
  /// The names of the classes, by label.
  var classes: [String] { get }
  /// The label of every record.
  var labels: [Int32] { get }
  /// Whether the labels are known; if not, they are all 0 and meaningless.
  var isLabelled: Bool { get }
  /// The shape of the images, if it is known without loading them; -1 stands for a size that
  /// differs from record to record.
  var imageShape: [Int]? { get }
  /// The scale of the images' numbers.
  var scale: PixelScale { get }
  /// Whether `load` only returns what is already in memory, so that caching it would be a waste.
  var isResident: Bool { get }
  /// Whether records may be loaded at a reduced size, which is faster but gives different pixels.
  var isFast: Bool { get }
  /// Loads a record's pixels, box and parts.
  func load(_ record: Int) throws -> Sample
  /// The same with fewer pixels if that is faster, but at least the target's; box and parts are
  /// scaled with them. The result depends only on the record and the target.
  func load(_ record: Int, target: LoadTarget) throws -> Sample
  /// A record's box and parts, if they are known without its pixels.
  func annotation(_ record: Int) -> Annotation?
  /// A row of attributes for each record, [count, attributes]; nil if there are none.
  func attributes() throws -> Tensor?
  /// A digest of everything that a record's pixels depend on, for a file its bytes, so that cached
  /// results of a file that has changed since are not used.
  func content(_ record: Int) throws -> Digest
  /// Whether `content` depends only on `contentKey` and the record's number.
  var isNumbered: Bool { get }
  /// A record's name for people: a file's path, or its number.
  func name(_ record: Int) -> String
  /// Warnings from when the source was opened.
  var notes: [String] { get }
  /// The same, with warnings that have been added since, for `describe`.
  var warnings: [String] { get }
  /// Records that were left out because they are unreadable, with the reason, for `describe`.
  var skipped: [(record: Int, reason: String)] { get }
}

extension RecordSource {
  /// The digest of a record of a source whose `contentKey` covers the content of all its records.
  func numbered(_ record: Int) -> Digest {
    var digest = Digest()
    digest.add(contentKey)
    digest.add(UInt64(record))
    return digest
  }
  var drawKey: String { identity }
  var contentKey: String { identity }
  var placeKey: String { contentKey }
  func name(_ record: Int) -> String { String(record) }
  var isLabelled: Bool { true }
  var notes: [String] { [] }
  var scale: PixelScale { .unit }
  var warnings: [String] { notes }
  var isFast: Bool { false }
  var skipped: [(record: Int, reason: String)] { [] }
  func load(_ record: Int, target: LoadTarget) throws -> Sample { try load(record) }
  func annotation(_ record: Int) -> Annotation? { nil }
  func attributes() throws -> Tensor? { nil }
}
