import Formats
import Language
import Tensors

extension Value {
  /// What a .npy file holds: a tensor, or strings in lists in lists.
  init(_ content: NPY.Content) {
    switch content {
    case .tensor(let tensor): self = Value(tensor)
    case .texts(let texts, let shape):
      var values = texts.map { Value($0) }
      for side in shape.dropFirst().reversed() {
        values =
          side == 0
          ? []
          : stride(from: 0, to: values.count, by: side).map {
            .list(List(Array(values[$0..<$0 + side])))
          }
      }
      self = shape.isEmpty ? values.first ?? .nil : .list(List(values))
    }
  }
}
