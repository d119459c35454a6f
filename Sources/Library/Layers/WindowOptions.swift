import Gradients
import Host
import Language
import Models
import Tensors

extension ParameterType {
  /// A number, or one for rows and one for columns.
  static let sides = ParameterType("whole number or [h, w]") {
    ParameterType.whole.accepts($0) || ParameterType.list.accepts($0)
  }
  /// What padding is given as.
  static let padding = ParameterType("whole number, [h, w] or [top, bottom, left, right]") {
    ParameterType.whole.accepts($0) || ParameterType.list.accepts($0)
  }
}

/// How a convolution is computed.
let algorithmOption = Language.Parameter.optional(
  "algorithm", .string, .nil, "how it is computed; nil leaves the choice to the sizes",
  namedOnly: true)

extension Call {
  /// A convolution's algorithm; nil where the sizes choose.
  func algorithm() throws -> ConvolutionAlgorithm? {
    if isNil("algorithm") { return nil }
    guard let algorithm = ConvolutionAlgorithm(rawValue: try string("algorithm")) else {
      throw wrong(
        "algorithm",
        ConvolutionAlgorithm.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
    }
    return algorithm
  }

  /// A number, 1 or more, or a list of two.
  func sides(_ name: String) throws -> (Int, Int) {
    let numbers = try wholes(
      name, counts: [1, 2], minimum: 1, "a whole number, 1 or more, or [h, w]")
    return (numbers[0], numbers[numbers.count - 1])
  }

  /// Strides and padding; a stride of nil is `standard`.
  func window(stride standard: (Int, Int)? = nil) throws -> Window {
    var stride = [standard?.0 ?? 1, standard?.1 ?? 1]
    if !isNil("stride") {
      stride = try wholes(
        "stride", counts: [1, 2], minimum: 1, "a whole number, 1 or more, or [h, w]")
    }
    let padding = try wholes(
      "padding", counts: [1, 2, 4], minimum: 0,
      "a whole number, 0 or more, [h, w] or [top, bottom, left, right]")
    return try Window(stride: stride, padding: padding)
  }

  private func wholes(_ name: String, counts: [Int], minimum: Int, _ wanted: String) throws -> [Int]
  {
    let values: [Value] = if case .list(let list) = self[name] { list.items } else { [self[name]] }
    let numbers = values.compactMap { value -> Int? in
      guard case .number(let x) = value, let whole = Int(exactly: x), whole >= minimum,
        whole < 1 << 20
      else { return nil }
      return whole
    }
    guard numbers.count == values.count, counts.contains(numbers.count) else {
      throw wrong(name, wanted)
    }
    return numbers
  }

  /// A layer's input size: one number, or the sizes of an image.
  func inputShape(_ name: String = "input") throws -> [Int]? {
    if isNil(name) { return nil }
    let values: [Value] = if case .list(let list) = self[name] { list.items } else { [self[name]] }
    let numbers = values.compactMap { value -> Int? in
      guard case .number(let x) = value, let whole = Int(exactly: x), whole >= 1 else { return nil }
      return whole
    }
    guard numbers.count == values.count, !numbers.isEmpty else {
      throw wrong(name, "a size or a list of sizes, e.g. [3, 224, 224]")
    }
    try Tensor.count(of: numbers)
    return numbers
  }
}
