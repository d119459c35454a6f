import Host

/// A file of `torch.save` (.pth, .pt), in the present layout or that of before PyTorch 1.6. Its
/// pickle is read by `Unpickler`, which calls nothing; the numbers are read when they are asked for.
public final class PyTorchFile {
  private let objects: PickleObjects
  private let records: any PyTorchRecords
  private let name: String
  private let room: Int

  /// Whether a file that begins with these bytes may be a PyTorch file.
  public static func isOne(_ start: [UInt8]) -> Bool {
    start.starts(with: [0x50, 0x4B, 3, 4]) || isLegacy(start)
  }

  /// Whether the bytes begin with a pickle of the number that PyTorch's files began with.
  static func isLegacy(_ start: [UInt8]) -> Bool {
    guard start.count > 2, start[0] == 0x80, (2...5).contains(start[1]) else { return false }
    // Protocols 4 and 5 have the length of the pickle in front.
    let number = start.dropFirst(start[2] == 0x95 ? 11 : 2)
    return number.starts(
      with: [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19])
  }

  /// Opens a file; `path` is used in errors. Throws `file-format`, `zip-format`, and `unsafe-pickle`
  /// for a file with more than tensors, containers, numbers and texts.
  public init(_ file: any OpenFile, path: String) throws {
    name = path
    if PyTorchFile.isLegacy(try file.bytes(count: 64)) {
      let legacy = try PyTorchLegacy(file, name: path)
      (objects, records) = (legacy.objects, legacy)
    } else if let zip = try PyTorchZip(file, name: path) {
      (objects, records) = (zip.objects, zip)
    } else {
      throw Failure(
        "file-format", "\(path) is a zip archive without a PyTorch pickle (data.pkl)",
        hint: "read(path, format: \"npz\") reads the tensors of NumPy's archives")
    }
    room = file.size
  }

  /// The whole content.
  public func value() throws -> PickleValue {
    let tensors = PyTorchTensors(objects, records, expanding: room)
    return try objects.value(objects.root, in: name, tensor: tensors.tensor)
  }

  /// The tensors of the file's state dict: of the file itself, of one of the usual keys in a
  /// checkpoint, or of the only dict in it that has tensors. What is not a tensor is left out. Throws
  /// `file-format` if there is none or if there are several.
  public func weights() throws -> SafeTensors {
    let tensors = PyTorchTensors(objects, records, expanding: room)
    var result = SafeTensors([])
    for (key, item) in objects.entries(try StateDicts(objects).only(in: name)) ?? [] {
      guard case .string(let key) = key else { continue }
      switch try objects.value(item, in: "\(name): \"\(key)\"", tensor: tensors.tensor) {
      case .tensor(let tensor): result.tensors.append((key, tensor))
      case .unread(let failure): result.leftOut.append(failure)
      default:
        result.leftOut.append(
          Failure("element-type", "\(name): \"\(key)\" is not a tensor, and not read"))
      }
    }
    return result
  }
}
