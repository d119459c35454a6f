import Gradients
import Host
import Language
import Tensors

/// The comparison of two values, item by item, that `assert_equal` and `assert_close` make.
struct Comparison {
  /// How far numbers may be apart.
  enum Tolerance {
    /// They must be equal.
    case none
    /// As far as the precision of their types suggests.
    case byType
    /// By at most `absolute + relative * |wanted|`.
    case given(relative: Double, absolute: Double)
  }

  /// How far numbers may be apart.
  let tolerance: Tolerance
  /// Whether nan is close to nan.
  let equalNaN: Bool
  /// Whether two tensors must have the same type.
  let checksDType: Bool

  /// What differs: a sentence, and by how much.
  private struct Difference {
    let text: String
    var label: String?
  }

  /// Gives nil if the values are close, and throws `assertion` if they are not.
  func demand(_ got: Value, _ wanted: Value, _ title: String) throws -> Value {
    guard let difference = try difference(got, wanted, path: "") else { return .nil }
    throw Failure("assertion", "\(title): \(difference.text)", label: difference.label)
  }

  private func difference(_ got: Value, _ wanted: Value, path: String, depth: Int = 0) throws
    -> Difference?
  {
    guard depth <= 64 else {
      throw Failure("type", "the values are nested more than 64 deep, or one contains itself")
    }
    let place = path.isEmpty ? "" : "at \(path): "
    switch (got, wanted) {
    case (.number(let x), .number(let y)):
      let scalars = Scalars(.float64, count: 1, got: { _ in x }, wanted: { _ in y })
      guard let found = find(scalars, shape: []) else { return nil }
      return Difference(
        text: "\(place)got \(got.printed), wanted \(wanted.printed)", label: found.label)
    case (.list(let xs), .list(let ys)):
      if xs.count != ys.count {
        return Difference(
          text: "\(place)got \(xs.count) items, wanted \(ys.count)",
          label: "got \(got.brief), wanted \(wanted.brief)")
      }
      for (i, (x, y)) in zip(xs.items, ys.items).enumerated() {
        if let found = try difference(x, y, path: "\(path)[\(i)]", depth: depth + 1) {
          return found
        }
      }
      return nil
    case (.map(let xs), .map(let ys)):
      for (key, x) in xs.entries {
        guard let y = ys[key] else {
          return Difference(text: "\(place)got a key \(key.value.brief), which is not wanted")
        }
        let step =
          if case .string(let name) = key { ".\(name)" } else { "[\(key.value.brief)]" }
        if let found = try difference(x, y, path: path + step, depth: depth + 1) { return found }
      }
      guard let (missing, _) = ys.entries.first(where: { xs[$0.key] == nil }) else { return nil }
      return Difference(text: "\(place)the key \(missing.value.brief) is missing")
    case (.object(let x as TensorObject), .object(let y as TensorObject)):
      return try difference(x.tensor, y.tensor, place)
    case (.object(let x as TensorObject), .number), (.object(let x as TensorObject), .list),
      (.object(let x as TensorObject), .bool), (.object(let x as TensorObject), .range):
      return try difference(
        x.tensor, TensorObject.tensorOf(wanted, x.tensor.dtype).value, place)
    case (.number, .object(let y as TensorObject)), (.list, .object(let y as TensorObject)),
      (.bool, .object(let y as TensorObject)), (.range, .object(let y as TensorObject)):
      return try difference(TensorObject.tensorOf(got, y.tensor.dtype).value, y.tensor, place)
    default:
      if Value.areEqual(got, wanted) { return nil }
      return Difference(text: "\(place)got \(got.brief), wanted \(wanted.brief)")
    }
  }

