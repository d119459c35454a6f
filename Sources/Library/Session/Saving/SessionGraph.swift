import Language
import Models

/// What a session's variables lead to: how often each thing is held, which functions share variables,
/// and which models share layers.
struct SessionGraph {
  /// How many places hold a list, map, function, tensor, model or optimizer.
  private var holders: [ObjectIdentifier: Int] = [:]
  private var closures: [Closure] = []
  private var layers: [Layer] = []
  private var functionsOf = Groups()
  private var layersOf = Groups()

  /// Looks at all that the values lead to.
  init(_ roots: [Value]) {
    var waiting = roots
    while let value = waiting.popLast() {
      guard let identity = value.identity else { continue }
      holders[identity, default: 0] += 1
      guard holders[identity] == 1 else { continue }
      switch value {
      case .list(let list): waiting += list.items
      case .map(let map): waiting += map.entries.map(\.value)
      case .function(let closure):
        closures.append(closure)
        for variable in closure.captured {
          if let cell = variable.cell { functionsOf.join(cell, identity) }
          waiting.append(variable.value)
        }
      case .object(let object as ModelObject):
        layers.append(object.layer)
        for layer in object.layer.descendants { layersOf.join(ObjectIdentifier(layer), identity) }
        for (_, parameter) in object.layer.parameters {
          layersOf.join(ObjectIdentifier(parameter), identity)
        }
      case .object(let object as OptimizerObject):
        waiting += object.optimizer.models.map { Value($0) }
      default: break
      }
    }
  }

  /// Whether several places hold a thing.
  func isShared(_ identity: ObjectIdentifier) -> Bool { holders[identity, default: 0] > 1 }

  /// The functions that share variables with one, itself among them.
  func group(of closure: Closure) -> [Closure] {
    let group = functionsOf.group(of: ObjectIdentifier(closure))
    let found = closures.filter { functionsOf.group(of: ObjectIdentifier($0)) == group }
    return found.isEmpty ? [closure] : found
  }

  /// The models that share layers with one, itself among them.
  func group(of layer: Layer) -> [Layer] {
    let group = layersOf.group(of: ObjectIdentifier(layer))
    let found = layers.filter { layersOf.group(of: ObjectIdentifier($0)) == group }
    return found.isEmpty ? [layer] : found
  }
}

/// Things in groups that grow together.
private struct Groups {
  private var parents: [ObjectIdentifier: ObjectIdentifier] = [:]

  /// What stands for the group that a thing is in.
  func group(of thing: ObjectIdentifier) -> ObjectIdentifier {
    var thing = thing
    while let parent = parents[thing] { thing = parent }
    return thing
  }

  /// Makes two groups one.
  mutating func join(_ a: ObjectIdentifier, _ b: ObjectIdentifier) {
    let (a, b) = (group(of: a), group(of: b))
    if a != b { parents[a] = b }
  }
}

extension Value {
  /// What tells a thing that may be held in several places from others; nil for plain values.
  var identity: ObjectIdentifier? {
    switch self {
    case .list(let list): ObjectIdentifier(list)
    case .map(let map): ObjectIdentifier(map)
    case .function(let closure): ObjectIdentifier(closure)
    case .object(let object as ModelObject): ObjectIdentifier(object.layer)
    case .object(let object as OptimizerObject): ObjectIdentifier(object.optimizer)
    case .object(let object as ModuleObject): ObjectIdentifier(object.slots)
    case .object(is Builtin): nil
    case .object(let object): ObjectIdentifier(object)
    default: nil
    }
  }
}
