import Formats
import Gradients
import Host
import Tensors

extension Layer {
  /// Writes the network to a safetensors file. Parameters and buffers are written once each. The
  /// metadata contain what is needed to rebuild the network (`architecture`), its `settings`
  /// (passes, dropout's count, the scale of the input), its `classes`, the shapes of its `inputs`, the
  /// `frozen` parameters, the patterns given to `freeze` (`freezing`) and the places where a layer
  /// occurs again (`shared`). They also map further names of a tensor to its name in the file, such
  /// as `2.weight` to the text `0.weight`, as safetensors' `save_model` does. A network with a
  /// script function has no architecture in the file. A `Bundle` keeps several networks and
  /// preserves what they share.
  public func save(to path: String, on host: Host) throws {
    try fileContent { _ in nil }.write(to: path, on: host)
  }

  /// What `save` writes. `forward` describes the forward functions of models; where it gives nil,
  /// the file does not say how the network is built.
  public func fileContent(_ forward: Forward.Describer) throws -> SafeTensors {
    try fileContent(as: WeightFile.modelKind, forward)
  }

  /// What `save` writes, in a file of this kind.
  func fileContent(as kind: String, _ forward: Forward.Describer) throws -> SafeTensors {
    var tensors: [(name: String, tensor: Tensor)] = []
    for (path, parameter) in parameters {
      if let value = parameter.value { tensors.append((path, value)) }
    }
    for (path, buffer) in buffers { if let value = buffer.value { tensors.append((path, value)) } }
    var metadata = [("format", "pt"), ("limbeck", kind)]
    if let architecture = try architecture(forward) {
      guard architecture.depth <= JSON.deepest else {
        throw Failure("type", "save: the model's layers are nested too deep for a file")
      }
      metadata.append(("architecture", architecture.text))
    }
    let settings = settings.filter { $0.setting.value != 0 }
    if !settings.isEmpty {
      metadata.append(
        ("settings", JSON.object(settings.map { ($0.path, .number($0.setting.value)) }).text))
    }
    var classes: [(String, JSON)] = []
    var freezing: [(String, JSON)] = []
    var inputs: [(String, JSON)] = []
    visit { layer, prefix in
      let path = String(prefix.dropLast())
      if let names = layer.classes { classes.append((path, .array(names.map { .string($0) }))) }
      if let shape = layer.inputShape { inputs.append((path, JSON(shape))) }
      if !layer.freezing.isEmpty {
        let rules = layer.freezing.map {
          JSON.array([.string($0.pattern.text), .bool($0.isFrozen)])
        }
        freezing.append((path, .array(rules)))
      }
    }
    if !classes.isEmpty { metadata.append(("classes", JSON.object(classes).text)) }
    if !inputs.isEmpty { metadata.append(("inputs", JSON.object(inputs).text)) }
    if !freezing.isEmpty { metadata.append(("freezing", JSON.object(freezing).text)) }
    let frozen = parameters.filter(\.parameter.isFrozen).map { JSON.string($0.path) }
    if !frozen.isEmpty { metadata.append(("frozen", JSON.array(frozen).text)) }
    if !repeats.isEmpty {
      metadata.append(("shared", JSON.object(repeats.map { ($0.path, .string($0.first)) }).text))
    }
    for (other, kept) in tensorAliases { metadata.append((other, kept)) }
    return SafeTensors(tensors, metadata: metadata)
  }

  /// Reads a network written by `save`. Throws the errors of reading, `file-format`, and for a
  /// network with a script function an error that says to load the file into an existing network.
  public static func load(from path: String, on host: Host) throws -> Layer {
    try load(WeightFile(path, on: host)) { _, _, _ in throw noArchitecture(path) }
  }

  private static func noArchitecture(_ path: String) -> Failure {
    Failure(
      "file-format", "load: \(path) holds weights, and not how the model is built",
      hint: "make the model and write load(\"\(path)\", into: g)")
  }

  /// Builds the network that a file describes, with the forward functions that `forward` finds.
  public static func load(_ file: WeightFile, forward: @escaping Forward.Finder) throws -> Layer {
    let path = file.path
    guard let json = try file.json("architecture") else { throw noArchitecture(path) }
    let shared = SharedLayers(
      firsts: try file.texts("shared"), names: file.content.tensors.map(\.name))
    let layer = try ArchitectureReader(
      json, file: path, kinds: LayerKind.all, shared: shared, forward: forward
    ).layer()
    _ = try layer.take(file, .written)
    return layer
  }

  /// Loads the weights of a file into this network, subject to `fit`. Throws `shape` and
  /// `file-format` and changes nothing in that case.
  @discardableResult
  public func load(weights path: String, fit: WeightFit = .strict, on host: Host) throws
    -> WeightReport
  {
    try load(weights: WeightFile(path, on: host), fit: fit)
  }

  /// Loads the weights of a file that has been read.
  @discardableResult
  public func load(weights file: WeightFile, fit: WeightFit) throws -> WeightReport {
    try take(file, fit)
  }

  /// The additional names of shared tensors, each with the name that is kept in a file.
  var tensorAliases: [(other: String, kept: String)] {
    var names = (parameters.map(\.path) + buffers.map(\.path)).map { (other: $0, kept: $0) }
    let count = names.count
    for (path, first) in repeats {
      names += names.filter { $0.other.hasPrefix(first + ".") }.map {
        (path + $0.other.dropFirst(first.count), $0.kept)
      }
    }
    return Array(names[count...])
  }
}
