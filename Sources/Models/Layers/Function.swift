import Formats
import Gradients
import Host
import Tensors

/// A function of the batch without options, weights or state, or of several tensors in a `Graph`. It
/// has a name in files, or is one that was passed in from outside, such as a script's: a file says
/// which, and whoever loads it provides it.
public final class Function: Layer {
  /// What it computes.
  private enum Form {
    /// A function of one tensor.
    case one((Variable) throws -> Variable)
    /// A function of as many tensors as a node of a graph has inputs.
    case several(([Variable], Pass) throws -> Variable)
  }

  /// A function with a name in files. Those of the list below hold nothing that changes.
  private struct Named: @unchecked Sendable {
    let name: String
    let form: Form
    /// The fusion that a preceding layer computes if it also does the work of the function.
    var fusion: Fusion?

    init(
      name: String, apply: @escaping @Sendable (Variable) throws -> Variable, fusion: Fusion? = nil
    ) {
      (self.name, self.fusion, form) = (name, fusion, .one(apply))
    }

    /// A function of two tensors or more, whose shapes must be equal, or else as `fit` says.
    init(
      name: String, fit: @escaping @Sendable ([[Int]]) -> Bool = { Set($0).count == 1 },
      combine: @escaping @Sendable ([Variable]) throws -> Variable
    ) {
      self.name = name
      form = .several { inputs, _ in
        guard inputs.count >= 2 else {
          throw Failure("inputs", "\(name): takes two inputs or more, got one")
        }
        let shapes = inputs.map(\.shape)
        guard fit(shapes) else {
          let listed = shapes.map { Tensor.describe($0) }.joined(separator: " and ")
          throw Failure("shape", "\(name): the shapes \(listed) do not fit each other")
        }
        return try combine(inputs)
      }
    }
  }

  /// All named functions. Add new ones here.
  private static let named = [
    Named(name: "relu", apply: { try $0.relu() }, fusion: .relu),
    Named(name: "relu6", apply: { try $0.relu6() }, fusion: .relu6),
    Named(name: "sigmoid", apply: { try $0.mapped(.sigmoid) }),
    Named(name: "tanh", apply: { try $0.mapped(.tanh) }),
    Named(name: "gelu", apply: { try $0.mapped(.gelu) }),
    Named(name: "silu", apply: { try $0.mapped(.silu) }),
    Named(name: "elu", apply: { try $0.mapped(.elu) }),
    Named(name: "softmax", apply: { try $0.softmax() }),
    Named(name: "log_softmax", apply: { try $0.logSoftmax() }),
    Named(name: "flatten", apply: { try $0.flatten() }),
    Named(name: "global_avg_pool", apply: { try $0.globalAveragePool() }),
    Named(name: "add", combine: { try $0.dropFirst().reduce($0[0], +) }),
    Named(
      name: "multiply", fit: Function.broadcast, combine: { try $0.dropFirst().reduce($0[0], *) }),
    Named(
      name: "concat", fit: Function.joinChannels, combine: { try Variable.concat($0, axis: 1) }),
  ]
  static let kinds = named.map { function in LayerKind(function.name) { _ in Function(function) } }

  /// Whether shapes of as many axes differ only where one has size 1.
  @Sendable private static func broadcast(_ shapes: [[Int]]) -> Bool {
    Set(shapes.map(\.count)).count == 1
      && shapes[0].indices.allSatisfy { axis in
        Set(shapes.map { $0[axis] }).subtracting([1]).count <= 1
      }
  }
  /// Whether shapes of two axes or more differ in the second at most, that of the channels.
  @Sendable private static func joinChannels(_ shapes: [[Int]]) -> Bool {
    shapes.allSatisfy { $0.count >= 2 } && Set(shapes.map { [$0[0]] + $0.dropFirst(2) }).count == 1
  }

  /// The kind of functions that were passed in from outside.
  static let scriptKind = LayerKind("function") { try Function($0) }

  private let name: String
  private let form: Form
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
    form = function.form
    fusion = function.fusion
    isNamed = true
    self.function = nil
  }

  /// Creates any other function. It cannot be saved. Its label must describe completely what it
  /// computes.
  public init(label: String, apply: @escaping (Variable) throws -> Variable) {
    name = label
    form = .one(apply)
    fusion = nil
    isNamed = false
    function = nil
  }

  /// Creates a function that is passed in from outside.
  public init(label: String, script: Forward.Script) {
    name = label
    form = .several { inputs, pass in try script.forward(nil, inputs, pass).single() }
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
    switch form {
    case .one(let apply): try apply(x)
    case .several(let apply): try apply([x], pass)
    }
  }
  override public func outputs(_ inputs: [Variable], _ pass: Pass) throws -> Output {
    guard case .several(let apply) = form else { return try super.outputs(inputs, pass) }
    return .tensor(try apply(inputs, pass))
  }
  override public func fusion(after fusion: Fusion, _ pass: Pass) -> Fusion? {
    self.fusion.flatMap { fusion.followed(by: $0) }
  }
  override public var label: String { name }
  override public var kind: LayerKind? {
    if isNamed { return Function.kinds.first { $0.name == name } }
    return function == nil ? nil : Function.scriptKind
  }
  override public var configuration: [(name: String, value: JSON)]? {
    isNamed ? [] : [("label", .string(name))]
  }
  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    guard isNamed, let y = try nodes(of: name, inputs, to: file, at: path) else {
      throw ONNXExport.failure(label, at: path)
    }
    return y
  }
  override public func operations(inputs: [[Int]], output: [Int]) -> Int {
    switch name {
    case "flatten", "concat": 0
    default: inputs.count == 1 ? inputs[0].reduce(1, *) : (inputs.count - 1) * output.reduce(1, *)
    }
  }
}
