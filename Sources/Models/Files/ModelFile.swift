import Gradients
import Host
import Tensors

extension Layer {
  /// Writes the network to a safetensors file: parameters, buffers, and in the metadata what makes it
  /// again and which parameters are frozen. A network with a script's function has only weights there.
  public func save(to path: String, on host: Host) throws {
    var tensors: [(name: String, tensor: Tensor)] = []
    for (path, parameter) in parameters {
      if let value = parameter.value { tensors.append((path, value)) }
    }
    for (path, buffer) in buffers { if let value = buffer.value { tensors.append((path, value)) } }
    var metadata = [("format", "limbeck model 1")]
    if let architecture { metadata.append(("architecture", architecture.text)) }
    let frozen = parameters.filter(\.parameter.isFrozen).map { JSON.string($0.path) }
    if !frozen.isEmpty { metadata.append(("frozen", JSON.array(frozen).text)) }
    try host.write(SafeTensors(tensors, metadata: metadata).encoded(), to: path)
  }

  /// Reads a network that `save` wrote. Throws what reading throws, `file-format`, and for a network
  /// with a script's function an error that says to load into one.
  public static func load(from path: String, on host: Host) throws -> Layer {
    let file = try SafeTensors(decoding: host.read(path), path: path)
    guard let text = file.metadata.first(where: { $0.0 == "architecture" })?.1 else {
      throw Failure(
        "file-format", "load: \(path) holds weights, and not how the model is built",
        hint: "make the model and write load(path, into: g)")
    }
    let json = try JSON(parsing: text.utf8, what: "\(path): the model's description")
    let layer = try ArchitectureReader(json: json, file: path).layer()
    try layer.take(file, path: path)
    return layer
  }

  /// Takes the weights of a file into this network; names and shapes must fit.
  public func load(weights path: String, on host: Host) throws {
    try take(SafeTensors(decoding: host.read(path), path: path), path: path)
  }

  private func take(_ file: SafeTensors, path file_: String) throws {
    var rest = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.tensor) })
    var changes: [() -> Void] = []
    func fetch(_ path: String, _ old: Tensor?) throws -> Tensor? {
      guard let new = rest.removeValue(forKey: path) else {
        // A layer that had no size when it was saved.
        if old == nil { return nil }
        throw Failure("file-format", "load: \(file_) has no \"\(path)\", which the model has")
      }
      if let old, old.shape != new.shape || old.dtype != new.dtype {
        throw Failure(
          "shape",
          "load: \"\(path)\" is \(new.dtype.name) \(Tensor.describe(new.shape)) in \(file_) and "
            + "\(old.dtype.name) \(Tensor.describe(old.shape)) in the model")
      }
      return new
    }
    for (path, parameter) in parameters {
      guard let new = try fetch(path, parameter.value) else { continue }
      guard new.dtype == .float32 else {
        throw Failure(
          "file-format", "load: \"\(path)\" in \(file_) is \(new.dtype.name), not float32")
      }
      changes.append { parameter.set(new) }
    }
    for (path, buffer) in buffers {
      guard let new = try fetch(path, buffer.value) else { continue }
      changes.append { buffer.value = new }
    }
    if let name = rest.keys.min() {
      throw Failure("file-format", "load: \(file_) has \"\(name)\", which the model has not")
    }
    var frozen: Set<String> = []
    if let text = file.metadata.first(where: { $0.0 == "frozen" })?.1,
      case .array(let names) = try JSON(parsing: text.utf8, what: "\(file_): frozen")
    {
      for case .string(let name) in names { frozen.insert(name) }
    }
    for change in changes { change() }
    for (path, parameter) in parameters where frozen.contains(path) { parameter.isFrozen = true }
  }
}
