import Formats
import Gradients
import Tensors

/// Operators that take rows of a table.
extension ONNXImport {
  static let rows: [String: Operator] = [
    "Cast": { file, node in
      guard try node.int("to", default: 1) == 7 else {
        throw node.wrong("makes another type, where only whole numbers (int64) are read")
      }
      try file.give(.places(try file.data(0, node)), node)
    },
    "Gather": { try $0.embedding($1) },
  ]

  private mutating func embedding(_ node: ONNXNodeReader) throws {
    let weights = try numbers(0, node)
    guard case .places(let x) = try value(1, node), weights.shape.count == 2,
      weights.count > 0
    else { throw node.wrong("is only read as rows of a table at places that are whole numbers") }
    try node.expect("axis", 0)
    let table = try Embedding(count: weights.shape[0], width: weights.shape[1], key: key)
    table.weight.value = weights
    try layer(
      table, "embedding", [x], node, shape: x.shape + [weights.shape[1]], weight: 0)
  }
}
