import Gradients
import Host
import Language
import Models
import Syntax
import Tensors

/// The parameters of a model by path. It is a live view: assigning to it changes the model.
public final class ParametersObject: HostObject {
  private let layer: Layer

  init(_ layer: Layer) { self.layer = layer }

  override public var typeName: String { "parameters" }
  override public var summary: String {
    let parameters = layer.parameters
    return "\(parameters.count) parameters: "
      + parameters.prefix(4).map { path, parameter in
        "\(path) " + (parameter.value.map { Tensor.describe($0.shape) } ?? "not yet sized")
      }.joined(separator: ", ") + (parameters.count > 4 ? ", ..." : "")
  }
  override public func display(columns: Int) -> String {
    layer.parameters.map { path, parameter in
      "\(path)  " + (parameter.value.map { Tensor.describe($0.shape) } ?? "not yet sized")
        + (parameter.isFrozen ? "  frozen" : "")
    }.joined(separator: "\n")
  }

  private func parameter(_ index: [Subscript]) throws -> (String, Parameter) {
    guard index.count == 1, case .value(.string(let path)) = index[0] else {
      throw Failure("type", "parameters: the index must be a path, e.g. \"0.weight\"")
    }
    guard let found = layer.parameters.first(where: { $0.path == path.text }) else {
      let names = layer.parameters.map(\.path)
      throw Failure(
        "key-missing", "parameters: \"\(path.text)\" does not exist",
        hint: NearestMatch.of(path.text, among: names).map { "did you mean \"\($0)\"?" }
          ?? "there are \(names.prefix(6).joined(separator: ", "))")
    }
    return found
  }

  override public func subscripted(_ index: [Subscript]) throws -> Value {
    Value(try parameter(index).1.variable())
  }

  override public func settingSubscript(
    _ index: [Subscript], to value: Value, isUnique: Bool, on machine: any Caller
  ) throws -> HostObject {
    let (path, parameter) = try parameter(index)
    guard case .object(let object as TensorObject) = value else {
      throw Failure("type", "parameters: \"\(path)\" must be a tensor, got \(value.brief)")
    }
    let new = try object.variable.cut(by: "assigning to parameters").cast(to: .float32)
    if let old = parameter.value, old.shape != new.shape {
      throw Failure(
        "shape",
        "parameters: \"\(path)\" is \(Tensor.describe(old.shape)), got "
          + Tensor.describe(new.shape))
    }
    if parameter.value == nil, let declared = parameter.declared {
      guard declared.count == new.rank,
        zip(declared, new.shape).allSatisfy({ $0 == nil || $0 == $1 })
      else {
        let sizes = declared.map { $0.map(String.init) ?? "?" }.joined(separator: ", ")
        throw Failure(
          "shape", "parameters: \"\(path)\" is [\(sizes)], got \(Tensor.describe(new.shape))")
      }
    }
    parameter.value = new
    return self
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] { [Value(layer)] }

  override public func length() throws -> Int? { layer.parameters.count }

  /// Iterates over the paths.
  override public func iterator() throws -> (() throws -> Value?)? {
    var paths = layer.parameters.map(\.path).makeIterator()
    return { paths.next().map { Value($0) } }
  }

  /// Iterates over the paths and the tensors.
  override public func entries() throws -> (() throws -> (key: Value, value: Value)?)? {
    var rest = layer.parameters.makeIterator()
    return { try rest.next().map { (Value($0.path), Value(try $0.parameter.variable())) } }
  }

  override public func contains(_ needle: Value) throws -> Bool? {
    guard case .string(let path) = needle else { return false }
    return layer.parameters.contains { $0.path == path.text }
  }
}
