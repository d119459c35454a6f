import Gradients
import Host

/// A network of named parts with a forward function passed in from outside, such as a script's. It
/// can be copied and its weights can be saved, but a file cannot contain the function.
public final class Custom: Layer {
  /// A part of the network.
  public indirect enum Part {
    /// A layer or a model.
    case layer(Layer)
    /// A tensor that is trained.
    case parameter(Parameter)
    /// A list of parts.
    case list([Part])
  }
  /// The forward function; its first argument contains the parts.
  public typealias Forward = (Custom, Variable, Pass) throws -> Variable

  /// The parts, by name.
  public let parts: [(name: String, part: Part)]
  private let function: Forward
  private let source: Any

  /// Creates a network; `script` is the forward function as known to the script.
  public init(parts: [(name: String, part: Part)], script: Any, forward: @escaping Forward) {
    self.parts = parts
    source = script
    function = forward
  }

  override public func duplicate(_ copies: Copies) -> Layer {
    func copy(_ part: Part) -> Part {
      switch part {
      case .layer(let layer): return .layer(copies.layer(layer))
      case .parameter(let parameter): return .parameter(copies.parameter(parameter))
      case .list(let parts): return .list(parts.map(copy))
      }
    }
    return Custom(
      parts: parts.map { ($0.name, copy($0.part)) }, script: source, forward: function)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try RunningModel.run(self, pass) { try function(self, x, pass) }
  }

  override public var label: String { "model" }
  override public var script: Any? { source }
  override public var children: [(name: String, layer: Layer)] {
    flat.compactMap { name, part in
      if case .layer(let layer) = part { (name, layer) } else { nil }
    }
  }
  override public var ownParameters: [(name: String, parameter: Parameter)] {
    flat.compactMap { name, part in
      if case .parameter(let parameter) = part { (name, parameter) } else { nil }
    }
  }

  private var flat: [(String, Part)] {
    var all: [(String, Part)] = []
    func add(_ name: String, _ part: Part) {
      if case .list(let parts) = part {
        for (i, part) in parts.enumerated() { add("\(name).\(i)", part) }
      } else {
        all.append((name, part))
      }
    }
    for (name, part) in parts { add(name, part) }
    return all
  }
}
