import Gradients
import Host
import Tensors

extension Layer {
  /// The part at a path such as `body.0`; nil if there is none.
  public func part(at path: String) -> Container.Part? {
    Container.Part.layer(self)[path.split(separator: ".", omittingEmptySubsequences: false)[...]]
  }

  /// The path of its last layer with weights, which gives the outputs of most networks; nil if it
  /// has none.
  public var headPath: String? {
    for (name, child) in children.reversed() {
      if child is WeightedLayer { return name }
      if let path = child.headPath { return "\(name).\(path)" }
    }
    return nil
  }

  /// The number of outputs of the last layer with weights.
  private var headOutputs: Int? {
    guard let path = headPath, case .layer(let head as WeightedLayer)? = part(at: path) else {
      return nil
    }
    return head.outputs
  }

  /// Puts another part into the slot at a path. Other models that hold the old one keep it. The
  /// patterns of `freeze` count for what is new, and the names of the classes are forgotten if the
  /// number of outputs changes. Throws `key-missing`, `type` for a slot that can't hold the part,
  /// `cycle` if the part contains the network, and `recording` while a gradient is being computed.
  public func replace(_ path: String, with part: Container.Part) throws {
    guard Tape.current == nil else {
      throw Failure(
        "recording", "a model's layer can't be replaced while its gradient is being computed")
    }
    if part.layers.contains(where: { $0.descendants.contains { $0 === self } }) {
      throw Failure("cycle", "\"\(path)\" can't hold a model that contains the model itself")
    }
    guard let container = self as? Container, let old = self.part(at: path) else {
      throw noPart(path)
    }
    let steps = path.split(separator: ".", omittingEmptySubsequences: false)
    guard let slots = container.slots(replacing: steps[...], with: part.keeping(old)) else {
      throw Failure("type", "\"\(path)\" must be a layer")
    }
    let (outputs, slotsBefore) = (headOutputs, container.slots)
    let deciding = holders(of: steps).map(\.layer.decidingPatterns)
    container.slots = slots
    // The networks on the way are new ones, with the patterns of the old.
    let holders = holders(of: steps)
    do {
      for ((holder, path), patterns) in zip(holders, deciding) {
        try holder.expectMatches(patterns, afterReplacing: path)
      }
    } catch {
      container.slots = slotsBefore
      throw error
    }
    for (holder, path) in holders { holder.freezeAgain(at: path) }
    if headOutputs != outputs { classes = nil }
  }

  /// The networks that a path leads through, this one first, each with the rest of the path.
  private func holders(of steps: [Substring]) -> [(layer: Layer, path: String)] {
    steps.indices.compactMap { i in
      let rest = steps[i...].joined(separator: ".")
      if i == 0 { return (self, rest) }
      guard case .layer(let inner)? = part(at: steps[..<i].joined(separator: ".")) else {
        return nil
      }
      return (inner, rest)
    }
  }

  /// The error for a path that leads to nothing.
  public func noPart(_ path: String) -> Failure {
    let names = (self as? Container)?.slots.map(\.name) ?? []
    return Failure(
      "key-missing", "the model has no part \"\(path)\"",
      hint: names.isEmpty ? "it is a single layer" : "its parts are \(WeightReport.listed(names))")
  }
}

/// What the slots of a network held, and by which patterns it was frozen.
public struct Structure {
  fileprivate let slots: [(container: Container, slots: [(name: String, part: Container.Part)])]
  fileprivate let freezing: [Freezing]
}

extension Layer {
  /// The layers that the network consists of, to be restored later. Layers that were replaced come
  /// back with the values that they have then.
  public var structure: Structure {
    get {
      Structure(
        slots: descendants.compactMap { ($0 as? Container).map { ($0, $0.slots) } },
        freezing: freezing)
    }
    set {
      for (container, slots) in newValue.slots { container.slots = slots }
      freezing = newValue.freezing
    }
  }
}

extension Sequential {
  /// A chain of its own of the layers at some positions, which it shares, under the same names.
  public func part(_ positions: some Collection<Int>) -> Sequential {
    let part = Sequential(positions.map { children[$0] })
    if positions.first == 0 { part.inputShape = inputShape }
    return part
  }
}

extension Container.Part {
  /// The part with the parameters of an old one where it has their very values: who assigns to an
  /// element of a list puts the other elements back as they are.
  fileprivate func keeping(_ old: Container.Part) -> Container.Part {
    switch (self, old) {
    case (.parameter(let new), .parameter(let kept)):
      guard let value = new.value, let before = kept.value else { return self }
      return value.isShared(with: before) ? old : self
    case (.list(let parts), .list(let olds)):
      return .list(
        parts.enumerated().map { olds.indices.contains($0) ? $1.keeping(olds[$0]) : $1 })
    default: return self
    }
  }

  /// The layers in the part.
  fileprivate var layers: [Layer] {
    switch self {
    case .layer(let layer): [layer]
    case .parameter: []
    case .list(let parts): parts.flatMap(\.layers)
    }
  }
}
