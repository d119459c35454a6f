import Formats
import Gradients
import Host
import Tensors

/// Operators on elements, and those that a normalisation consists of.
extension ONNXImport {
  static let elementwise: [String: Operator] = [
    "Relu": { try $0.function("relu", $1) },
    "LeakyRelu": { file, node in
      let x = try file.data(0, node)
      let layer = LeakyRelu(slope: try node.number("alpha", default: 0.01))
      try file.give(
        .data(file.add(layer, "leaky_relu", [x], node, shape: x.shape)), node)
    },
    "Sigmoid": { try $0.function("sigmoid", $1) },
    "Tanh": { try $0.function("tanh", $1) },
    "Softmax": { try $0.softmax("softmax", $1) },
    "LogSoftmax": { try $0.softmax("log_softmax", $1) },
    "Clip": { try $0.clip($1) },
    "Dropout": { try $0.dropout($1) },
    "LRN": { try $0.responseNorm($1) },
    "Add": { try $0.add($1) },
    "Sum": { file, node in
      try file.sum(node.node.inputs.indices.map { try file.data($0, node) }, node)
    },
    "Sub": { try $0.subtract($1) },
    "Mul": { try $0.multiply($1) },
    "Div": { try $0.divide($1) },
    "Pow": { try $0.power($1) },
  ]

  /// Adds a function by its name in files.
  mutating func named(_ name: String, _ inputs: [Data], _ node: ONNXNodeReader, shape: [Int]) throws
    -> Data
  {
    guard let function = Function(name) else { throw node.wrong("is not a function here") }
    return try add(function, name, inputs, node, shape: shape)
  }

  private mutating func function(_ name: String, _ node: ONNXNodeReader) throws {
    let x = try data(0, node)
    try give(.data(named(name, [x], node, shape: x.shape)), node)
  }

  private mutating func softmax(_ name: String, _ node: ONNXNodeReader) throws {
    let x = try data(0, node)
    let axis = try node.int("axis", default: opset < 13 ? 1 : -1)
    // Before version 13 it was over all axes from this one on.
    guard axis == -1 && (opset >= 13 || x.shape.count == 1) || axis == x.shape.count else {
      throw node.wrong("has axis = \(axis), where only the last axis is read")
    }
    try give(.data(named(name, [x], node, shape: x.shape)), node)
  }

  private mutating func clip(_ node: ONNXNodeReader) throws {
    let low = try node.has(1) ? number(1, node) : node.number("min", default: -.infinity)
    let high = try node.has(2) ? number(2, node) : node.number("max", default: .infinity)
    switch (low, high) {
    case (0, 6): try function("relu6", node)
    case (0, Double(Float.greatestFiniteMagnitude)...): try function("relu", node)
    default: throw node.wrong("has the bounds \(low) and \(high), where only 0 and 6 are read")
    }
  }

  private mutating func dropout(_ node: ONNXNodeReader) throws {
    let x = try data(0, node)
    let rate = try node.has(1) ? number(1, node) : node.number("ratio", default: 0.5)
    _ = try node.int("seed", default: 0)
    guard rate >= 0, rate < 1 else { throw node.wrong("has a ratio of \(rate)") }
    let dropout = try Dropout(rate: rate, key: key["\(items.count)"])
    try layer(dropout, "dropout", [x], node, shape: x.shape)
  }

  private mutating func responseNorm(_ node: ONNXNodeReader) throws {
    let x = try image(0, node)
    let size = try node.int("size", default: 0)
    // The additional channel of an even size is on the other side here.
    guard size >= 1, size % 2 == 1, size < 1 << 20 else {
      throw node.wrong("has size = \(size), where only odd ones are read")
    }
    let norm = LocalResponseNorm(
      size: size, k: try node.number("bias", default: 1),
      alpha: try node.number("alpha", default: 1e-4) / Double(size),
      beta: try node.number("beta", default: 0.75))
    try layer(norm, "lrn", [x], node, shape: x.shape)
  }

  // MARK: Arithmetic

  /// The position of the input that is a constant; nil if none is.
  private func constantSide(_ node: ONNXNodeReader) throws -> Int? {
    guard node.node.inputs.count == 2 else { throw node.wrong("must have two inputs") }
    return try (0...1).first { try constant($0, node) != nil }
  }

