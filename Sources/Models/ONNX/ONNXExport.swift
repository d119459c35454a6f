import Formats
import Gradients
import Host
import Tensors

/// An ONNX file that layers add their nodes to. Constants have the paths of the parameters and
/// buffers, nodes those of the layers.
final class ONNXExport {
  /// What a node gives: its name, and its shape for a batch of one.
  struct Value {
    let name: String
    let shape: [Int]
  }

  /// The names of what the network is given and of what it gives.
  static let (input, output) = ("input", "logits")
  /// The entry of the metadata that has the names of the classes, in JSON.
  static let classes = "classes"
  /// The program that is named as the producer.
  static let producer = "limbeck"

  private(set) var model: ONNXModel
  private var names: Set = [input, output]
  private var nodeNames: Set<String> = []
  /// The tensors of the network by the identity of the parameter or buffer.
  private var tensors: [ObjectIdentifier: (path: String, tensor: Tensor?)] = [:]

  /// Starts a file for a network with these tensors.
  init(
    _ parameters: [NamedParameter], _ buffers: [(path: String, buffer: Buffer)], opset: Int
  ) {
    model = ONNXModel(opset: opset)
    model.producer = ONNXExport.producer
    for (path, parameter) in parameters {
      tensors[ObjectIdentifier(parameter)] = (path, parameter.value)
    }
    for (path, buffer) in buffers {
      tensors[ObjectIdentifier(buffer)] = (path, buffer.value)
    }
    names.formUnion(tensors.values.map(\.path))
  }

  /// The path of a layer in the one at `path`.
  static func path(_ name: String, in path: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }

  /// Adds a node that gives a value of this shape.
  func node(
    _ op: String, _ inputs: [String],
    _ attributes: [(name: String, value: ONNXModel.Attribute)] = [], at path: String, shape: [Int]
  ) -> Value {
    let output = unused(path)
    model.nodes.append(
      ONNXModel.Node(
        ONNXExport.unused(path, &nodeNames), op, inputs: inputs, outputs: [output],
        attributes: attributes))
    return Value(name: output, shape: shape)
  }

  /// The name of a constant that is neither a parameter nor a buffer.
  func constant(_ value: ONNXModel.Constant, named path: String) -> String {
    let name = unused(path)
    model.initializers.append((name, value))
    return name
  }

  /// The name of a parameter or a buffer, which is added when it is first used.
  func constant(_ owner: AnyObject) throws -> String {
    guard let (path, tensor) = tensors[ObjectIdentifier(owner)], let tensor else {
      throw Failure("unsized", "save: a layer has no weights yet: call the model once")
    }
    if !model.initializers.contains(where: { $0.name == path }) {
      model.initializers.append((path, .tensor(tensor)))
    }
    return path
  }

  private func unused(_ path: String) -> String { ONNXExport.unused(path, &names) }

  /// The path, extended if it is the name of something else already.
  private static func unused(_ path: String, _ names: inout Set<String>) -> String {
    var name = path
    while !names.insert(name).inserted { name += "_" }
    return name
  }

  /// Declares what the network is given and gives.
  func finish(_ input: Value, _ outputs: [(name: String, value: Value)], classes: [String]?) {
    model.inputs = [ONNXModel.Value(input.name, shape: [nil] + input.shape.dropFirst().map { $0 })]
    for (name, value) in outputs {
      if value.name != name {
        if outputs.count == 1, value.name != input.name {
          rename(value.name, to: name)
        } else {
          model.nodes.append(
            ONNXModel.Node("", "Identity", inputs: [value.name], outputs: [name]))
        }
      }
      model.outputs.append(ONNXModel.Value(name, shape: [nil] + value.shape.dropFirst().map { $0 }))
    }
    if let classes {
      model.metadata.append((ONNXExport.classes, JSON.array(classes.map { .string($0) }).text))
    }
  }

  private func rename(_ name: String, to other: String) {
    for i in model.nodes.indices {
      model.nodes[i].inputs = model.nodes[i].inputs.map { $0 == name ? other : $0 }
      model.nodes[i].outputs = model.nodes[i].outputs.map { $0 == name ? other : $0 }
    }
  }

  /// The failure for a layer at a path that ONNX has no operators for.
  static func failure(
    _ label: String, at path: String, _ reason: String = "which ONNX has no operator for"
  ) -> Failure {
    Failure(
      "onnx", "save: " + (path.isEmpty ? "" : "the layer \"\(path)\" is ") + "\(label), \(reason)")
  }
}
