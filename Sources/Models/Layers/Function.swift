import Gradients

/// A function of the batch without options, weights or state.
public final class Function: Layer {
  private let name: String
  private let apply: (Variable) throws -> Variable
  private let isNamed: Bool
  private let function: Any?

  /// A function that a file can name: `relu`, `flatten`; nil for any other name.
  public init?(_ name: String) {
    guard let apply = Function.named[name] else { return nil }
    self.name = name
    self.apply = apply
    isNamed = true
    function = nil
  }

  /// Any other function. It can't be saved. What it computes is all said by its label, or it is a `script`'s.
  public init(
    label: String, script: Any? = nil, apply: @escaping (Variable) throws -> Variable
  ) {
    name = label
    self.apply = apply
    isNamed = false
    function = script
  }

  static let named: [String: (Variable) throws -> Variable] = [
    "relu": { try $0.relu() },
    "relu6": { try $0.relu6() },
    "sigmoid": { try $0.mapped(.sigmoid) },
    "tanh": { try $0.mapped(.tanh) },
    "softmax": { try $0.softmax() },
    "log_softmax": { try $0.logSoftmax() },
    "flatten": { try $0.flatten() },
    "global_avg_pool": { try $0.globalAveragePool() },
  ]

  override public var script: Any? { function }
  var isRelu: Bool { isNamed && name == "relu" }

  override public func duplicate(_ copies: Copies) -> Layer { self }
  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable { try apply(x) }
  override public var kind: String { name }
  override public var label: String { name }
  override public func operations(input: [Int], output: [Int]) -> Int {
    name == "flatten" ? 0 : input.reduce(1, *)
  }
  override public var architecture: JSON? {
    isNamed ? .object([("kind", .string(name))]) : nil
  }
}
