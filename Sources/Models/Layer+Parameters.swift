import Gradients
import Host
import Tensors

extension Layer {
  /// The layer and all its descendants, parents first, each once.
  public var descendants: [Layer] {
    var all: [Layer] = []
    visit { layer, _ in all.append(layer) }
    return all
  }

  /// Every parameter with its path, such as `body.0.weight`; a shared one has the path of its first
  /// occurrence.
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

  /// The paths where an earlier layer occurs again, each with the path of its first occurrence.
  var repeats: [(path: String, first: String)] {
    var all: [(path: String, first: String)] = []
    visit({ _, _ in }, again: { all.append(($0, $1)) })
    return all
  }

  /// Visits the layer and its descendants, each once. `body` receives the prefix of the paths
  /// inside the layer, such as `body.0.`; `again` receives the path of each repeated occurrence of
  /// a layer and the path of its first.
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

  /// The number of trainable values, frozen ones included; layers whose size is not known yet do
  /// not count.
  public var parameterCount: Int { parameters.reduce(0) { $0 + ($1.parameter.value?.count ?? 0) } }

  /// The number of values that are frozen.
  var frozenCount: Int {
    parameters.reduce(0) { $0 + ($1.parameter.isFrozen ? $1.parameter.value?.count ?? 0 : 0) }
  }

  /// Whether the sizes of all parameters are known.
  public var isSized: Bool { parameters.allSatisfy { $0.parameter.value != nil } }

  /// The digest of the names, shapes and bytes of the parameters and buffers: equal for equal
  /// weights, whichever object holds them. Reads every weight.
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

  /// Determines the size of every layer by running zeros of `shape` (without the batch axis)
  /// through the network.
  public func materialise(input shape: [Int]) throws {
    _ = try outputs(Variable(Tensor(zeros: [1] + shape)), Pass(training: false))
    inputShape = shape
  }
}
