import Host
import Tensors

/// NumPy's .npz files: zip archives of .npy files.
public struct NPZ {
  /// The arrays by name, in the archive's order.
  public private(set) var arrays: [(name: String, content: NPY.Content)] = []
  /// Why files of the archive are not among these: of each the error, of kind `element-type`.
  public private(set) var leftOut: [Failure] = []

  /// Reads an archive's bytes; `name` stands in errors. Throws what `Zip` and `NPY.read` do.
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

  /// An archive of tensors, which are not compressed.
  public static func encode(_ tensors: [(name: String, tensor: Tensor)]) throws -> [UInt8] {
    try Zip(tensors.map { ($0.name + ".npy", NPY.encode($0.tensor)) }).encoded()
  }
}
