import Gradients
import Host

/// A network of named parts with a forward function passed in from outside, such as a script's. It
/// can be copied and its weights can be saved, but a file cannot contain the function.
public final class Custom: Container {
  /// The forward function; its first argument contains the parts.
  public typealias Forward = (Custom, Variable, Pass) throws -> Variable

  private let function: Forward
  private let source: Any

  /// Creates a network; `script` is the forward function as known to the script.
  public init(parts: [(name: String, part: Part)], script: Any, forward: @escaping Forward) {
    source = script
    function = forward
    super.init(slots: parts)
  }

  override func remade(_ slots: [(name: String, part: Part)]) -> Container {
    Custom(parts: slots, script: source, forward: function)
  }
  override func holds(_ part: Part) -> Bool { true }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try RunningModel.run(self, pass) { try function(self, x, pass) }
  }

  override public var label: String { "model" }
  override public var script: Any? { source }
}
