import Host
import Images
import Tensors

/// When a transform draws random numbers.
public enum Randomness: Sendable {
  /// Never: the result depends only on the sample.
  case none
  /// Once for each record: a record always gives the same result, which can be cached.
  case perRecord
  /// Again in each epoch.
  case perEpoch
}

/// The backward pass of a transform: given the image, the gradient of the result and the key, the
/// gradient of the image. All are float32.
public typealias Backward = (_ image: Tensor, _ gradient: Tensor, _ key: RandomKey) throws -> Tensor

/// A transform of a record's pixels. It has no state: the same sample, key and options give the
/// same result on any thread.
public protocol Transform {
  /// The builtin's name. Together with the number of transforms of the same name before it, it keys
  /// the random numbers.
  var name: String { get }
  /// The transform as scripts write it: `lowres(50)`.
  var text: String { get }
  /// Everything that the result depends on besides the sample and random numbers. nil means that
  /// this is unknown, so that the result must not be cached.
  var key: String? { get }
  /// When it draws random numbers, from the key it is given.
  var randomness: Randomness { get }
  /// The seed of its random numbers; nil uses the session's.
  var seed: UInt64? { get }
  /// The script's function that it calls, as an object that its creator understands.
  var script: Any? { get }
  /// Whether it calls a script's function and so must run on the requesting thread.
  var isSerial: Bool { get }
  /// Whether it processes a batch [n, c, h, w] itself.
  var takesBatches: Bool { get }
  /// Whether it moves no pixels, so that the box and the parts stay unchanged.
  var keepsPlaces: Bool { get }
  /// Adds all that the result depends on besides the sample and random numbers. `key` may say where
  /// a data set is that the transform reads; this adds the set's content instead.
  func addContent(to digest: inout Digest) throws
  /// Returns the changed sample.
  func apply(_ sample: Sample, _ key: RandomKey) throws -> Sample
  /// The backward pass of `apply`; nil for a transform that has no gradient.
  var backward: Backward? { get }
  /// The minimum size of the input for the result to have the size `target`: the source need not
  /// decode more. nil stands for all pixels.
  func needed(for target: LoadTarget?) -> LoadTarget?
  /// The shape of the result if it is known; -1 stands for a size that differs from record to
  /// record.
  func shape(after shape: [Int]?) -> [Int]?
  /// Whether each number of the result is a weighted mean of numbers of the same channel, so that images
  /// on another scale than 0..1 come out on that scale.
  var keepsScale: Bool { get }
  /// The scale of the result's numbers.
  func scale(after scale: PixelScale) -> PixelScale
  /// The transform to use for images of a form, if it depends on the form: `lowres` clamps to 0..1
  /// only images that are on that scale. A different result has a different `key`.
  func settled(on form: ImageForm) -> Transform
  /// Why this transform can't be applied to images of a form; nil if it can, or if that is unknown.
  func refusal(of form: ImageForm) -> Failure?
  /// The transform to use for one data set, if it has to read the records first: `normalize()`
  /// measures them. Throws if it is known without pixels to fail on every record: no boxes, the
  /// wrong channels.
  func settled(for dataset: Dataset) throws -> Transform
}

/// What is known about images without reading their pixels.
public struct ImageForm {
  /// Their shape, with -1 for sizes that differ from image to image; nil if it is unknown.
  public let shape: [Int]?
  /// The scale of their numbers.
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
  /// By default, the key is the text.
  public var key: String? { text }
  /// By default, the key, or the text if there is none.
  public func addContent(to digest: inout Digest) throws { digest.add(key ?? text) }
  /// None.
  public var randomness: Randomness { .none }
  /// By default, gradients do not pass through it.
  public var backward: Backward? { nil }
  /// By default, the session's seed.
  public var seed: UInt64? { nil }
  /// None.
  public var script: Any? { nil }
  /// By default, it runs on any thread.
  public var isSerial: Bool { false }
  /// By default, it takes one image at a time.
  public var takesBatches: Bool { false }
  /// By default, it moves pixels.
  public var keepsPlaces: Bool { false }
  /// By default, it needs all pixels.
  public func needed(for target: LoadTarget?) -> LoadTarget? { nil }
  /// By default, the size does not change.
  public func shape(after shape: [Int]?) -> [Int]? { shape }
  /// By default, the result has its own scale.
  public var keepsScale: Bool { false }
  /// By default, the scale is the same if it is kept, otherwise unknown.
  public func scale(after scale: PixelScale) -> PixelScale {
    keepsScale ? keepsPlaces ? scale : scale.moved : .unknown
  }
  /// The same for all.
  public func settled(on form: ImageForm) -> Transform { self }
  /// By default, it can be applied to all images.
  public func refusal(of form: ImageForm) -> Failure? { nil }
  /// The same for all.
  public func settled(for dataset: Dataset) throws -> Transform { self }