  private func difference(_ got: Tensor, _ wanted: Tensor, _ place: String) throws -> Difference? {
    guard got.shape == wanted.shape else {
      return Difference(
        text:
          "\(place)got shape \(Tensor.describe(got.shape)), wanted \(Tensor.describe(wanted.shape))"
      )
    }
    if checksDType, got.dtype != wanted.dtype {
      return Difference(text: "\(place)got dtype \(got.dtype.name), wanted \(wanted.dtype.name)")
    }
    let scalars = Scalars(
      min(got.dtype, wanted.dtype), count: got.count, got: got.element, wanted: wanted.element)
    guard let found = find(scalars, shape: got.shape) else { return nil }
    let index = found.farthest
    let numbers = "got \(TensorText.number(got, index)), wanted \(TensorText.number(wanted, index))"
    guard got.rank > 0 else { return Difference(text: place + numbers, label: found.label) }
    let verb = found.count == 1 ? "differs, at" : "differ, the most at"
    return Difference(
      text: "\(place)\(found.count) of \(got.count) elements \(verb) "
        + "\(Tensor.describe(Comparison.position(index, in: got.shape))): \(numbers)",
      label: found.label)
  }

  // MARK: Numbers

  /// Two sequences of numbers of the same length, and the type that limits their precision.
  private struct Scalars {
    let dtype: DType
    let count: Int
    let got: (Int) -> Double
    let wanted: (Int) -> Double

    init(
      _ dtype: DType, count: Int, got: @escaping (Int) -> Double,
      wanted: @escaping (Int) -> Double
    ) {
      (self.dtype, self.count, self.got, self.wanted) = (dtype, count, got, wanted)
    }
  }

  /// The numbers that are not close.
  private struct Found {
    /// How many.
    var count = 0
    /// The index of the pair that is farthest apart, by its distance.
    var farthest = 0
    var distance = -1.0
    /// The same for the distance relative to the wanted number.
    var relatively = 0
    var ratio = -1.0
    /// By how much they differ, and by how much they may.
    var label = ""
  }

  private func find(_ scalars: Scalars, shape: [Int]) -> Found? {
    let (relative, absolute) = limits(scalars.dtype)
    var found = Found()
    for i in 0..<scalars.count {
      let (x, y) = (scalars.got(i), scalars.wanted(i))
      if x == y || (equalNaN && x.isNaN && y.isNaN) { continue }
      let distance = abs(x - y)
      if distance.isFinite, distance <= absolute + relative * abs(y) { continue }
      found.count += 1
      // What is not a number is farther away than any number.
      let (reach, ratio) = distance.isNaN ? (.infinity, .infinity) : (distance, distance / abs(y))
      if reach > found.distance { (found.distance, found.farthest) = (reach, i) }
      if ratio > found.ratio { (found.ratio, found.relatively) = (ratio, i) }
    }
    guard found.count > 0 else { return nil }
    guard found.distance.isFinite else {
      let isNaN = scalars.got(found.farthest).isNaN && scalars.wanted(found.farthest).isNaN
      found.label = isNaN ? "equal_nan: true takes nan as equal to nan" : "not close"
      return found
    }
    let allowed =
      relative == 0 && absolute == 0
      ? ""
      : "; \(Comparison.short(absolute)) + \(Comparison.short(relative)) * |wanted| is allowed"
    var ratio = "relatively by \(Comparison.short(found.ratio))"
    if found.relatively != found.farthest {
      let position = Comparison.position(found.relatively, in: shape)
      ratio += " at \(Tensor.describe(position))"
    }
    found.label = "off by \(Comparison.short(found.distance)), \(ratio)\(allowed)"
    return found
  }

  /// The relative and the absolute tolerance for numbers of a type: PyTorch's.
  private func limits(_ dtype: DType) -> (relative: Double, absolute: Double) {
    switch tolerance {
    case .none: return (0, 0)
    case .given(let relative, let absolute): return (relative, absolute)
    case .byType:
      switch dtype {
      case .bool, .uint8, .int32: return (0, 0)
      case .float32: return (1.3e-6, 1e-5)
      case .float64: return (1e-7, 1e-7)
      }
    }
  }

  private static func short(_ x: Double) -> String {
    (try? Value.number(x).formatted(".3g")) ?? "\(x)"
  }

  /// The index along each axis of an element that is counted through.
  private static func position(_ index: Int, in shape: [Int]) -> [Int] {
    var rest = index
    return shape.reversed().map { size in
      defer { rest /= max(size, 1) }
      return rest % max(size, 1)
    }.reversed()
  }
}
