import Formats
import Host
import Tensors

/// What a safetensors file of a value holds: models, optimizers and tensors, and how they are put
/// together, as JSON that only the language can read. A digest in the metadata tells a damaged file
/// from a whole one.
///
/// A model or an optimizer has the name of the place where the value first leads to it, such as
/// `model` or `runs/0/opt`. Its tensors are `model.0.weight` and `runs/0/opt/velocity/0.weight`.
public struct ValueContent {
  /// The models, each once, by name.
  public var models: [(name: String, layer: Layer)] = []
  /// The optimizers, each once, by name. Their models are among `models`.
  public var optimizers: [(name: String, optimizer: Optimizer)] = []
  /// The tensors that belong to no model or optimizer, by name.
  public var tensors: [(name: String, tensor: Tensor)] = []
  /// How the value is put together.
  public var structure = JSON.null

  /// Starts with nothing.
  public init() {}

  /// Returns what is in the file, the same for the same content. `forward` describes the forward
  /// functions of models.
  public func file(_ forward: Forward.Describer) throws -> SafeTensors {
    var file = try Bundle(models, isList: false).fileContent(as: WeightFile.valueKind, forward)
    file.metadata.append(("value", structure.text))
    var descriptions: [(String, JSON)] = []
    for (name, optimizer) in optimizers {
      let owned = optimizer.models.compactMap { model in
        models.first { $0.layer === model }.map { JSON.string($0.name) }
      }
      descriptions.append((name, optimizer.description(models: owned)))
      file.tensors += try optimizer.savedState().tensors.map { ("\(name)/\($0.name)", $0.tensor) }
    }
    if !descriptions.isEmpty {
      file.metadata.append(("optimizers", JSON.object(descriptions).text))
    }
    file.tensors += tensors
    file.metadata.append(("digest", ValueContent.digest(of: file).text))
    return file
  }

  /// The digest of everything in a file but the digest itself.
  static func digest(of file: SafeTensors) -> Digest {
    var digest = Digest()
    for (key, text) in file.metadata where key != "digest" {
      digest.add(key)
      digest.add(text)
    }
    for (name, tensor) in file.tensors {
      digest.add(name)
      digest.add(tensor)
    }
    return digest
  }
}
