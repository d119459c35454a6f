import Gradients
import Host

/// A layer that runs the layers in its slots. A slot has a name and can be assigned: what it holds
/// is replaced there and nowhere else.
public class Container: Layer {
  /// What a slot holds.
  public indirect enum Part {
    /// A layer or a model.
    case layer(Layer)
    /// A tensor that is trained.
    case parameter(Parameter)
    /// A list of parts, which are called `name.0`, `name.1` and so on.
    case list([Part])
  }

  /// The slots, in order. Their names have no dots.
  public internal(set) var slots: [(name: String, part: Part)] {
    didSet { flat = Container.flattened(slots) }
  }
  /// What the slots hold, lists flattened. It is kept, since every pass reads it.
  private var flat: Flat
  private typealias Flat = (
    layers: [(name: String, layer: Layer)], parameters: [(name: String, parameter: Parameter)]
  )

  init(slots: [(name: String, part: Part)]) {
    self.slots = slots
    flat = Container.flattened(slots)
  }

  /// A container of the same kind with other slots.
  func remade(_ slots: [(name: String, part: Part)]) -> Container { Container(slots: slots) }

  /// Whether a slot can hold a part: most containers only hold layers.
  func holds(_ part: Part) -> Bool { if case .layer = part { true } else { false } }

  override public final var children: [(name: String, layer: Layer)] { flat.layers }
  override public final var ownParameters: [(name: String, parameter: Parameter)] {
    flat.parameters
  }

  override public final func duplicate(_ copies: Copies) -> Layer {
    func copy(_ part: Part) -> Part {
      switch part {
      case .layer(let layer): .layer(copies.layer(layer))
      case .parameter(let parameter): .parameter(copies.parameter(parameter))
      case .list(let parts): .list(parts.map(copy))
      }
    }
    return remade(slots.map { ($0.name, copy($0.part)) })
  }

  private static func flattened(_ slots: [(name: String, part: Part)]) -> Flat {
    var all: Flat = ([], [])
    func add(_ name: String, _ part: Part) {
      switch part {
      case .layer(let layer): all.layers.append((name, layer))
      case .parameter(let parameter): all.parameters.append((name, parameter))
      case .list(let parts): for (i, part) in parts.enumerated() { add("\(name).\(i)", part) }
      }
    }
    for (name, part) in slots { add(name, part) }
    return all
  }
}

extension Container.Part {
  /// What is found at a path inside the part; nil if there is nothing.
  subscript(path: ArraySlice<Substring>) -> Container.Part? {
    guard let name = path.first else { return self }
    switch self {
    case .parameter: return nil
    case .list(let parts):
      guard let i = Int(name), parts.indices.contains(i) else { return nil }
      return parts[i][path.dropFirst()]
    case .layer(let layer):
      guard let slot = (layer as? Container)?.slots.first(where: { $0.name == name }) else {
        return nil
      }
      return slot.part[path.dropFirst()]
    }
  }

  /// The part with another one at a path inside it. The containers on the way are made anew, so
  /// that other models that hold them keep them as they are. nil if there is no such place, or if it
  /// can't hold the part.
  func replacing(_ path: ArraySlice<Substring>, with part: Container.Part) -> Container.Part? {
    guard let name = path.first else { return part }
    switch self {
    case .parameter: return nil
    case .list(var parts):
      guard let i = Int(name), parts.indices.contains(i),
        let new = parts[i].replacing(path.dropFirst(), with: part)
      else { return nil }
      parts[i] = new
      return .list(parts)
    case .layer(let layer):
      guard let old = layer as? Container, let slots = old.slots(replacing: path, with: part) else {
        return nil
      }
      let new = old.remade(slots)
      new.takeNotes(of: old)
      return .layer(new)
    }
  }
}

extension Container {
  /// The slots with another part at a path; nil if there is no such place, or if it can't hold the
  /// part.
  func slots(replacing path: ArraySlice<Substring>, with part: Part) -> [(
    name: String, part: Part
  )]? {
    guard let name = path.first, let i = slots.firstIndex(where: { $0.name == name }),
      let new = slots[i].part.replacing(path.dropFirst(), with: part), holds(new)
    else { return nil }
    var slots = slots
    slots[i].part = new
    return slots
  }
}
