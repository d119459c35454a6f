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
public protocol Transform: AnyObject {
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
  /// Whether it calls back into a script and so must run on the thread that asked.
  var isSerial: Bool { get }
  /// Whether it treats [n, c, h, w] image by image by itself.
  var takesBatches: Bool { get }
  /// Whether every pixel stays where it lies, and with it the box and the parts.
  var keepsPlaces: Bool { get }
  /// Where the chain up to here is kept on disk, for `cached`, which changes nothing else.
  var disk: DiskCache? { get }
  /// The changed sample.
  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample
  /// What an image must hold at least, so that the result holds `target`: a source that may do so
  /// decodes no more. nil stands for all of its pixels.
  func needed(for target: LoadTarget?) -> LoadTarget?
  /// The shape of the result where it can be told; -1 stands for a size that differs from record to
  /// record.
  func shape(after shape: [Int]?) -> [Int]?
  /// What this transform is for one data set, where it has to look at the records first: `normalize()`
  /// measures them.
  func settled(for dataset: Dataset) throws -> Transform
}

extension Transform {
  /// What people write says it all.
  public var key: String? { text }
  /// None.
  public var randomness: Randomness { .none }
  /// The session's.
  public var seed: UInt64? { nil }
  /// Runs on any thread.
  public var isSerial: Bool { false }
  /// Takes one image at a time.
  public var takesBatches: Bool { false }
  /// Moves them.
  public var keepsPlaces: Bool { false }
  /// Not there.
  public var disk: DiskCache? { nil }
  /// All pixels.
  public func needed(for target: LoadTarget?) -> LoadTarget? { nil }
  /// Sizes stay.
  public func shape(after shape: [Int]?) -> [Int]? { shape }
  /// The same for all.
  public func settled(for dataset: Dataset) throws -> Transform { self }

  /// Whether results differ from epoch to epoch.
  public var isRandom: Bool { randomness == .perEpoch }

  /// The key of the `ordinal`th transform of this name in a chain.
  func chainKey(seed: UInt64, ordinal: Int) -> RandomKey {
    RandomKey(seed: self.seed ?? seed)["transform"][name][ordinal]
  }

  /// An image [c, h, w], or each of a batch [n, c, h, w], changed. Image i draws from `key[i]`, a single
  /// one as the first of a batch.
  public func apply(toImages images: Tensor, _ key: RandomKey) throws -> Tensor {
    if takesBatches { return try apply(Sample(images), key).image }
    if images.rank < 4 { return try apply(Sample(images), key[0]).image }
    let items = try (0..<images.shape[0]).map { try apply(Sample(images.item($0)), key[$0]).image }
    return items.isEmpty ? images : try Stack.floats(items) { "image \($0)" }
  }

  /// The key of images that are no record's: of the session's seed for what is drawn once, else `draw`.
  public func key(ofImagesWith seed: UInt64, draw: () -> RandomKey) -> RandomKey {
    isRandom && self.seed == nil ? draw() : chainKey(seed: seed, ordinal: 0)
  }
}