  private mutating func add(_ node: ONNXNodeReader) throws {
    guard let side = try constantSide(node) else {
      return try sum([data(0, node), data(1, node)], node)
    }
    switch try value(1 - side, node) {
    case .response(let part):
      try give(.response(part.shifted(by: number(side, node), node)), node)
    case .product(let x, let matrix, let name):
      let bias = try vector(side, matrix.shape[0], node)
      try give(.data(dense(x, matrix, name, bias: bias, node)), node)
    default:
      let shift = try Tensor.apply(.multiply, numbers(side, node), Tensor(scalar: Float(-1)))
      try give(.shifted(image(1 - side, node), by: shift), node)
    }
  }

  private mutating func sum(_ inputs: [Data], _ node: ONNXNodeReader) throws {
    guard let first = inputs.first, inputs.count >= 2,
      inputs.allSatisfy({ $0.shape == first.shape })
    else {
      let shapes = inputs.map { Tensor.describe($0.shape) }.joined(separator: " and ")
      throw node.wrong("adds \(shapes), where shapes must be equal")
    }
    try give(.data(named("add", inputs, node, shape: first.shape)), node)
  }

  private mutating func subtract(_ node: ONNXNodeReader) throws {
    guard try constantSide(node) == 1 else { throw node.wrong("must subtract a constant") }
    try give(.shifted(image(0, node), by: numbers(1, node)), node)
  }

  private mutating func multiply(_ node: ONNXNodeReader) throws {
    guard let side = try constantSide(node) else {
      let (a, b) = (try data(0, node), try data(1, node))
      if a == b, a.shape.count == 3 { return try give(.response(ONNXResponse(a)), node) }
      guard a.shape.count == b.shape.count,
        zip(a.shape, b.shape).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 })
      else {
        throw node.wrong(
          "multiplies \(Tensor.describe(a.shape)) and \(Tensor.describe(b.shape)) for each input")
      }
      let shape = zip(a.shape, b.shape).map { max($0, $1) }
      return try give(.data(named("multiply", [a, b], node, shape: shape)), node)
    }
    if case .response(let part) = try value(1 - side, node) {
      return try give(.response(part.scaled(by: number(side, node), node)), node)
    }
    let factor = try Tensor.apply(.divide, Tensor(scalar: Float(1)), numbers(side, node))
    try give(.data(normalized(image(1 - side, node), Tensor(zeros: [1]), factor, node)), node)
  }

  private mutating func divide(_ node: ONNXNodeReader) throws {
    switch try constantSide(node) {
    case nil:
      let x = try data(0, node)
      guard case .response(let part) = try value(1, node) else {
        throw node.wrong("must divide by a constant")
      }
      try layer(part.layer(of: x, node), "lrn", [x], node, shape: x.shape)
    case 1:
      let divisor = try numbers(1, node)
      if case .shifted(let x, let mean) = try value(0, node) {
        return try give(.data(normalized(x, mean, divisor, node)), node)
      }
      try give(.data(normalized(image(0, node), Tensor(zeros: [1]), divisor, node)), node)
    default: throw node.wrong("must divide by a constant")
    }
  }

  private mutating func power(_ node: ONNXNodeReader) throws {
    let exponent = try number(1, node)
    if case .response(let part) = try value(0, node) {
      return try give(.response(part.raised(to: exponent, node)), node)
    }
    guard exponent == 2 else {
      throw node.wrong("has the exponent \(exponent), where only 2 is read")
    }
    try give(.response(ONNXResponse(image(0, node))), node)
  }

  /// Adds (x - mean) / deviation.
  mutating func normalized(
    _ x: Data, _ mean: Tensor, _ deviation: Tensor, _ node: ONNXNodeReader
  ) throws -> Data {
    func shape(_ tensor: Tensor) -> [Int] {
      [Int](repeating: 1, count: max(0, 3 - tensor.shape.count)) + tensor.shape.suffix(3)
    }
    func fits(_ tensor: Tensor) -> Bool {
      tensor.shape.dropLast(3).allSatisfy { $0 == 1 }
        && zip(shape(tensor), x.shape).allSatisfy { $0 == 1 || $0 == $1 }
    }
    guard fits(mean), fits(deviation), Array(shape(deviation).dropFirst()) == [1, 1] else {
      throw node.wrong(
        "has constants of shapes \(Tensor.describe(mean.shape)) and "
          + "\(Tensor.describe(deviation.shape)), where numbers per channel are read")
    }
    let isImage = Array(shape(mean).dropFirst()) != [1, 1]
    let layer = try Normalize(
      mean: mean.array(Float.self), deviation: deviation.array(Float.self),
      imageShape: isImage ? shape(mean) : nil)
    return try add(layer, "normalize", [x], node, shape: x.shape)
  }
}
