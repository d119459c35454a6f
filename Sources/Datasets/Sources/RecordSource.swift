import Host
import Images
import Tensors

/// A record's pixels, or other numbers, with what moves along when they are changed.
public struct Sample: Sendable {
  /// The image [c, h, w], uint8 0..255 or float32; or numbers of any other shape.
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

  /// The sample with another image whose pixels lie elsewhere: `move` says where a box goes.
  public func moved(_ image: Tensor, _ move: (Box) -> Box) -> Sample {
    Sample(image, box: box.map(move), parts: parts.map { $0.moved(move) })
  }
  /// The sample with another image whose pixels lie where they lay.
  public func with(_ image: Tensor) -> Sample { moved(image) { $0 } }

  /// The sample without parts that lie outside its image. The image's edges are inside, so that
  /// mirroring loses none.
  func withPartsInside() -> Sample {
    let size = image.shape.suffix(2).map { Double($0) }
    guard size.count == 2 else { return self }
    return Sample(
      image, box: box,
      parts: parts.filter { $0.x >= 0 && $0.y >= 0 && $0.x <= size[1] && $0.y <= size[0] })
  }
}

/// Where the object and its parts are in an image, which needs no pixels to be known.
public struct Annotation: Hashable, Sendable {
  /// Where the object is.
  public let box: Box?
  /// Where parts of it are.
  public let parts: [Part]
}

/// A part of an object: a bird's beak.
public struct Part: Hashable, Sendable {
  /// What it is called.
  public let name: String
  /// Its place from the left, in the image's pixels.
  public let x: Double
  /// Its place from the top.
  public let y: Double

  /// Makes a part.
  public init(name: String, x: Double, y: Double) {
    self.name = name
    self.x = x
    self.y = y
  }

  /// A part goes where a box without extent does.
  func moved(_ move: (Box) -> Box) -> Part {
    let place = move(Box(x: x, y: y, width: 0, height: 0))
    return Part(name: name, x: place.x, y: place.y)
  }
}

/// What a record's pixels will be reduced to, so that a source need not give all of them.
public struct LoadTarget: Hashable, Sendable {
  /// The least number of rows to come out.
  public let height: Int
  /// The least number of columns.
  public let width: Int
  /// Whether these are the box's, not the whole image's.
  public let isOfBox: Bool
  /// Makes a target.
  public init(height: Int, width: Int, isOfBox: Bool = false) {
    self.height = height
    self.width = width
    self.isOfBox = isOfBox
  }

  /// As keys hold it.
  var text: String { "\(height) x \(width)\(isOfBox ? " in the box" : "")" }
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
  /// What the source is called on disk: `contentKey`, unless that holds more than a record's `content`
  /// does not tell.
  var placeKey: String { get }
  /// The number of records.
  var count: Int { get }
  /// The names of the classes, by label.
  var classes: [String] { get }
  /// The label of every record.
  var labels: [Int32] { get }
  /// Whether the labels are known; else they are all 0, and mean nothing.
  var isLabelled: Bool { get }
  /// The shape of the images, where that is known without loading them; -1 stands for a size that
  /// differs from record to record.
  var imageShape: [Int]? { get }
  /// What the images' numbers mean.
  var scale: PixelScale { get }
  /// Whether `load` only hands out what is in memory, so that keeping it again would be a waste.
  var isResident: Bool { get }
  /// Whether records may be loaded for a target: faster, and not the same pixels.
  var isFast: Bool { get }
  /// A record's pixels, box and parts.
  func load(_ record: Int) throws -> Sample
  /// The same in fewer pixels where that is faster, at least the target's; box and parts are scaled
  /// along. A function of the record and the target alone.
  func load(_ record: Int, target: LoadTarget) throws -> Sample
  /// A record's box and parts, where they are known without its pixels.
  func annotation(_ record: Int) -> Annotation?
  /// A digest of all that a record's pixels are made from: for a file its bytes, so that what is kept on
  /// disk for a file that has changed since is not mistaken for it.
  func content(_ record: Int) throws -> Digest
  /// A record's name for people: a file's path, or its number.
  func name(_ record: Int) -> String
  /// What was odd but harmless when the source was opened.
  var notes: [String] { get }
  /// The same, and what was found since, for `describe`.
  var warnings: [String] { get }
  /// Records that were left out because they can't be read, and why, for `describe`.
  var skipped: [(record: Int, reason: String)] { get }
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
}
