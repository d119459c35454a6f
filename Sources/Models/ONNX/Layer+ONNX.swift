import Formats
import Gradients
import Tensors

extension Layer {
  /// What an ONNX file has about the network in evaluation mode, for batches of inputs of a shape.
  /// Throws `onnx` for a layer that ONNX has no operators for, and the errors of running it.
  public func onnx(input shape: [Int], opset: Int) throws -> ONNXModel {
    // Gives layers their sizes, and throws if the shape does not fit.
    _ = try outputs(Variable(Tensor(zeros: [1] + shape)), Pass(training: false))
    let file = ONNXExport(parameters, buffers, opset: opset)
    let input = ONNXExport.Value(name: ONNXExport.input, shape: [1] + shape)
    let outputs = try exportOutputs(
      [input], to: file, at: children.isEmpty ? kind?.name ?? "layer" : "")
    file.finish(input, outputs, classes: classes)
    return file.model
  }

  /// Adds a node that computes the layer to an ONNX file, to whose inputs parameters and buffers of
  /// the layer are added.
  func node(
    _ op: String, _ inputs: [ONNXExport.Value], _ constants: [AnyObject?] = [],
    _ attributes: [(name: String, value: ONNXModel.Attribute)] = [], to file: ONNXExport,
    at path: String
  ) throws -> ONNXExport.Value {
    let zeros = try inputs.map { Variable(try Tensor(zeros: $0.shape)) }
    let shape = try outputs(zeros, Pass(training: false)).single().shape
    return file.node(
      op, try inputs.map(\.name) + constants.compactMap { $0 }.map(file.constant), attributes,
      at: path, shape: shape)
  }
}
