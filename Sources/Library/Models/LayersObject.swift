import Host
import Language
import Models

/// The direct layers of a model by name. It is a live view: assigning to it changes the model.
public final class LayersObject: HostObject {
  private let model: ModelObject

  init(_ model: ModelObject) { self.model = model }

  private var layers: [(name: String, layer: Layer)] { model.layer.children }

  override public var typeName: String { "layers" }
  override public var summary: String {
    "{" + layers.map { "\($0.name): \(ModelObject($0.layer).brief)" }.joined(separator: ", ") + "}"
  }
  override public func display(columns: Int) -> String {
    layers.map { "\($0.name)  \(ModelObject($0.layer).summary)" }.joined(separator: "\n")
  }

  override public var memberNames: [String] { layers.map(\.name) }
  override public func member(_ name: String) throws -> Value? {
    layers.first { $0.name == name }.map { Value($0.layer) }
  }
  override public func setMember(_ name: String, to value: Value, on machine: any Caller) throws
    -> Bool
  {
    guard layers.contains(where: { $0.name == name }) else { return false }
    try model.replace(name, with: value, on: machine)
    return true
  }

  override public func subscripted(_ index: [Subscript]) throws -> Value {
    try model.subscripted([.value(name(index))])
  }

  override public func settingSubscript(
    _ index: [Subscript], to value: Value, isUnique: Bool, on machine: any Caller
  ) throws -> HostObject {
    _ = try model.settingSubscript(
      [.value(name(index))], to: value, isUnique: isUnique, on: machine)
    return self
  }

  /// The index, which must be the name of a layer, as it is a key.
  private func name(_ index: [Subscript]) throws -> Value {
    guard index.count == 1, case .value(let name) = index[0], case .string = name else {
      throw Failure("type", "layers: the index must be a name; g[0] is a layer by its position")
    }
    guard try contains(name) == true else { throw model.layer.noPart(name.printed) }
    return name
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    [.object(model)]
  }

  override public func length() throws -> Int? { layers.count }

  /// Iterates over the names.
  override public func iterator() throws -> (() throws -> Value?)? {
    var rest = layers.makeIterator()
    return { rest.next().map { Value($0.name) } }
  }

  /// Iterates over the names and the layers.
  override public func entries() throws -> (() throws -> (key: Value, value: Value)?)? {
    var rest = layers.makeIterator()
    return { rest.next().map { (Value($0.name), Value($0.layer)) } }
  }

  override public func contains(_ needle: Value) throws -> Bool? {
    guard case .string(let name) = needle else { return false }
    return layers.contains { $0.name == name.text }
  }
}
