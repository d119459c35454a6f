import Formats
import Language

extension FileFormat {
  /// A tensor, or nested lists of strings.
  static let npy = FileFormat(
    read: { bytes, path, _ in Value(try NPY.read(bytes, name: path)) },
    write: { value in value.instance(of: TensorObject.self).map { NPY.encode($0.tensor) } },
    takes: "a tensor")

  /// A map from names to such values.
  static let npz = FileFormat(
    read: { bytes, path, library in
      let file = try NPZ(decoding: bytes, name: path)
      return library.map(
        of: file.arrays.map { ($0.name, Value($0.content)) }, leftOut: file.leftOut)
    },
    write: { value in try tensors(of: value).map(NPZ.encode) }, takes: namedTensors)
}

extension Value {
  /// Converts the content of a .npy file: a tensor, or strings in nested lists.
  fileprivate init(_ content: NPY.Content) {
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
