import Gradients

/// The context of a copy. A layer or parameter that occurs in two places, in one network or in two,
/// is also shared by the copies. Optimizers copied together with their models own the copied
/// models.
public final class Copies {
  private var layers: [ObjectIdentifier: (original: Layer, copy: Layer)] = [:]
  private var parameters: [ObjectIdentifier: (original: Parameter, copy: Parameter)] = [:]
  private var optimizers: [ObjectIdentifier: (original: Optimizer, copy: Optimizer)] = [:]

  /// Starts with nothing copied.
  public init() {}

  /// The copy of a layer.
  public func layer(_ layer: Layer) -> Layer {
    let id = ObjectIdentifier(layer)
    if let made = layers[id] { return made.copy }
    let copy = layer.duplicate(self)
    copy.takeNotes(of: layer)
    layers[id] = (layer, copy)
    return copy
  }

  /// The copy of a parameter.
  func parameter(_ parameter: Parameter) -> Parameter {
    let id = ObjectIdentifier(parameter)
    if let made = parameters[id] { return made.copy }
    let copy = parameter.copy()
    parameters[id] = (parameter, copy)
    return copy
  }

  /// The copy of an optimizer, which continues from the same state with the copies of its models.
  public func optimizer(_ optimizer: Optimizer) -> Optimizer {
    let id = ObjectIdentifier(optimizer)
    if let made = optimizers[id] { return made.copy }
    let copy = optimizer.duplicate(optimizer.models.map(layer))
    copy.take(optimizer, copies: self)
    optimizers[id] = (optimizer, copy)
    return copy
  }
}
