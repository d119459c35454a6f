import Formats
import Gradients

/// A function of the batch without options, weights or state.
public final class Function: Layer {
  private let name: String
  private let apply: (Variable) throws -> Variable
  private let isNamed: Bool
  private let number = FunctionNumber.next()

  /// A function that a file can name: `relu`, `flatten`; nil for any other name.
  public init?(_ name: String) {
    guard let apply = Function.named[name] else { return nil }
    self.name = name
    self.apply = apply
    isNamed = true
  }

  /// Any other function, a script's for example. It can't be saved.
  public init(label: String, apply: @escaping (Variable) throws -> Variable) {
    name = label
    self.apply = apply
    isNamed = false
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

  var isRelu: Bool { isNamed && name == "relu" }

  override public func duplicate(_ copies: Copies) -> Layer { self }
  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable { try apply(x) }
  override public var kind: String { name }
  override public var ownSignature: String { "\(name) \(number)" }
  override public var label: String { name }
  override public func operations(input: [Int], output: [Int]) -> Int {
    name == "flatten" ? 0 : input.reduce(1, *)
  }
  override public var architecture: JSON? {
    isNamed ? .object([("kind", .string(name))]) : nil
  }
}
