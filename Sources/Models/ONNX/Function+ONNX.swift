import Formats
import Gradients
import Tensors

extension Layer {
  /// Adds the nodes of a function by its name in files to an ONNX file; nil for one without
  /// operators in ONNX.
  func nodes(
    of name: String, _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value? {
    func add(
      _ op: String, _ inputs: [ONNXExport.Value],
      _ attributes: [(name: String, value: ONNXModel.Attribute)] = []
    ) throws -> ONNXExport.Value {
      try node(op, inputs, [], attributes, to: file, at: path)
    }

    switch name {
    case "relu": return try add("Relu", inputs)
    case "relu6":
      let x = inputs[0]
      let bounds = try [0, 6].map { bound in
        file.constant(
          .tensor(try Tensor(scalar: Float(bound))), named: "\(path).\(bound == 0 ? "min" : "max")")
      }
      return file.node("Clip", [x.name] + bounds, at: path, shape: x.shape)
    case "sigmoid": return try add("Sigmoid", inputs)
    case "tanh": return try add("Tanh", inputs)
    case "elu": return try add("Elu", inputs)
    case "silu":
      let x = inputs[0]
      let gate = file.node("Sigmoid", [x.name], at: "\(path)_gate", shape: x.shape)
      return file.node("Mul", [x.name, gate.name], at: path, shape: x.shape)
    case "gelu":
      // Gelu itself is an operator from version 20 on.
      let x = inputs[0]
      func step(_ op: String, _ a: ONNXExport.Value, _ number: Float, _ name: String) throws
        -> ONNXExport.Value
      {
        let constant = file.constant(.tensor(try Tensor(scalar: number)), named: "\(path).\(name)")
        return file.node(op, [a.name, constant], at: "\(path)_\(name)", shape: x.shape)
      }
      let scaled = try step("Mul", x, Float(0.5.squareRoot()), "scale")
      let error = file.node("Erf", [scaled.name], at: "\(path)_erf", shape: x.shape)
      let below = try step("Mul", step("Add", error, 1, "one"), 0.5, "half")
      return file.node("Mul", [x.name, below.name], at: path, shape: x.shape)
    case "softmax": return try add("Softmax", inputs, [("axis", .int(-1))])
    case "log_softmax":
      return try add("LogSoftmax", inputs, [("axis", .int(-1))])
    case "flatten": return try add("Flatten", inputs)
    case "global_avg_pool":
      let x = inputs[0]
      let mean = file.node(
        "GlobalAveragePool", [x.name], at: "\(path)_mean",
        shape: x.shape.prefix(2) + [1, 1])
      return file.node("Flatten", [mean.name], at: path, shape: Array(x.shape.prefix(2)))
    case "add": return try add(inputs.count == 2 ? "Add" : "Sum", inputs)
    case "multiply":
      let first = try add("Mul", Array(inputs.prefix(2)))
      return try inputs.dropFirst(2).reduce(first) { try add("Mul", [$0, $1]) }
    case "concat": return try add("Concat", inputs, [("axis", .int(1))])
    default: return nil
    }
  }
}

extension Window {
  /// The attributes of an operator whose windows of a size move across images.
  func onnx(
    _ size: (height: Int, width: Int), dilation: (y: Int, x: Int) = (1, 1), _ x: ONNXExport.Value
  ) -> [(name: String, value: ONNXModel.Attribute)] {
    guard x.shape.count == 4 else { return [] }
    let span = ((size.height - 1) * dilation.y + 1, (size.width - 1) * dilation.x + 1)
    let sides = padding.sides(
      image: (x.shape[2], x.shape[3]), size: span, stride: stride)
    return (dilation == (1, 1) ? [] : [("dilations", .ints([dilation.y, dilation.x]))]) + [
      ("kernel_shape", .ints([size.height, size.width])), ("strides", .ints([stride.y, stride.x])),
      ("pads", .ints([sides.top, sides.left, sides.bottom, sides.right])),
    ]
  }
}
