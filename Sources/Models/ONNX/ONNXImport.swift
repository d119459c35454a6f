import Formats
import Gradients
import Host
import Tensors

/// Builds a network from the nodes of an ONNX file. Operators that are one layer here are recognised
/// where several nodes spell it out.
struct ONNXImport {
  /// What a node gives for one input: item -1 is the input of the network.
  struct Data: Equatable {
    let item: Int
    /// The shape without the batch axis.
    let shape: [Int]
  }

  /// A value of the file. What is only part of a layer waits until it is known which.
  enum Value {
    /// What an item gives.
    case data(Data)
    /// The data as places of rows.
    case places(Data)
    /// The mean of each channel `[c, 1, 1]`.
    case mean(Data)
    /// The data minus numbers per channel or an average image.
    case shifted(Data, by: Tensor)
    /// The data times a matrix, under the matrix's name.
    case product(Data, matrix: Tensor, name: String)
    /// Part of a local response normalisation.
    case response(ONNXResponse)
  }

  /// A layer, with the items that it takes.
  struct Item {
    /// Its place, if the file tells: the name of its weights without `weight`.
    let path: [String]?
    /// What it is called otherwise.
    let kind: String
    let layer: Layer
    let inputs: [Int]
  }

  typealias Operator = (inout ONNXImport, ONNXNodeReader) throws -> Void
  /// The operators that are read.
  static let operators = windows.merging(products, uniquingKeysWith: { a, _ in a })
    .merging(rows, uniquingKeysWith: { a, _ in a })
    .merging(elementwise, uniquingKeysWith: { a, _ in a })
    .merging(reshaping, uniquingKeysWith: { a, _ in a })

  let path: String
  let opset: Int
  /// The declared size of the batch; nil if it is not fixed.
  let batch: Int?
  private(set) var items: [Item] = []
  private var values: [String: Value] = [:]
  private var constants: [String: ONNXModel.Constant] = [:]
  /// Whether the names of nodes are paths, as in files that `save` wrote.
  private let hasPaths: Bool

  /// Reads the nodes of a file. Throws `onnx` for what has no layer here, naming the node.
  init(_ model: ONNXModel, path: String) throws {
    func wrong(_ text: String) -> Failure { Failure("onnx", "\(path): \(text)") }
    self.path = path
    opset = model.opset
    hasPaths = model.producer == ONNXExport.producer
    guard (7...28).contains(opset) else {
      throw wrong("it has version \(opset) of ONNX's operators; 7 to 28 are read")
    }
    for (name, value) in model.initializers { constants[name] = value }
    let inputs = model.given
    guard inputs.count == 1 else { throw wrong("it has \(inputs.count) inputs, where one is read") }
    guard let shape = inputs[0].shape, shape.count >= 2, !shape.dropFirst().contains(nil) else {
      throw wrong("its input \"\(inputs[0].name)\" has no fixed size besides the batch axis")
    }
    batch = shape[0]
    let sizes = shape.dropFirst().compactMap { $0 }
    try Tensor.count(of: [1] + sizes)
    values[inputs[0].name] = .data(Data(item: -1, shape: sizes))
    for node in model.nodes {
      try Interrupt.check()
      let reader = ONNXNodeReader(node, file: path)
      guard let read = ONNXImport.operators[node.op] else {
        throw reader.wrong("uses the operator \(node.op), which is not supported")
      }
      try read(&self, reader)
      try reader.finish()
    }
  }

  // MARK: Values

  /// Names a value. Throws if there is one of this name.
  mutating func give(_ value: Value, _ node: ONNXNodeReader) throws {
    let name = try node.output()
    guard values[name] == nil, constants[name] == nil else {
      throw node.wrong("gives \"\(name)\", which is already defined")
    }
    values[name] = value
  }

  /// Names a constant.
  mutating func give(_ constant: ONNXModel.Constant, _ node: ONNXNodeReader) throws {
    let name = try node.output()
    guard values[name] == nil, constants[name] == nil else {
      throw node.wrong("gives \"\(name)\", which is already defined")
    }
    constants[name] = constant
  }

  /// A value that is not a constant.
  func value(_ position: Int, _ node: ONNXNodeReader) throws -> Value {
    let name = try node.input(position)
    if let value = values[name] { return value }
    throw node.wrong(
      constants[name] == nil
        ? "takes \"\(name)\", which the file does not have, or which a later node gives"
        : "takes the constant \"\(name)\" where it must take what the network computes")
  }

  /// A constant; nil if the input is something else.
  func constant(_ position: Int, _ node: ONNXNodeReader) throws -> ONNXModel.Constant? {
    constants[try node.input(position)]
  }

