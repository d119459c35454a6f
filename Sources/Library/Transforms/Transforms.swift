import Datasets
import Gradients
import Language
import Models
import Tensors

private let images = Argument(
  "images", .images, "an image [c, h, w], a batch [n, c, h, w], a record or a dataset")

/// The seed of a transform that draws once for each record.
let transformSeed = Argument(
  "seed", .optional(.seed), "the random seed; nil means the session's, which seed(n) sets",
  named: true)

/// The number of channels of a transform to grey images.
let greyChannels = Argument(
  "channels", .whole.limited(", 1 or 3") { $0 == 1 || $0 == 3 },
  default: Transforms.channels.standard,
  "1, or 3 to repeat the channel, as networks trained on colour images expect", named: true)

/// Declares a staged builtin that transforms images wherever they are; `gradient` applies it to
/// tensors in the gradient's graph, if it has a gradient.
func transform(
  _ name: String, _ library: Library, _ summary: String, details: String = "",
  searchTerms: [String] = [], _ options: @escaping @autoclosure () -> [AnyArgument],
  examples: @escaping @autoclosure () -> [Example],
  gradient: ((Call, Variable) throws -> Variable)? = nil,
  layer: ((Call) throws -> Layer)? = nil,
  make: @escaping (Call) throws -> any Transform
) -> Builtin {
  Builtin(
    name, summary, details: details, searchTerms: searchTerms, [images] + options(),
    result: "the changed images; without images, a transform", examples: examples(),
    methodOf: ["dataset", "record"],
    staging: .staged(chains: true, part: layer.map { layer in { Value(try layer($0)) } })
  ) { call in
    let transform = try make(call)
    switch try call[images] {
    case .dataset(let dataset):
      return Value(try dataset.mapped(transform, seed: library.random.seed))
    case .record(let record):
      let seen = try Dataset(record.view).mapped(transform, seed: library.random.seed)
      return .object(RecordObject(try seen.view, 0))
    case .tensor(let variable):
      if variable.isTracked {
        if let gradient { return Value(try gradient(call, variable)) }
        if let result = try transform.applied(to: variable, library.random) {
          return Value(result)
        }
      }
      let images = variable.cut(by: name)
      if let key = transform.key(ofImagesWith: library.random.seed) {
        return Value(try transform.apply(toImages: images, key))
      }
      return Value(try library.random.draw { try transform.apply(toImages: images, $0) })
    }
  }
}

extension Transform {
  /// The transformed images as a part of the gradient's graph; nil if the transform has no gradient.
  fileprivate func applied(to images: Variable, _ random: RandomScope) throws -> Variable? {
    guard backward != nil else { return nil }
    let images = try images.cast(to: .float32)
    let values = images.value
    func tracked(_ key: RandomKey) throws -> Variable? {
      guard let backward = backward(ofImages: values, key) else { return nil }
      return images.transformed(into: try apply(toImages: values, key), backward: backward)
    }
    guard let key = key(ofImagesWith: random.seed) else { return try random.draw(tracked) }
    return try tracked(key)
  }
}

/// The values that transforms act on.
enum TransformInput {
  case dataset(Dataset)
  case record(RecordObject)
  case tensor(Variable)
}

extension ArgumentType where T == TransformInput {
  /// A tensor, a record or a data set.
  static var images: Self {
    Self("tensor, record or dataset") { value in
      switch value {
      case .object(let object as DatasetObject): .dataset(object.dataset)
      case .object(let object as RecordObject): .record(object)
      case .object(let object as TensorObject): .tensor(object.variable)
      default: nil
      }
    }
  }
}

extension ArgumentType where T == (height: Int, width: Int) {
  /// A size of images: a side, or [height, width].
  static var size: Self {
    let side = ArgumentType<Int>.whole.map { [$0, $0] }
    let sides = ArgumentType<[Int]>.either(side, .list(of: .whole))
    return sides.named("whole number or [height, width]")
      .limited(" from 1 to 65536") { $0.count == 2 && $0.allSatisfy((1...65536).contains) }
      .map { (height: $0[0], width: $0[1]) }
  }
}

extension ArgumentType where T == ClosedRange<Double> {
  /// Two numbers [low, high] within limits.
  static func ends(_ limits: ClosedRange<Double>) -> Self {
    let (low, high) = (Value.number(limits.lowerBound), Value.number(limits.upperBound))
    return ArgumentType<[Double]>.list(of: .number(limits)).named("[low, high]")
      .limited(" from \(low.brief) to \(high.brief)") { $0.count == 2 && $0[0] <= $0[1] }
      .map { $0[0]...$0[1] }
  }
}

extension ArgumentType where T == UInt64 {
  /// A seed of random numbers; negative ones are stored as their bits.
  static var seed: Self { ArgumentType<Int>.whole.map { UInt64(bitPattern: Int64($0)) } }
}
