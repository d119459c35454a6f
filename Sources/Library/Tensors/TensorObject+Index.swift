import Gradients
import Host
import Language
import Tensors

extension TensorObject {
  /// Converts the subscripts of an index to tensor indices.
  static func index(_ subscripts: [Subscript]) throws -> [TensorIndex] {
    try subscripts.map { position in
      switch position {
      case .ellipsis: return .ellipsis
      case .slice(let low, let high): return .slice(low: low, high: high)
      case .value(.number(let x)):
        guard let whole = Int(exactly: x) else {
          throw Failure(
            "type", "index: a position must be a whole number, got \(Value.number(x).brief)")
        }
        return .item(whole)
      case .value(.range(let range)):
        return .steps { size in
          let positions = try range.positions(among: size)
          return (positions.first, positions.step, positions.count)
        }
      case .value(.object(let object as TensorObject)):
        let tensor = object.tensor
        return tensor.rank == 0 && tensor.dtype != .bool && !tensor.dtype.isFloating
          ? .item(Int(tensor.element(0))) : .tensor(tensor)
      case .value(.list(let list)):
        let tensor = try tensorOf(.list(list)).value
        if tensor.dtype == .bool || tensor.count == 0 {
          return .tensor(tensor.count == 0 ? try Tensor(zeros: [0], .int32) : tensor)
        }
        guard try Tensor.apply(.equal, tensor, tensor.mapped(.floor)).all().element(0) != 0 else {
          throw Failure(
            "type", "index: positions must be whole numbers, got \(Value.list(list).brief)")
        }
        return .tensor(try tensor.cast(to: .int32))
      case .value(let other):
        throw Failure(
          "type",
          "index: a tensor is indexed with numbers, ranges, lists, masks and tensors, got "
            + other.brief)
      }
    }
  }

  /// Returns the object that replaces this one after `x[index] = value`. If this is the only
  /// reference and no gradient is recorded, it is the object itself, modified in place; otherwise
  /// it is a modified copy.
  func assigning(_ index: [Subscript], _ value: Value, isUnique: Bool) throws -> TensorObject {
    let positions = try TensorObject.index(index)
    let new = try assigned(value)
    if isUnique, !variable.isTracked, !new.isTracked, let nothing = TensorObject.nothing {
      // The object releases its tensor meanwhile, so that `tensor` is the only reference to the
      // memory.
      var tensor = variable.value
      variable = nothing
      defer { variable = Variable(tensor) }
      try tensor.assign(positions, new.value)
      return self
    }
    return TensorObject(try variable.assigning(positions, new))
  }

  private static let nothing = (try? Tensor(zeros: [0])).map { Variable($0) }

  /// Converts a value for assignment; a number gets the element type of the tensor.
  private func assigned(_ value: Value) throws -> Variable {
    if case .number(let x) = value {
      if !tensor.dtype.isFloating, x != x.rounded() {
        throw Failure(
          "dtype", "tensors of \(tensor.dtype.name) can't hold \(value.brief)",
          hint: "convert it first: x = x.astype(\"float32\")")
      }
      return Variable(try Tensor(scalar: x).cast(to: tensor.dtype == .bool ? .int32 : tensor.dtype))
    }
    return try TensorObject.tensorOf(value)
  }
}
