import Formats
import Host
import Tensors

/// A file that `ValueContent` wrote.
public struct ValueFile {
  /// How the value is put together.
  public let structure: JSON
  /// The path, for error messages.
  public let path: String
  private let content: SafeTensors
  private let optimizers: [(String, JSON)]

  /// Takes the content of a file; nil if it is a file of another kind. Throws
  /// `file-format` if the file is damaged.
  public init?(_ file: WeightFile) throws {
    (path, content) = (file.path, file.content)
    let metadata = Dictionary(content.metadata, uniquingKeysWith: { a, _ in a })
    guard file.isValue else { return nil }
    guard metadata["digest"] == ValueContent.digest(of: content).text,
      let value = metadata["value"]
    else {
      throw Failure(
        "file-format", "load: \(path) is damaged: what it holds is not what was written")
    }
    structure = try JSON(parsing: value.utf8, what: "\(path): its value")
    let described = try JSON(
      parsing: (metadata["optimizers"] ?? "{}").utf8, what: "\(path): its optimizers")
    guard case .object(let optimizers) = described else {
      throw Failure("file-format", "\(path): its optimizers are not an object")
    }
    self.optimizers = optimizers
  }

  /// The tensor of a name.
  public func tensor(_ name: String) -> Tensor? { content[name] }

  /// Builds the models, by name, with the forward functions that `forward` finds.
  public func models(_ forward: @escaping Forward.Finder) throws -> [String: Layer] {
    let architecture = try WeightFile(path, content).json("architecture")
    var names: [String] = []
    if case .array(let items)? = architecture?["names"] {
      names = items.compactMap { if case .string(let name) = $0 { name } else { nil } }
    }
    guard let bundle = try Layer.load(part(of: names), forward: forward) as? Bundle else {
      throw Failure("file-format", "\(path): its models are not a bundle")
    }
    return Dictionary(bundle.models.map { ($0.name, $0.layer) }, uniquingKeysWith: { a, _ in a })
  }

  /// The names of the models that an optimizer trains. Throws `file-format`.
  public func models(ofOptimizer name: String) throws -> [String] {
    guard case .array(let names)? = optimizers.first(where: { $0.0 == name })?.1["models"] else {
      throw damaged(name)
    }
    return try names.map {
      guard case .string(let name) = $0 else { throw damaged(name) }
      return name
    }
  }

  /// Builds an optimizer of these models.
  public func optimizer(_ name: String, of models: [Layer]) throws -> Optimizer {
    let optimizer =
      try Optimizer.described(by: description(of: name), of: models) ?? { throw damaged(name) }()
    try fill(optimizer, from: name)
    return optimizer
  }

  /// Fills existing models with those of the file by their names. The file may hold further models.
  /// Throws and changes nothing if one does not fit.
  public func fill(_ models: [(name: String, layer: Layer)]) throws {
    _ = try Bundle(models, isList: false).take(part(of: models.map(\.name)), .whole)
  }

  /// The file without the tensors that belong to none of the models with these names.
  private func part(of models: [String]) -> WeightFile {
    let models = Set(models)
    func isWanted(_ name: String) -> Bool {
      name.firstIndex(of: ".").map { models.contains(String(name[..<$0])) } ?? false
    }
    let shared = Set(content.metadata.filter { isWanted($0.0) }.map(\.1))
    var part = content
    part.tensors.removeAll { !isWanted($0.name) && !shared.contains($0.name) }
    // Another name of a tensor counts as a tensor of the file.
    part.metadata.removeAll { key, _ in key.contains(".") && !isWanted(key) }
    return WeightFile(path, part)
  }

  /// Fills an existing optimizer of the same kind, whose models have been filled.
  public func fill(_ optimizer: Optimizer, from name: String) throws {
    let description = try description(of: name)
    guard case .number(let steps)? = description["steps"],
      let steps = Int(exactly: steps), try optimizer.set(description)
    else {
      throw Failure(
        "type",
        "load: \"\(name)\" in \(path) is an optimizer of another kind than \(optimizer.name)")
    }
    let prefix = name + "/"
    try optimizer.restore(
      SafeTensors(
        content.tensors.filter { $0.name.hasPrefix(prefix) }.map {
          (String($0.name.dropFirst(prefix.count)), $0.tensor)
        }, metadata: [("format", "limbeck \(optimizer.name) 1"), ("steps", "\(steps)")]))
  }

  private func description(of name: String) throws -> JSON {
    guard let found = optimizers.first(where: { $0.0 == name })?.1 else { throw damaged(name) }
    return found
  }

  private func damaged(_ name: String) -> Failure {
    Failure("file-format", "\(path): it does not say what its optimizer \"\(name)\" is")
  }
}
