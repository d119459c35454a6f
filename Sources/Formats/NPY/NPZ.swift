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

  /// Whether a file that begins with these bytes may be such an archive: its first entry is a .npy
  /// file.
  public static func isOne(_ start: [UInt8]) -> Bool {
    guard start.starts(with: [0x50, 0x4B, 3, 4]), start.count > 30 else { return false }
    let length = Int(start[26]) | Int(start[27]) << 8
    return start.dropFirst(30).prefix(length).suffix(4).elementsEqual(".npy".utf8)
  }

  /// The arrays as weights by name; those that are not tensors are left out.
  public func weights(name: String) -> SafeTensors {
    var result = SafeTensors([])
    result.leftOut = leftOut
    for (key, content) in arrays {
      switch content {
      case .tensor(let tensor): result.tensors.append((key, tensor))
      case .texts:
        result.leftOut.append(
          Failure("element-type", "\(name): \"\(key)\" is text, not a tensor, and not read"))
      }
    }
    return result
  }

  /// Returns an archive of tensors, without compression.
  public static func encode(_ tensors: [(name: String, tensor: Tensor)]) throws -> [UInt8] {
    try Zip(tensors.map { ($0.name + ".npy", NPY.encode($0.tensor)) }).encoded()
  }
}
