import Formats
import Host
import Tensors

/// A file of weights, written by Limbeck or by a PyTorch user: safetensors, what `torch.save` wrote,
/// an ONNX file, or an archive of NumPy's. Of a network of MatConvNet, what `save` would write of its model.
public struct WeightFile {
  /// The path, for error messages.
  public let path: String
  /// What the weights come from, as reports call it.
  let source: String
  /// The file's content.
  public let content: SafeTensors
  /// The `limbeck` entry in the metadata of a file that `Layer.save` wrote. The entry `format` is
  /// `pt`, since readers in Python refuse others.
  static let modelKind = "model 2"
  /// That of a file that `ValueContent` wrote.
  static let valueKind = "value 1"

  private let metadata: [String: String]
  private let tensors: [String: Tensor]

  /// Reads a file, whose first bytes tell its format.
  public init(_ path: String, on host: Host) throws {
    let file = try host.open(path)
    let start = try file.bytes(count: 64)
    if MATFile.isOne(start) {
      self.init(path, try MatConvNetFile(file.bytes(), name: path).model.fileContent { _ in nil })
      return
    }
    let content =
      if NPZ.isOne(start) {
        try NPZ(decoding: host.read(path), name: path).weights(name: path)
      } else if PyTorchFile.isOne(start) {
        try PyTorchFile(file, path: path).weights()
      } else if ONNXModel.isOne(start) {
        try WeightFile(weightsOf: Layer.load(ONNXModel(from: path, on: host), path: path)).content
      } else {
        try SafeTensors(file, path: path)
      }
    self.init(path, content)
  }

  /// The tensors of a network, as a file that has nothing else would hold them.
  public init(weightsOf layer: Layer) {
    let parameters = layer.parameters.map { (name: $0.path, tensor: $0.parameter.value) }
    let buffers = layer.buffers.map { (name: $0.path, tensor: $0.buffer.value) }
    let tensors = (parameters + buffers).compactMap { name, tensor in tensor.map { (name, $0) } }
    self.init(
      "the other model",
      SafeTensors(tensors, metadata: layer.tensorAliases.map { ($0.other, $0.kept) }),
      source: "the other model")
  }

  /// Takes the content of a file that has been read.
  public init(_ path: String, _ content: SafeTensors, source: String = "the file") {
    self.path = path
    self.source = source
    self.content = content
    metadata = Dictionary(content.metadata, uniquingKeysWith: { a, _ in a })
    tensors = Dictionary(
      content.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { a, _ in a })
  }

  /// Whether `save` wrote the file.
  var isOurs: Bool { isValue || kind?.hasPrefix("model ") ?? false }

  /// Whether `ValueContent` wrote the file.
  var isValue: Bool { kind == WeightFile.valueKind }

  /// The `limbeck` entry in the metadata, which was part of `format` in earlier files.
  private var kind: String? {
    if let kind = metadata["limbeck"] { return kind }
    let format = metadata["format"] ?? ""
    return format.hasPrefix("limbeck ") ? String(format.dropFirst("limbeck ".count)) : nil
  }

  /// The first components by which PyTorch's wrappers extend all names: `DataParallel`,
  /// `torch.compile`, and Lightning's modules.
  private static let wrappers = ["module", "_orig_mod", "model"]

  /// The file without the prefixes of wrappers, if none of its names is `wanted` as it is.
  func unwrapped(for wanted: Set<String>) -> WeightFile {
    var file = self
    while !isOurs, !file.names.contains(where: wanted.contains),
      let wrapper = WeightFile.wrappers.first(where: { wrapper in
        file.names.allSatisfy { $0.hasPrefix(wrapper + ".") }
      }), !file.names.isEmpty
    {
      func bare(_ name: String) -> String {
        name.hasPrefix(wrapper + ".") ? String(name.dropFirst(wrapper.count + 1)) : name
      }
      var content = file.content
      content.tensors = content.tensors.map { (bare($0.name), $0.tensor) }
      content.finite = Set(content.finite.map(bare))
      content.metadata = content.metadata.map { (bare($0.0), bare($0.1)) }
      file = WeightFile(path, content, source: source)
    }
    return file
  }

  /// The file with the names of `layers` for its own, if it numbers them as a list of layers does
  /// (`0.weight`), has as many with tensors, and none of its names is `wanted` as it is; otherwise
  /// nil. The layers are taken in order.
  func renumbered(for layers: [String], wanted: Set<String>) -> WeightFile? {
    let numbers = Set(names.map { Int($0.prefix { $0 != "." }) })
    guard numbers.count == layers.count, !numbers.contains(nil), !layers.contains(""),
      !names.contains(where: wanted.contains)
    else { return nil }
    let paths = Dictionary(
      uniqueKeysWithValues: zip(numbers.compactMap { $0 }.sorted().map(String.init), layers))
    func path(_ name: String) -> String {
      let number = String(name.prefix { $0 != "." })
      return paths[number].map { $0 + name.dropFirst(number.count) } ?? name
    }
    var content = content
    content.tensors = content.tensors.map { (path($0.name), $0.tensor) }
    content.finite = Set(content.finite.map(path))
    content.metadata = content.metadata.map { key, value in
      guard key == "frozen", let json = try? JSON(parsing: value.utf8, what: key),
        case .array(let names) = json
      else { return (path(key), path(value)) }
      let renamed = names.map {
        if case .string(let name) = $0 { JSON.string(path(name)) } else { $0 }
      }
      return (key, JSON.array(renamed).text)
    }
    return WeightFile(self.path, content, source: source)
  }

  /// Names the tensors with elements that are NaN or infinite; nil if there are none.
  public var unusable: String? {
    var names: [String] = []
    var (nan, infinite) = (0, 0)
    for (name, tensor) in content.tensors where !content.finite.contains(name) {
      let found = tensor.countNotFinite()
      guard found != (0, 0) else { continue }
      names.append(name)
      nan += found.nan
      infinite += found.infinite
    }
    guard !names.isEmpty else { return nil }
    let counts = [nan > 0 ? "\(nan) NaN" : nil, infinite > 0 ? "\(infinite) infinite" : nil]
    return counts.compactMap { $0 }.joined(separator: " and ") + " in " + WeightReport.listed(names)
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
      if case .array(let parts)? = json["layers"] ?? json["parts"] ?? json["list"] {
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

  /// The patterns given to `freeze` for the networks in the file, by path.
  func freezing() throws -> [String: [Freezing]] {
    var freezing: [String: [Freezing]] = [:]
    for case (let key, .array(let rules)) in try entries("freezing") {
      freezing[key] = rules.compactMap {
        guard case .array(let pair) = $0, pair.count == 2, case .string(let pattern) = pair[0],
          case .bool(let isFrozen) = pair[1]
        else { return nil }
        return Freezing(pattern: PathPattern(pattern), isFrozen: isFrozen)
      }
    }
    return freezing
  }

  /// The shapes of the inputs of the networks in the file, by path, without the batch axis.
  func inputs() throws -> [String: [Int]] {
    var inputs: [String: [Int]] = [:]
    for case (let path, .array(let items)) in try entries("inputs") {
      let sizes = items.compactMap {
        if case .number(let size) = $0 { Int(exactly: size) } else { nil }
      }
      guard sizes.count == items.count, sizes.allSatisfy({ (1..<1 << 31).contains($0) }) else {
        throw Failure("file-format", "\(self.path): its inputs are not shapes")
      }
      inputs[path] = sizes
    }
    return inputs
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
