import Formats
import Gradients
import Host
import Tensors

/// Products with matrices, and layers with numbers per channel.
extension ONNXImport {
  static let products: [String: Operator] = [
    "Gemm": { file, node in
      let x = try file.data(0, node)
      try node.expect("transA", 0)
      let factors = (try node.number("alpha", default: 1), try node.number("beta", default: 1))
      guard factors == (1, 1) else { throw node.wrong("has an alpha or beta that is not 1") }
      let isTransposed = try node.int("transB", default: 0) == 1
      let matrix = try file.matrix(1, x, isTransposed: isTransposed, node)
      let bias = try node.has(2) ? file.vector(2, matrix.shape[0], node) : nil
      try file.give(.data(try file.dense(x, matrix, try node.input(1), bias: bias, node)), node)
    },
    "MatMul": { file, node in
      let x = try file.data(0, node)
      let matrix = try file.matrix(1, x, isTransposed: false, node)
      try file.give(.product(x, matrix: matrix, name: try node.input(1)), node)
    },
    "BatchNormalization": { try $0.batchNorm($1) },
  ]

  /// The key of layers, whose weights the file has.
  var key: RandomKey { RandomKey(seed: 0) }

  /// A constant matrix `[units, inputs]` for rows of numbers.
  private func matrix(
    _ position: Int, _ x: Data, isTransposed: Bool, _ node: ONNXNodeReader
  ) throws -> Tensor {
    let given = try numbers(position, node)
    guard given.shape.count == 2, x.shape.count == 1 else {
      throw node.wrong(
        "must multiply rows by a matrix, and has \(Tensor.describe(x.shape)) for each input and "
          + Tensor.describe(given.shape))
    }
    let matrix = isTransposed ? given : try given.transposed()
    guard matrix.shape[1] == x.shape[0], matrix.shape[0] >= 1 else {
      throw node.wrong(
        "has a matrix of shape \(Tensor.describe(given.shape)) for \(x.shape[0]) numbers")
    }
    return matrix
  }

  /// A constant of `count` numbers.
  func vector(_ position: Int, _ count: Int, _ node: ONNXNodeReader) throws -> Tensor {
    let vector = try numbers(position, node)
    guard vector.count == count, vector.shape.last == count else {
      throw node.wrong(
        "has \(Tensor.describe(vector.shape)) in \"\(try node.input(position))\", where \(count) "
          + "numbers are needed")
    }
    return try vector.reshaped([count])
  }

  /// Adds a fully connected layer.
  mutating func dense(
    _ x: Data, _ matrix: Tensor, _ name: String, bias: Tensor?, _ node: ONNXNodeReader
  ) throws -> Data {
    var options = WeightOptions()
    options.hasBias = bias != nil
    let dense = try Dense(units: matrix.shape[0], options: options, key: key)
    dense.weight.value = matrix
    dense.bias?.value = bias
    return try add(dense, "dense", [x], node, shape: [matrix.shape[0]], weight: name)
  }

  private mutating func batchNorm(_ node: ONNXNodeReader) throws {
    let x = try data(0, node)
    try node.expect("training_mode", 0)
    try node.expect("spatial", 1)
    let channels = x.shape[0]
    // Rounded, since 1 - 0.9 is not quite 0.1.
    let momentum = ((1 - (try node.number("momentum", default: 0.9))) * 1e9).rounded() / 1e9
    let norm = try BatchNorm(
      momentum: momentum, epsilon: node.number("epsilon", default: 1e-5), channels: channels)
    norm.weight.value = try vector(1, channels, node)
    norm.bias.value = try vector(2, channels, node)
    norm.runningMean.value = try vector(3, channels, node)
    norm.runningVariance.value = try vector(4, channels, node)
    try layer(norm, "batch_norm", [x], node, shape: x.shape, weight: 1)
  }
}
