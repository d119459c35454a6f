import Formats
import Gradients
import Host
import Tensors

/// Operators that compute nothing, and concatenation.
extension ONNXImport {
  static let reshaping: [String: Operator] = [
    "Identity": { file, node in
      if let constant = try file.constant(0, node) { return try file.give(constant, node) }
      try file.give(try file.value(0, node), node)
    },
    "Constant": { file, node in try file.give(ONNXImport.constant(node), node) },
    "Flatten": { file, node in
      try node.expect("axis", 1)
      try file.flatten(node)
    },
    "Reshape": { try $0.reshape($1) },
    "Squeeze": { try $0.squeeze($1) },
    "Unsqueeze": { try $0.unsqueeze($1) },
    "Pad": { try $0.pad($1) },
    "Concat": { try $0.concatenate($1) },
  ]

  private static func constant(_ node: ONNXNodeReader) throws -> ONNXModel.Constant {
    if case .constant(let value)? = node.attribute("value") { return value }
    switch node.attribute("value_float") {
    case .float(let number)?: return .tensor(try Tensor(scalar: number))
    default: break
    }
    if case .floats(let numbers)? = node.attribute("value_floats") {
      return .tensor(try Tensor(numbers, shape: [numbers.count]))
    }
    if case .int(let number)? = node.attribute("value_int") {
      return .integers([number], shape: [])
    }
    if case .ints(let numbers)? = node.attribute("value_ints") {
      return .integers(numbers, shape: [numbers.count])
    }
    throw node.wrong("has no constant that is read")
  }

  /// Makes a vector of the values of each input.
  private mutating func flatten(_ node: ONNXNodeReader) throws {
    if case .mean(let x) = try value(0, node) { return try give(.data(pooled(x, node)), node) }
    let x = try data(0, node)
    guard x.shape.count > 1 else { return try give(.data(x), node) }
    try give(.data(named("flatten", [x], node, shape: [x.shape.reduce(1, *)])), node)
  }

  private mutating func reshape(_ node: ONNXNodeReader) throws {
    let keepsZeros = try node.int("allowzero", default: 0) == 1
    let wanted = try integers(1, node)
    let value = try value(0, node)
    let shape: [Int] =
      switch value {
      case .mean(let x): [x.shape[0], 1, 1]
      case .response(let part): part.shape
      default: try data(0, node).shape
      }
    let new = try resolved(wanted, shape, keepsZeros, node)
    switch value {
    case .response(let part) where !part.isSquare || new == [1] + shape:
      try give(.response(part.reshaped(to: new, node)), node)
    case .mean where new == shape: try give(value, node)
    default:
      if new == shape { return try give(value, node) }
      guard new == [shape.reduce(1, *)] else {
        throw node.wrong(
          "reshapes \(Tensor.describe(shape)) to \(Tensor.describe(new)) for each input, where only a "
            + "vector is read")
      }
      try flatten(node)
    }
  }

  /// The shape for each input that a target shape means.
  private func resolved(
    _ wanted: [Int], _ shape: [Int], _ keepsZeros: Bool, _ node: ONNXNodeReader
  ) throws -> [Int] {
    func wrong() -> Failure {
      node.wrong("reshapes \(Tensor.describe(shape)) for each input to \(Tensor.describe(wanted))")
    }
    guard let first = wanted.first,
      first == -1 || first == batch || first == 0 && !keepsZeros
    else { throw wrong() }
    var new = Array(wanted.dropFirst())
    for (i, size) in new.enumerated() where size == 0 && !keepsZeros && shape.indices.contains(i) {
      new[i] = shape[i]
    }
    let count = shape.reduce(1, *)
    if let unknown = new.firstIndex(of: -1) {
      new[unknown] = 1
      guard first != -1, new.allSatisfy({ (1...count).contains($0) }),
        let known = try? Tensor.count(of: new), count % known == 0
      else { throw wrong() }
      new[unknown] = count / known
    }
    guard new.allSatisfy({ $0 >= 1 }), try Tensor.count(of: new) == count else { throw wrong() }
    return new
  }

  /// The axes that a node names, from 0 on, among `rank`.
  private func axes(_ node: ONNXNodeReader, rank: Int) throws -> Set<Int> {
    let axes = try node.has(1) ? integers(1, node) : node.ints("axes") ?? []
    return Set(axes.map { $0 < 0 ? $0 &+ rank : $0 })
  }

  private mutating func squeeze(_ node: ONNXNodeReader) throws {
    switch try value(0, node) {
    case .mean(let x) where try axes(node, rank: 4) == [2, 3]:
      try give(.data(pooled(x, node)), node)
    case .response(let part) where try axes(node, rank: 5) == [1]:
      try give(.response(part.reshaped(to: part.x.shape, node)), node)
    default: throw node.wrong("is only read behind the mean of images")
    }
  }

  private mutating func unsqueeze(_ node: ONNXNodeReader) throws {
    guard case .response(let part) = try value(0, node), try axes(node, rank: 5) == [1] else {
      throw node.wrong("is only read in a local response normalisation")
    }
    try give(.response(part.reshaped(to: [1] + part.x.shape, node)), node)
  }

  private mutating func pad(_ node: ONNXNodeReader) throws {
    guard case .response(let part) = try value(0, node),
      try node.string("mode", default: "constant") == "constant"
    else { throw node.wrong("is only read in a local response normalisation") }
    if node.has(2), try number(2, node) != 0 { throw node.wrong("pads with another number than 0") }
    guard !node.has(3) else { throw node.wrong("has axes, which are not read") }
    let pads = try node.has(1) ? integers(1, node) : node.ints("pads") ?? []
    try give(.response(part.padded(pads, node)), node)
  }

  private mutating func concatenate(_ node: ONNXNodeReader) throws {
    let inputs = try node.node.inputs.indices.map { try data($0, node) }
    guard let first = inputs.first else { throw node.wrong("has no inputs") }
    let axis = try node.int("axis", default: 1)
    guard axis == 1 || axis == -first.shape.count,
      inputs.allSatisfy({ $0.shape.dropFirst() == first.shape.dropFirst() })
    else { throw node.wrong("must join channels, of equal shapes otherwise") }
    guard inputs.count > 1 else { return try give(.data(first), node) }
    let channels = inputs.reduce(0) { $0 + $1.shape[0] }
    try give(
      .data(named("concat", inputs, node, shape: [channels] + first.shape.dropFirst())), node)
  }
}