  /// A constant of numbers, as float32.
  func numbers(_ position: Int, _ node: ONNXNodeReader) throws -> Tensor {
    switch try constant(position, node) {
    case .tensor(let tensor)?: return try tensor.cast(to: .float32)
    case .integers?: throw node.wrong("takes integers where it must take numbers")
    case nil:
      throw node.wrong(
        "takes \"\(try node.input(position))\", which must be a constant of the file")
    }
  }

  /// A constant of one number.
  func number(_ position: Int, _ node: ONNXNodeReader) throws -> Double {
    let tensor = try numbers(position, node)
    guard tensor.count == 1 else {
      throw node.wrong("takes \(tensor.count) numbers instead of one")
    }
    return tensor.array(Float.self)[0].decimal
  }

  /// A constant of whole numbers.
  func integers(_ position: Int, _ node: ONNXNodeReader) throws -> [Int] {
    guard case .integers(let numbers, _)? = try constant(position, node) else {
      throw node.wrong(
        "takes \"\(try node.input(position))\", which must be a constant of int64 in the file")
    }
    return numbers
  }

  /// What the network has computed, for a layer that takes the whole of it.
  mutating func data(_ position: Int, _ node: ONNXNodeReader) throws -> Data {
    let name = try node.input(position)
    let data: Data
    switch try value(position, node) {
    case .data(let known): return known
    case .places:
      throw node.wrong("takes \"\(name)\", which is only read as the places of rows (Gather)")
    case .mean(let x):
      let pooling = Pooling(.average, size: (x.shape[1], x.shape[2]), window: try Window())
      data = try add(pooling, "avg_pool", [x], node, shape: [x.shape[0], 1, 1])
    case .shifted(let x, let mean):
      data = try normalized(x, mean, try Tensor.ones([1, 1, 1, 1]), node)
    case .product(let x, let matrix, let name):
      data = try dense(x, matrix, name, bias: nil, node)
    case .response(let response):
      guard response.isSquare, let multiply = Function("multiply") else {
        throw node.wrong(
          "takes \"\(name)\", which is only read as part of a response normalisation")
      }
      data = try add(multiply, "multiply", [response.x, response.x], node, shape: response.x.shape)
    }
    values[name] = .data(data)
    return data
  }

  /// Adds a layer and gives what it computes.
  mutating func layer(
    _ layer: Layer, _ kind: String, _ inputs: [Data], _ node: ONNXNodeReader, shape: [Int],
    weight: Int? = nil
  ) throws {
    let name = try weight.map { try node.input($0) }
    try give(.data(add(layer, kind, inputs, node, shape: shape, weight: name)), node)
  }

  /// Adds a layer, whose place the name of its weights tells.
  mutating func add(
    _ layer: Layer, _ kind: String, _ inputs: [Data], _ node: ONNXNodeReader, shape: [Int],
    weight: String? = nil
  ) throws -> Data {
    guard (try? Tensor.count(of: [1] + shape)) != nil else {
      throw node.wrong("gives \(Tensor.describe(shape)) for each input, which no tensor can hold")
    }
    let name =
      if hasPaths { node.node.name } else {
        weight.map { $0.hasSuffix(".weight") ? String($0.dropLast(".weight".count)) : $0 } ?? ""
      }
    let steps = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let isPath = !name.isEmpty && steps.count <= 16 && !steps.contains("")
    items.append(
      Item(
        path: isPath ? steps : name.isEmpty ? nil : [name.replacing(".", with: "_")], kind: kind,
        layer: layer, inputs: inputs.map(\.item)))
    return Data(item: items.count - 1, shape: shape)
  }

  /// The outputs of the network, by name.
  mutating func outputs(of model: ONNXModel) throws -> [Data] {
    guard !model.outputs.isEmpty else { throw Failure("onnx", "\(path): it has no outputs") }
    return try model.outputs.map { output in
      let end = ONNXNodeReader(
        ONNXModel.Node(output.name, "output", inputs: [output.name], outputs: []), file: path)
      return try data(0, end)
    }
  }
}

extension Layer {
  /// Builds the network of an ONNX file, with the names of the weights that it has there, as far as
  /// the nodes of each prefix form a network of their own. Throws `onnx` for a node that no layer
  /// here computes.
  public static func load(_ model: ONNXModel, path: String) throws -> Layer {
    var file = try ONNXImport(model, path: path)
    let outputs = try file.outputs(of: model)
    let network = try ONNXStructure(file.items).network(outputs.map(\.item))
    if let shape = model.given.first?.shape {
      network.inputShape = shape.dropFirst().compactMap { $0 }
    }
    if let text = model.metadata.first(where: { $0.name == ONNXExport.classes })?.text,
      case .array(let names)? = try? JSON(parsing: text.utf8, what: path)
    {
      network.classes = names.compactMap { if case .string(let name) = $0 { name } else { nil } }
    }
    return network
  }
}
