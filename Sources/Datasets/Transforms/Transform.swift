import Host
import Images
import Tensors

/// When a transform draws random numbers.
public enum Randomness: Sendable {
  /// Never: the result is a function of the sample.
  case none
  /// Once for each record: a record always comes out alike, so what is made can be kept.
  case perRecord
  /// Anew in each epoch.
  case perEpoch
}

/// A change of a record's pixels. It holds no state of its own: the same sample, key and options give
/// the same result on any thread.
public protocol Transform {
  /// The builtin's name; with its place among those of the same name in a chain it keys randomness.
  var name: String { get }
  /// As people write it: `lowres(50)`.
  var text: String { get }
  /// All that the result depends on besides the sample and random numbers. nil means that nobody can
  /// tell what it does, so that it must not be kept.
  var key: String? { get }
  /// When it draws random numbers, from the key it is given.
  var randomness: Randomness { get }
  /// What its random numbers are drawn from; nil leaves it to the session.
  var seed: UInt64? { get }
  /// The function of a script that it calls, as who made it knows it.
  var script: Any? { get }
  /// Whether it calls back into a script and so must run on the thread that asked.
  var isSerial: Bool { get }
  /// Whether it treats [n, c, h, w] image by image by itself.
  var takesBatches: Bool { get }
  /// Whether every pixel stays where it lies, and with it the box and the parts.
  var keepsPlaces: Bool { get }
  /// The changed sample.
  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample
  /// What an image must hold at least, so that the result holds `target`: a source that may do so
  /// decodes no more. nil stands for all of its pixels.
  func needed(for target: LoadTarget?) -> LoadTarget?
  /// The shape of the result where it can be told; -1 stands for a size that differs from record to
  /// record.
  func shape(after shape: [Int]?) -> [Int]?
  /// Whether each number of the result is a weighted mean of numbers of the same channel, so that images
  /// on another scale than 0..1 come out on that scale.
  var keepsScale: Bool { get }
  /// The scale of the result's numbers.
  func scale(after scale: PixelScale) -> PixelScale
  /// What this transform is for images of a form, where it depends on it: `lowres` limits to 0..1 only
  /// what is meant to lie there. Another result has another `key`.
  func settled(on form: ImageForm) -> Transform
  /// Why this transform can do nothing with images of a form; nil where it can, or nobody knows.
  func refusal(of form: ImageForm) -> Failure?
  /// What this transform is for one data set, where it has to look at the records first: `normalize()`
  /// measures them. Throws what is known without pixels to fail on every record: no boxes, other channels.
  func settled(for dataset: Dataset) throws -> Transform
}

/// What is known of images without their pixels.
public struct ImageForm {
  /// Their shape, -1 for sizes that differ from image to image; nil where nobody knows.
  public let shape: [Int]?
  /// What their numbers mean.
  public let scale: PixelScale

  /// Makes a form.
  public init(shape: [Int]?, scale: PixelScale) {
    self.shape = shape
    self.scale = scale
  }

  /// The form of an image, or of those of a batch.
  init(of images: Tensor) {
    shape = images.rank >= 4 ? Array(images.shape.suffix(3)) : images.shape
    scale = PixelScale(of: images)
  }
}

extension Transform {
  /// What people write says it all.
  public var key: String? { text }
  /// None.
  public var randomness: Randomness { .none }
  /// The session's.
  public var seed: UInt64? { nil }
  /// None.
  public var script: Any? { nil }
  /// Runs on any thread.
  public var isSerial: Bool { false }
  /// Takes one image at a time.
  public var takesBatches: Bool { false }
  /// Moves them.
  public var keepsPlaces: Bool { false }
  /// All pixels.
  public func needed(for target: LoadTarget?) -> LoadTarget? { nil }
  /// Sizes stay.
  public func shape(after shape: [Int]?) -> [Int]? { shape }
  /// Makes numbers of its own.
  public var keepsScale: Bool { false }
  /// The same where the scale is kept; else nobody knows.
  public func scale(after scale: PixelScale) -> PixelScale {
    keepsScale ? keepsPlaces ? scale : scale.moved : .unknown
  }
  /// The same for all.
  public func settled(on form: ImageForm) -> Transform { self }
  /// Takes all.
  public func refusal(of form: ImageForm) -> Failure? { nil }
  /// The same for all.
  public func settled(for dataset: Dataset) throws -> Transform { self }

  /// A shape with other sides; nil where it has none.
  func sized(_ shape: [Int]?, _ height: Int, _ width: Int) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    return shape.dropLast(2) + [height, width]
  }

  /// An image's shape with other channels; nil where it is none.
  func planes(_ shape: [Int]?, _ channels: Int) -> [Int]? {
    guard let shape, shape.count == 3 else { return nil }
    return [channels] + shape.dropFirst()
  }

  /// Whether results differ from epoch to epoch.
  public var isRandom: Bool { randomness == .perEpoch }

  /// The failure of a transform that wants pixels of 0..1, where they are on another scale.
  func refusal(ofAnyBut01 scale: PixelScale) -> Failure? {
    scale.obstacle(to: text).map { what, hint in
      Failure("pixel-range", "\(name): pixels must be from 0 to 1, but \(what)", hint: hint)
    }
  }

  /// The key of the `ordinal`th transform of this name in a chain.
  func chainKey(seed: UInt64, ordinal: Int) -> RandomKey {
    RandomKey(seed: self.seed ?? seed)["transform"][name][ordinal]
  }

  /// An image [c, h, w], or each of a batch [n, c, h, w], changed. Image i draws from `key[i]`, a single
  /// one as the first of a batch. Bytes that a transform makes of other numbers
  /// come back as float32 0..1; bytes may stay bytes. A batch of none gives one of none, of the shape that
  /// others would have; throws `image-shape` where that can't be told.
  public func apply(toImages images: Tensor, _ key: RandomKey) throws -> Tensor {
    let form = ImageForm(of: images)
    if let refusal = refusal(of: form) { throw refusal }
    return try settled(on: form).applySettled(toImages: images, key)
  }

  private func applySettled(toImages images: Tensor, _ key: RandomKey) throws -> Tensor {
    if images.rank >= 4, images.shape[0] == 0 {
      guard let shape = shape(after: Array(images.shape.dropFirst())), !shape.contains(-1) else {
        throw Failure(
          "image-shape", "\(name): for an empty batch the size of the result is not known")
      }
      return try Tensor(zeros: [0] + shape)
    }
    if takesBatches || images.rank < 4 {
      let result = try apply(Sample(images), takesBatches ? key : key[0]).image
      let isMadeOfFloats = result.dtype == .uint8 && images.dtype != .uint8
      return isMadeOfFloats ? try Pixels.floats(result) : result
    }
    let items = try (0..<images.shape[0]).map { i in
      try Interrupt.check()
      return try apply(Sample(images.item(i)), key[i]).image
    }
    func name(_ i: Int) -> String { "image \(i)" }
    let areBytes = images.dtype == .uint8 && items.allSatisfy { $0.dtype == .uint8 }
    return try areBytes ? Stack.bytes(items, name: name) : Stack.floats(items, name: name)
  }

  /// The key of images that are no record's, from the session's seed; nil where one must be drawn.
  public func key(ofImagesWith seed: UInt64) -> RandomKey? {
    isRandom && self.seed == nil ? nil : chainKey(seed: seed, ordinal: 0)
  }
}
