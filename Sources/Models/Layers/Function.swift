import Formats
import Gradients

/// A function of the batch without options, weights or state. It has a name in files, or is one that
/// was passed in from outside, such as a script's: a file says which, and whoever loads it provides it.
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

  /// The kind of functions that were passed in from outside.
  static let scriptKind = LayerKind("function") { try Function($0) }

  private let name: String
  private let apply: (Variable, Pass) throws -> Variable
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
    apply = { x, _ in try function.apply(x) }
    fusion = function.fusion
    isNamed = true
    self.function = nil
  }

  /// Creates any other function. It cannot be saved. Its label must describe completely what it
  /// computes.
  public init(label: String, apply: @escaping (Variable) throws -> Variable) {
    name = label
    self.apply = { x, _ in try apply(x) }
    fusion = nil
    isNamed = false
    function = nil
  }

  /// Creates a function that is passed in from outside.
  public init(label: String, script: Forward.Script) {
    name = label
    apply = { x, pass in try script.forward(nil, x, pass).single() }
    fusion = nil
    isNamed = false
    function = script.source
  }

  private convenience init(_ reader: ArchitectureReader) throws {
    self.init(label: try reader.text("label"), script: try reader.script("forward"))
  }

  override public var script: Any? { function }
  override public func duplicate(_ copies: Copies) -> Layer { self }
  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try apply(x, pass)
  }
  override public func fusion(after fusion: Fusion) -> Fusion? {
    fusion == .none ? self.fusion : nil
  }
  override public var label: String { name }
  override public var kind: LayerKind? {
    if isNamed { return Function.kinds.first { $0.name == name } }
    return function == nil ? nil : Function.scriptKind
  }
  override public var configuration: [(name: String, value: JSON)]? {
    isNamed ? [] : [("label", .string(name))]
  }
  override public func operations(input: [Int], output: [Int]) -> Int {
    name == "flatten" ? 0 : input.reduce(1, *)
  }
}
