import Formats
import Gradients

/// A function of the batch without options, weights or state.
public final class Function: Layer {
  /// A function with a name in files.
  private struct Named: Sendable {
    let name: String
    let apply: @Sendable (Variable) throws -> Variable
    /// The fusion that a preceding layer computes if it also does the work of the function.
    var fusion: Fusion?
  }

  /// All named functions. Add new ones here.
  private static let named = [
    Named(name: "relu", apply: { try $0.relu() }, fusion: .relu),
    Named(name: "relu6", apply: { try $0.relu6() }, fusion: .relu6),
    Named(name: "sigmoid", apply: { try $0.mapped(.sigmoid) }),
    Named(name: "tanh", apply: { try $0.mapped(.tanh) }),
    Named(name: "softmax", apply: { try $0.softmax() }),
    Named(name: "log_softmax", apply: { try $0.logSoftmax() }),
    Named(name: "flatten", apply: { try $0.flatten() }),
    Named(name: "global_avg_pool", apply: { try $0.globalAveragePool() }),
  ]
  static let kinds = named.map { function in LayerKind(function.name) { _ in Function(function) } }

  private let name: String
  private let apply: (Variable) throws -> Variable
  private let fusion: Fusion?
  private let isNamed: Bool
  private let function: Any?

  /// Creates the function with a name used in files, such as `relu` or `flatten`; nil for any other
  /// name.
  public convenience init?(_ name: String) {
    guard let function = Function.named.first(where: { $0.name == name }) else { return nil }
    self.init(function)
  }

  private init(_ function: Named) {
    name = function.name
    apply = function.apply
    fusion = function.fusion
    isNamed = true
    self.function = nil
  }

  /// Creates any other function. It cannot be saved. Its label must describe completely what it
  /// computes, or else it is the function of a `script`.
  public init(
    label: String, script: Any? = nil, apply: @escaping (Variable) throws -> Variable
  ) {
    name = label
    self.apply = apply
    fusion = nil
    isNamed = false
    function = script
  }

  override public var script: Any? { function }
  override public func duplicate(_ copies: Copies) -> Layer { self }
  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable { try apply(x) }
  override public func fusion(after fusion: Fusion) -> Fusion? {
    fusion == .none ? self.fusion : nil
  }
  override public var label: String { name }
  override public var kind: LayerKind? {
    isNamed ? Function.kinds.first { $0.name == name } : nil
  }
  override public func operations(input: [Int], output: [Int]) -> Int {
    name == "flatten" ? 0 : input.reduce(1, *)
  }
}
