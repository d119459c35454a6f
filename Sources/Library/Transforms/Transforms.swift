import Datasets
import Gradients
import Host
import Images
import Language
import Tensors

/// A staged builtin that changes images wherever they are; `gradient` does it to tensors that a gradient
/// goes through, if anything does.
func transform(
  _ name: String, _ library: Library, _ summary: String, details: String = "",
  _ options: [Language.Parameter], examples: [Example],
  gradient: ((Call, Variable) throws -> Variable)? = nil,
  make: @escaping (Call) throws -> any Transform
) -> Builtin {
  Builtin(
    name, summary, details: details,
    [
      .required(
        "images", .images, "an image [c, h, w], a batch [n, c, h, w], a record or a dataset")
    ]
      + options,
    result: "what came, changed; without images a transform", examples: examples,
    methodOf: ["dataset", "record"], staging: .staged(input: .images, chains: true)
  ) { call in
    let transform = try make(call)
    switch call["images"] {
    case .object(let object as DatasetObject):
      return .object(DatasetObject(try object.dataset.mapped(transform, seed: library.random.seed)))
    case .object(let object as RecordObject):
      let seen = try Dataset(object.view).mapped(transform, seed: library.random.seed)
      return .object(RecordObject(try seen.view(for: name), 0))
    case .object(let object as TensorObject):
      if let gradient, object.variable.isTracked {
        return Value(try gradient(call, object.variable))
      }
      let images = object.variable.cut(by: name)
      if let key = transform.key(ofImagesWith: library.random.seed) {
        return Value(try transform.apply(toImages: images, key))
      }
      return Value(try library.random.draw { try transform.apply(toImages: images, $0) })
    default: throw call.wrong("images", "an image, a batch, a record or a dataset")
    }
  }
}

extension ParameterType {
  /// What transforms act on.
  static let images = ParameterType("tensor, record or dataset") {
    tensor.accepts($0) || record.accepts($0) || dataset.accepts($0)
  }
  /// A size of images.
  static let size = ParameterType("whole number or [h, w]") {
    whole.accepts($0) || list.accepts($0)
  }
}

extension Language.Parameter {
  /// What transforms draw once for each record are drawn from.
  static let transformSeed = Language.Parameter.optional(
    "seed", .whole, .nil, "what is drawn from; nil takes the session's, as seed(n) set it",
    namedOnly: true)
}

extension Call {
  /// A side, or [height, width], in pixels.
  func size(_ name: String) throws -> (height: Int, width: Int) {
    let wanted = "a whole number of pixels, 1 to 65536, or [height, width]"
    var numbers: [Double]
    if case .number(let side) = self[name] {
      numbers = [side, side]
    } else {
      numbers = try self.numbers(name)
    }
    guard numbers.count == 2, numbers.allSatisfy({ $0 == $0.rounded() && (1...65536).contains($0) })
    else { throw wrong(name, wanted) }
    return (Int(numbers[0]), Int(numbers[1]))
  }

  /// A number between two ends.
  func number(_ name: String, in range: ClosedRange<Double>) throws -> Double {
    let x = try number(name)
    guard range.contains(x) else {
      throw wrong(
        name,
        "a number from \(Value.number(range.lowerBound).brief) to "
          + Value.number(range.upperBound).brief)
    }
    return x
  }

  /// Two numbers `[low, high]` between two ends; nil for nil.
  func range(_ name: String, in limits: ClosedRange<Double>) throws -> ClosedRange<Double>? {
    if isNil(name) { return nil }
    let numbers = try self.numbers(name)
    guard numbers.count == 2, numbers[0] <= numbers[1], limits.contains(numbers[0]),
      limits.contains(numbers[1])
    else {
      throw wrong(
        name,
        "[low, high] from \(Value.number(limits.lowerBound).brief) to "
          + Value.number(limits.upperBound).brief)
    }
    return numbers[0]...numbers[1]
  }

  /// A seed, or nil for the session's.
  func seed(_ name: String) throws -> UInt64? {
    isNil(name) ? nil : UInt64(bitPattern: Int64(try int(name)))
  }
}
