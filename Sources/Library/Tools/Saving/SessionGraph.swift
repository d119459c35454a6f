import Language
import Models

/// The object graph that is reachable from a session's variables: how many references each object
/// has, which functions share variables, and which models share layers.
struct SessionGraph {
  /// The number of references to a list, map, function, tensor, model or optimizer.
  private var holders: [ObjectIdentifier: Int] = [:]
  private var closures: [Closure] = []
  private var layers: [Layer] = []
  private var functionsOf = Groups()
  private var layersOf = Groups()

  /// Traverses all objects that are reachable from the values.
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
        waiting += object.layer.scripts.values
      case .object(let object as OptimizerObject):
        waiting += object.optimizer.models.map { Value($0) }
      default: break
      }
    }
  }

  /// Returns whether there are several references to an object.
  func isShared(_ identity: ObjectIdentifier) -> Bool { holders[identity, default: 0] > 1 }

  /// Returns the functions that share variables with a function, including the function itself.
  func group(of closure: Closure) -> [Closure] {
    let group = functionsOf.group(of: ObjectIdentifier(closure))
    let found = closures.filter { functionsOf.group(of: ObjectIdentifier($0)) == group }
    return found.isEmpty ? [closure] : found
  }

  /// Returns the models that share layers with a model, including the model itself.
  func group(of layer: Layer) -> [Layer] {
    let group = layersOf.group(of: ObjectIdentifier(layer))
    let found = layers.filter { layersOf.group(of: ObjectIdentifier($0)) == group }
    return found.isEmpty ? [layer] : found
  }
}

/// Disjoint sets of objects that can be merged (union-find).
private struct Groups {
  private var parents: [ObjectIdentifier: ObjectIdentifier] = [:]

  /// Returns the representative of the group that an object belongs to.
  func group(of thing: ObjectIdentifier) -> ObjectIdentifier {
    var thing = thing
    while let parent = parents[thing] { thing = parent }
    return thing
  }

  /// Merges two groups.
  mutating func join(_ a: ObjectIdentifier, _ b: ObjectIdentifier) {
    let (a, b) = (group(of: a), group(of: b))
    if a != b { parents[a] = b }
  }
}

extension Value {
  /// The identity of an object that several places may hold; nil for plain values.
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
