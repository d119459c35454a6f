import Tensors

/// A change of a record's pixels. It holds no state of its own: the same sample, key and options give
/// the same result on any thread.
public protocol Transform: AnyObject {
  /// The builtin's name; with its place among those of the same name in a chain it keys randomness.
  var name: String { get }
  /// As people write it: `lowres(50)`.
  var text: String { get }
  /// All that the result depends on besides the sample. nil means that it must not be kept: the
  /// transform is random, or nobody can tell what it does.
  var key: String? { get }
  /// Whether it uses the key it is given.
  var isRandom: Bool { get }
  /// Whether it calls back into a script and so must run on the thread that asked.
  var isSerial: Bool { get }
  /// Whether it treats [n, c, h, w] image by image by itself.
  var takesBatches: Bool { get }
  /// The changed sample.
  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample
  /// What an image must hold at least, so that the result holds `target`: a source that may do so
  /// decodes no more. nil stands for all of its pixels.
  func needed(for target: LoadTarget?) -> LoadTarget?
  /// The shape of the result where it can be told; -1 stands for a size that differs from record to
  /// record.
  func shape(after shape: [Int]?) -> [Int]?
}

extension Transform {
  /// What people write says it all.
  public var key: String? { text }
  /// Fixed.
  public var isRandom: Bool { false }
  /// Runs on any thread.
  public var isSerial: Bool { false }
  /// Takes one image at a time.
  public var takesBatches: Bool { false }
  /// All pixels.
  public func needed(for target: LoadTarget?) -> LoadTarget? { nil }
  /// Sizes stay.
  public func shape(after shape: [Int]?) -> [Int]? { shape }

  /// An image [c, h, w], or each of a batch [n, c, h, w], changed. Item i uses `key[i]`.
  public func apply(toImages images: Tensor, _ key: RandomKey) throws -> Tensor {
    if images.rank < 4 || takesBatches { return try apply(Sample(images), key).image }
    var items: [Sample] = []
    for i in 0..<images.shape[0] { items.append(try apply(Sample(images.item(i)), key[i])) }
    if items.isEmpty { return images }
    return try Stack.floats(items.map(\.image)) { "image \($0)" }
  }
}
