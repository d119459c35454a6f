import Formats
import Host
import Language
import Tensors

extension FileFormat {
  /// A map from names to tensors.
  static let safeTensors = FileFormat(
    reading: { file, path, library in
      let content = try SafeTensors(file, path: path)
      return library.map(
        of: content.tensors.map { ($0.name, Value($0.tensor)) }, leftOut: content.leftOut)
    },
    writing: { value in try tensors(of: value).map { SafeTensors($0).parts } },
    takes: namedTensors + " (a model: save(g, path))")

  /// The value that formats with several tensors expect, for error messages.
  static let namedTensors = "a map from names to tensors"

  /// Returns the tensors of a map by name; nil for any other value.
  static func tensors(of value: Value) throws -> [(name: String, tensor: Tensor)]? {
    guard case .map(let map) = value else { return nil }
    return try map.entries.mapAll { key, value in
      guard case .string(let name) = key else { return nil }
      do {
        return (name, try TensorObject.tensorOf(value).value)
      } catch var failure as Failure {
        failure.message = "write: \(name): \(failure.message)"
        throw failure
      }
    }
  }
}
