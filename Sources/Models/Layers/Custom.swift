import Formats
import Gradients
import Host

/// A network of named parts with a forward function passed in from outside, such as a script's. A
/// file says which function it is, and whoever loads it provides the function.
public final class Custom: Container {
  private let function: Forward.Function
  private let source: Any

  /// Creates a network; `script` is the forward function as known to the script.
  public init(parts: [(name: String, part: Part)], script: Any, forward: @escaping Forward.Function)
  {
    source = script
    function = forward
    super.init(slots: parts)
  }

  override func remade(_ slots: [(name: String, part: Part)]) -> Container {
    Custom(parts: slots, script: source, forward: function)
  }
  override func holds(_ part: Part) -> Bool { true }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try outputs(x, pass).single()
  }
  override public func outputs(_ x: Variable, _ pass: Pass) throws -> Output {
    try RunningModel.run(self, pass) { try function(self, [x], pass) }
  }

  static let kind = LayerKind("model") { try Custom($0) }
  override public var kind: LayerKind? { Custom.kind }
  override func configuration(_ describe: (Layer) throws -> JSON?) throws -> [(
    name: String, value: JSON
  )]? {
    func json(_ part: Part) throws -> JSON? {
      switch part {
      case .layer(let layer): return try describe(layer)
      case .parameter(let parameter):
        return .object([("parameter", JSON(parameter.value?.shape ?? []))])
      case .list(let parts):
        let items = try parts.compactMap(json)
        return items.count == parts.count ? .object([("list", .array(items))]) : nil
      }
    }
    let parts = try slots.compactMap { try json($0.part) }
    guard parts.count == slots.count else { return nil }
    return [("names", .array(slots.map { .string($0.name) })), ("parts", .array(parts))]
  }

  convenience init(_ reader: ArchitectureReader) throws {
    let parts = try reader.parts("parts", names: "names")
    let script = try reader.script("forward")
    self.init(parts: parts, script: script.source, forward: script.forward)
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    throw ONNXExport.failure(
      label, at: path, "whose forward function ONNX can't have: write it as a graph")
  }

  override public var label: String { "model" }
  override public var script: Any? { source }
}

extension ArchitectureReader {
  /// The parts of a model with their names.
  fileprivate func parts(_ name: String, names: String) throws -> [(
    name: String, part: Container.Part
  )] {
    guard case .array(let items)? = optional(name),
      let given = try optional(names).map({ try texts($0, names) }),
      given.count == items.count, Set(given).count == given.count,
      given.allSatisfy({ !$0.isEmpty && !$0.contains(".") })
    else { throw wrong(name) }
    return try zip(given, items).map { ($0, try inside($1, $0).part()) }
  }
  private func part() throws -> Container.Part {
    if case .array(let items)? = optional("list") {
      return .list(try items.enumerated().map { try inside($1, "\($0)").part() })
    }
    guard case .array(let items)? = optional("parameter") else { return .layer(try layer()) }
    return .parameter(
      Parameter(declared: try integers("parameter", count: items.count)))
  }
}
