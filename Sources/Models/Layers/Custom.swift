import Gradients
import Host

/// A network of named parts and a forward function that is given from outside: a script's. It can be
/// copied and its weights saved; a file can't hold the function.
public final class Custom: Layer {
  /// What a part is.
  public indirect enum Part {
    /// A layer or a model.
    case layer(Layer)
    /// A tensor, which is trained.
    case parameter(Parameter)
    /// Several of them.
    case list([Part])
  }
  /// The forward function; it finds the parts in its first argument.
  public typealias Forward = (Custom, Variable, Pass) throws -> Variable

  /// The parts, by name.
  public let parts: [(name: String, part: Part)]
  private let function: Forward
  private let number: Int

  /// Makes a network.
  public convenience init(parts: [(name: String, part: Part)], forward: @escaping Forward) {
    self.init(parts: parts, forward: forward, number: FunctionNumber.next())
  }

  private init(parts: [(name: String, part: Part)], forward: @escaping Forward, number: Int) {
    self.parts = parts
    function = forward
    self.number = number
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
      parts: parts.map { ($0.name, copy($0.part)) }, forward: function, number: number)
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try RunningModel.run(self, pass) { try function(self, x, pass) }
  }

  override public var label: String { "model" }
  override public var ownSignature: String { "model \(number)" }
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
