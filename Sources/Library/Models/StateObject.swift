import Gradients
import Language
import Models

/// A snapshot of the state of models and optimizers. The numbers are shared with the originals
/// until either side changes them.
final class StateObject: HostObject {
  private let restorers: [(id: ObjectIdentifier, restore: () throws -> Void)]

  /// Records the state of each object.
  init(of holders: [Holder]) {
    restorers = holders.map { ($0.id, $0.restorer) }
  }

  override var typeName: String { "state" }
  override var summary: String {
    "state of \(restorers.count) \(restorers.count == 1 ? "object" : "objects")"
  }

  /// Restores the recorded state; `holders` must be the objects that the state was recorded from.
  func restore(_ holders: [Holder]) throws -> Bool {
    guard holders.map(\.id) == restorers.map(\.id) else { return false }
    for (_, restore) in restorers { try restore() }
    return true
  }
}

/// An object that has a state.
enum Holder {
  case model(Layer)
  case optimizer(Optimizer)

  /// The identity of the object.
  var id: ObjectIdentifier {
    switch self {
    case .model(let layer): ObjectIdentifier(layer)
    case .optimizer(let optimizer): ObjectIdentifier(optimizer)
    }
  }

  /// A closure that restores the current state.
  fileprivate var restorer: () throws -> Void {
    switch self {
    case .model(let layer):
      let structure = layer.structure
      let parameters = layer.parameters.map { ($0.parameter, $0.parameter.value) }
      let buffers = layer.buffers.map { ($0.buffer, $0.buffer.value) }
      let settings = layer.settings.map { ($0.setting, $0.setting.value) }
      let classes = layer.classes
      return {
        layer.structure = structure
        for (parameter, value) in parameters { parameter.value = value }
        for (buffer, value) in buffers { buffer.value = value }
        for (setting, value) in settings { setting.value = value }
        layer.classes = classes
      }
    case .optimizer(let optimizer):
      let (rate, snapshot) = (optimizer.learningRate, optimizer.snapshot)
      return {
        optimizer.snapshot = snapshot
        optimizer.learningRate = rate
      }
    }
  }
}