  /// The shape with another height and width; nil if it is too short to have them.
  func sized(_ shape: [Int]?, _ height: Int, _ width: Int) -> [Int]? {
    guard let shape, shape.count >= 2 else { return nil }
    return shape.dropLast(2) + [height, width]
  }

  /// The shape with another number of channels; nil if it is not the shape of an image.
  func planes(_ shape: [Int]?, _ channels: Int) -> [Int]? {
    guard let shape, shape.count == 3 else { return nil }
    return [channels] + shape.dropFirst()
  }

  /// Whether results differ from epoch to epoch.
  public var isRandom: Bool { randomness == .perEpoch }

  /// The error of a transform that needs pixels in 0..1, if they are on another scale.
  func refusal(ofAnyBut01 scale: PixelScale) -> Failure? {
    scale.obstacle(to: text).map { what, hint in
      Failure("pixel-range", "\(name): pixels must be from 0 to 1, but \(what)", hint: hint)
    }
  }

  /// The key of the `ordinal`th transform of this name in a chain.
  func chainKey(seed: UInt64, ordinal: Int) -> RandomKey {
    RandomKey(seed: self.seed ?? seed)["transform"][name][ordinal]
  }

  /// Applies the transform to an image [c, h, w] or to each of a batch [n, c, h, w]. Image i draws
  /// from `key[i]`, a single one like the first of a batch. If the input is float32 and the result
  /// uint8, it is converted to float32 0..1; a result for uint8 may stay uint8. An empty batch
  /// gives an empty batch of the shape that others would have; throws `image-shape` if that is
  /// unknown.
  public func apply(toImages images: Tensor, _ key: RandomKey) throws -> Tensor {
    let form = ImageForm(of: images)
    if let refusal = refusal(of: form) { throw refusal }
    return try settled(on: form).applySettled(toImages: images, key)
  }

  private func applySettled(toImages images: Tensor, _ key: RandomKey) throws -> Tensor {
    if images.rank >= 4, images.shape[0] == 0 {
      guard let shape = shape(after: Array(images.shape.dropFirst())), !shape.contains(-1) else {
        throw Failure(
          "image-shape", "\(self.name): for an empty batch the size of the result is not known")
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

  /// The backward pass of `apply(toImages:)` for these images, float32; nil if there is none.
  public func backward(ofImages images: Tensor, _ key: RandomKey) -> ((Tensor) throws -> Tensor)? {
    let settled = settled(on: ImageForm(of: images))
    guard let backward = settled.backward else { return nil }
    return { gradient in
      if images.rank < 4 || settled.takesBatches {
        if images.count == 0 { return try Tensor(zeros: images.shape) }
        return try backward(images, gradient, settled.takesBatches ? key : key[0])
      }
      let items = try (0..<images.shape[0]).map { i in
        try Interrupt.check()
        return try backward(images.item(i), gradient.item(i), key[i])
      }
      return items.isEmpty
        ? try Tensor(zeros: images.shape) : try Stack.floats(items) { "image \($0)" }
    }
  }

  /// The key of images that do not belong to a record, from the session's seed; nil if one must be
  /// drawn.
  public func key(ofImagesWith seed: UInt64) -> RandomKey? {
    isRandom && self.seed == nil ? nil : chainKey(seed: seed, ordinal: 0)
  }
}
