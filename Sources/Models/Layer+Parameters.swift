import Gradients
import Host
import Tensors

extension Layer {
  /// The layer and everything in it, from the top, each once.
  public var descendants: [Layer] {
    var all: [Layer] = []
    visit { layer, _ in all.append(layer) }
    return all
  }

  /// Every parameter with its path, `body.0.weight`; one that stands in two places has its first.
  public var parameters: [NamedParameter] {
    var seen: Set<ObjectIdentifier> = []
    var all: [NamedParameter] = []
    visit { layer, path in
      for (name, parameter) in layer.ownParameters
      where seen.insert(ObjectIdentifier(parameter)).inserted {
        all.append((path + name, parameter))
      }
    }
    return all
  }

  /// Every buffer with its path.
  public var buffers: [(path: String, buffer: Buffer)] {
    var seen: Set<ObjectIdentifier> = []
    var all: [(path: String, buffer: Buffer)] = []
    visit { layer, path in
      for (name, buffer) in layer.ownBuffers where seen.insert(ObjectIdentifier(buffer)).inserted {
        all.append((path + name, buffer))
      }
    }
    return all
  }

  /// Every setting with its path.
  public var settings: [(path: String, setting: Setting)] {
    var all: [(path: String, setting: Setting)] = []
    visit { layer, path in
      for (name, setting) in layer.ownSettings { all.append((path + name, setting)) }
    }
    return all
  }

  /// Where a layer stands that stands elsewhere before: its path, and the first one.
  var repeats: [(path: String, first: String)] {
    var all: [(path: String, first: String)] = []
    visit({ _, _ in }, again: { all.append(($0, $1)) })
    return all
  }

  /// Goes over the layer and its parts, each once. `body` gets what paths inside begin with: `body.0.`,
  /// `again` the path of a place where a layer stands a second time, and its first path.
  func visit(
    _ body: (Layer, String) -> Void, again: (_ path: String, _ first: String) -> Void = { _, _ in }
  ) {
    var places: [ObjectIdentifier: String] = [:]
    func go(_ layer: Layer, _ path: String) {
      if let first = places[ObjectIdentifier(layer)] { return again(path, first) }
      places[ObjectIdentifier(layer)] = path
      let prefix = path.isEmpty ? "" : path + "."
      body(layer, prefix)
      for (name, child) in layer.children { go(child, prefix + name) }
    }
    go(self, "")
  }

  /// The number of trained numbers, frozen ones included; those of layers without a size are missing.
  public var parameterCount: Int { parameters.reduce(0) { $0 + ($1.parameter.value?.count ?? 0) } }

  /// Whether every parameter has its size.
  public var isSized: Bool { parameters.allSatisfy { $0.parameter.value != nil } }

  /// Takes all parameters out of training, or puts them back.
  public func freeze(_ frozen: Bool = true) {
    for (_, parameter) in parameters { parameter.isFrozen = frozen }
  }

  /// The digest of the parameters' and buffers' names, shapes and bytes: equal for equal weights, whatever
  /// object holds them. Reads every weight.
  public var fingerprint: Digest {
    var digest = Digest()
    for (path, tensor) in parameters.map({ ($0.path, $0.parameter.value) })
      + buffers.map({ ($0.path, $0.buffer.value) })
    {
      digest.add(path)
      digest.add(tensor == nil ? 0 : 1)
      if let tensor { digest.add(tensor) }
    }
    return digest
  }

  /// What the network computes, weights aside: equal texts mean the same function of the same weights.
  public var signature: String {
    if let architecture { return architecture.text }
    return "\(ownSignature)[" + children.map(\.layer.signature).joined(separator: ", ") + "]"
  }

  /// Changes whenever a parameter is assigned or stepped; cheap.
  public var version: Int { parameters.reduce(0) { $0 &+ $1.parameter.version } }

  /// Sizes every layer by running zeros of `shape`, without the batch axis, through it.
  public func materialise(input shape: [Int]) throws {
    _ = try Pass(training: false).apply(self, Variable(Tensor(zeros: [1] + shape)))
    inputShape = shape
  }
}
