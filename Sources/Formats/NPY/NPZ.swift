import Host
import Tensors

/// NumPy's .npz files, which are zip archives of .npy files.
public struct NPZ {
  /// The arrays by name, in the archive's order.
  public private(set) var arrays: [(name: String, content: NPY.Content)] = []
  /// The reasons why files of the archive were left out, as errors of kind `element-type`.
  public private(set) var leftOut: [Failure] = []

  /// Reads the bytes of an archive; `name` is used in error messages. Throws the errors of `Zip`
  /// and `NPY.read`.
  public init(decoding bytes: [UInt8], name: String) throws {
    for file in try Zip(decoding: bytes, name: name).entries where !file.name.hasSuffix("/") {
      let isNPY = file.name.hasSuffix(".npy")
      do {
        guard isNPY || NPY.isOne(file.bytes) else {
          throw Failure("element-type", "read: \(name): \(file.name) is not a .npy file")
        }
        let content = try NPY.read(file.bytes, name: "\(name): \(file.name)")
        arrays.append((isNPY ? String(file.name.dropLast(4)) : file.name, content))
      } catch let failure as Failure where failure.kind == "element-type" {
        leftOut.append(failure)
      }
    }
  }

  /// Returns an archive of tensors, without compression.
  public static func encode(_ tensors: [(name: String, tensor: Tensor)]) throws -> [UInt8] {
    try Zip(tensors.map { ($0.name + ".npy", NPY.encode($0.tensor)) }).encoded()
  }
}
