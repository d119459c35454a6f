import Formats
import Host
import Tensors

/// A file of weights, written by Limbeck or by a PyTorch user.
public struct WeightFile {
  /// The path, for error messages.
  public let path: String
  /// The file's content.
  public let content: SafeTensors
  /// The `format` of a file that `ValueContent` wrote.
  static let valueFormat = "limbeck value 1"

  private let metadata: [String: String]
  private let tensors: [String: Tensor]

  /// Reads a file.
  public init(_ path: String, on host: Host) throws {
    self.init(path, try SafeTensors(decoding: host.read(path), path: path))
  }

  /// Takes the content of a file that has been read.
  init(_ path: String, _ content: SafeTensors) {
    self.path = path
    self.content = content
    metadata = Dictionary(content.metadata, uniquingKeysWith: { a, _ in a })
    tensors = Dictionary(
      content.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { a, _ in a })
  }

  /// Whether `save` wrote the file.
  var isOurs: Bool {
    let format = metadata["format"] ?? ""
    return format.hasPrefix("limbeck model ") || format == WeightFile.valueFormat
  }

  /// The tensor with a name, or with an additional name from the metadata, together with its name
  /// in the file.
  subscript(_ name: String) -> (name: String, tensor: Tensor)? {
    if let tensor = tensors[name] { return (name, tensor) }
    guard let kept = metadata[name], let tensor = tensors[kept] else { return nil }
    return (kept, tensor)
  }

  /// All names of tensors: those in the file and the additional ones from the metadata.
  var names: [String] {
    content.tensors.map(\.name)
      + content.metadata.filter { tensors[$0.0] == nil && tensors[$0.1] != nil }.map(\.0)
  }

  /// The number of groups of the convolution at each path, as far as the file records it.
  func groups() throws -> [String: Int] {
    var groups: [String: Int] = [:]
    func walk(_ json: JSON, _ path: String) {
      func inside(_ part: JSON, _ name: String) {
        walk(part, path.isEmpty ? name : "\(path).\(name)")
      }
      if case .number(let count)? = json["groups"] { groups[path] = Int(exactly: count) }
      for name in ["body", "shortcut"] { if let part = json[name] { inside(part, name) } }
      if case .array(let parts)? = json["layers"] {
        for (name, part) in zip(json.names ?? parts.indices.map(String.init), parts) {
          inside(part, name)
        }
      }
    }
    if isOurs, let json = try json("architecture") { walk(json, "") }
    return groups
  }

  /// A JSON entry of the metadata.
  func json(_ name: String) throws -> JSON? {
    try metadata[name].map { try JSON(parsing: $0.utf8, what: "\(path): its \(name)") }
  }

  /// An entry of the metadata that is an object; it may be missing.
  func entries(_ name: String) throws -> [(String, JSON)] {
    guard isOurs, let json = try json(name) else { return [] }
    guard case .object(let entries) = json else {
      throw Failure("file-format", "\(path): its \(name) are not an object")
    }
    return entries
  }

  /// An object whose values are strings.
  func texts(_ name: String) throws -> [String: String] {
    var texts: [String: String] = [:]
    for case (let key, .string(let text)) in try entries(name) { texts[key] = text }
    return texts
  }

  /// The settings of a network.
  func settings() throws -> [String: Double] {
    var settings: [String: Double] = [:]
    for case (let key, .number(let value)) in try entries("settings") { settings[key] = value }
    return settings
  }

  /// The classes of the networks in the file, by path.
  func classes() throws -> [String: [String]] {
    var classes: [String: [String]] = [:]
    for case (let key, .array(let items)) in try entries("classes") {
      classes[key] = items.compactMap { if case .string(let name) = $0 { name } else { nil } }
    }
    return classes
  }

  /// The names of the frozen parameters.
  func frozen() throws -> Set<String> {
    guard isOurs, case .array(let names)? = try json("frozen") else { return [] }
    return Set(names.compactMap { if case .string(let name) = $0 { name } else { nil } })
  }
}

extension JSON {
  /// The names of the layers of a sequential; nil if they are called by their positions.
  fileprivate var names: [String]? {
    guard case .array(let items)? = self["names"] else { return nil }
    return items.compactMap { if case .string(let name) = $0 { name } else { nil } }
  }
}
