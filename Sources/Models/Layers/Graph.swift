import Formats
import Gradients
import Host
import Tensors

/// A network whose layers are nodes that name their inputs: other nodes, or "input", what the
/// network is given. One node gives its output, or several give theirs by name. Nodes that follow
/// each other without a branch run as a chain, in which a layer can compute those behind it.
public final class Graph: Container {
  private let wiring: Wiring

  /// Creates a graph of nodes in any order, which must not form a cycle. A node without named
  /// inputs takes the node before it, the first one the input of the network. Without `outputs`,
  /// the last node gives the output. Throws `graph`.
  public convenience init(_ nodes: [GraphNode], outputs: GraphOutputs? = nil) throws {
    let (nodes, wiring) = try Wiring.of(nodes, outputs)
    self.init(slots: nodes.map { ($0.name, .layer($0.layer)) }, wiring: wiring)
  }

  private init(slots: [(name: String, part: Part)], wiring: Wiring) {
    self.wiring = wiring
    super.init(slots: slots)
  }

  override func remade(_ slots: [(name: String, part: Part)]) -> Container {
    Graph(slots: slots, wiring: wiring)
  }

  /// The nodes in the order in which they run, each with the names of its inputs.
  public var nodes: [GraphNode] {
    zip(children, wiring.inputs).map { child, inputs in
      GraphNode(child.name, child.layer, inputs: inputs.map(name))
    }
  }

  /// The nodes that give the outputs.
  public var outputs: GraphOutputs {
    let names = wiring.outputs.map(name)
    return wiring.isMap ? .map(names) : .one(names[0])
  }

  /// The name of a value: 0 is the input, i the output of node i - 1.
  private func name(_ value: Int) -> String {
    value == 0 ? GraphNode.input : children[value - 1].name
  }

  override public func forward(_ x: Variable, _ pass: Pass) throws -> Variable {
    try outputs(x, pass).single()
  }

  override public func outputs(_ x: Variable, _ pass: Pass) throws -> Output {
    var values = [Variable?](repeating: nil, count: children.count + 1)
    values[0] = x
    // A value is released with its last reader.
    var readers = wiring.readers
    func take(_ value: Int) -> Variable? {
      readers[value] -= 1
      defer { if readers[value] == 0 { values[value] = nil } }
      return values[value]
    }
    for chain in wiring.chains {
      let inputs = chain.inputs.compactMap(take)
      let layers = chain.nodes.map { children[$0] }
      values[chain.output] =
        if inputs.count == 1 {
          try Sequential.output(of: layers[...], Deferred(inputs[0]), pass)
        } else {
          try Sequential.output(
            of: layers.dropFirst(), Deferred(combined(inputs, by: layers[0], pass)), pass)
        }
    }
    let outputs = wiring.outputs.compactMap { value in
      take(value).map { (name: name(value), output: Output.tensor($0)) }
    }
    return wiring.isMap ? .map(outputs) : outputs[0].output
  }

  private func combined(
    _ inputs: [Variable], by node: (name: String, layer: Layer), _ pass: Pass
  ) throws -> Variable {
    do {
      return try pass.outputs(of: node.layer, inputs, as: node.name).single()
    } catch var failure as Failure {
      failure.message = "graph: the node \"\(node.name)\": \(failure.message)"
      throw failure
    }
  }

  static let kind = LayerKind("graph") { try Graph($0) }
  override public var kind: LayerKind? { Graph.kind }
  /// It has the wiring, since digests of graphs that have no description in files are about it.
  override public var label: String {
    let nodes = nodes.map { "\($0.name): \($0.inputs.joined(separator: " "))" }
    return "graph(\(nodes.joined(separator: ", ")), output: \(outputs.json.text))"
  }

  override func configuration(_ describe: (Layer) throws -> JSON?) throws -> [(
    name: String, value: JSON
  )]? {
    let nodes = nodes
    let parts = try nodes.compactMap { try describe($0.layer) }
    guard parts.count == nodes.count else { return nil }
    return [
      ("names", .array(nodes.map { .string($0.name) })), ("layers", .array(parts)),
      ("inputs", .array(nodes.map { .array($0.inputs.map { .string($0) }) })),
      ("output", outputs.json),
    ]
  }

  override func export(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> ONNXExport.Value {
    let outputs = try exportOutputs(inputs, to: file, at: path)
    guard !wiring.isMap else {
      throw ONNXExport.failure(label, at: path, "which gives several tensors where one is needed")
    }
    return outputs[0].value
  }

  override func exportOutputs(
    _ inputs: [ONNXExport.Value], to file: ONNXExport, at path: String
  ) throws -> [(name: String, value: ONNXExport.Value)] {
    var values = inputs
    for (child, taken) in zip(children, wiring.inputs) {
      values.append(
        try child.layer.export(
          taken.map { values[$0] }, to: file,
          at: ONNXExport.path(child.name, in: path)))
    }
    return wiring.outputs.map { (wiring.isMap ? name($0) : ONNXExport.output, values[$0]) }
  }

  convenience init(_ reader: ArchitectureReader) throws {
    let layers = try reader.layers("layers", names: "names")
    guard case .array(let inputs)? = reader.optional("inputs"), inputs.count == layers.count,
      let output = reader.optional("output")
    else { throw reader.wrong("inputs") }
    let nodes = try zip(layers, inputs).map {
      GraphNode($0.name, $0.layer, inputs: try reader.texts($1, "inputs"))
    }
    let outputs: GraphOutputs =
      if case .string(let name) = output {
        .one(name)
      } else {
        .map(try reader.texts(output, "output"))
      }
    do {
      try self.init(nodes, outputs: outputs)
    } catch let failure as Failure where failure.kind == "graph" {
      throw Failure("file-format", "\(reader.file): \(failure.message)")
    }
  }
}

/// A node of a graph.
public struct GraphNode {
  /// The name by which nodes mean the input of the network.
  public static let input = "input"
  /// Its name in the graph.
  public let name: String
  /// What it computes.
  public let layer: Layer
  /// The names of the nodes whose outputs it takes; empty is the node before it.
  public let inputs: [String]

  /// Creates a node.
  public init(_ name: String, _ layer: Layer, inputs: [String] = []) {
    (self.name, self.layer, self.inputs) = (name, layer, inputs)
  }
}

/// Which nodes give the outputs of a graph.
public enum GraphOutputs: Equatable {
  /// One node gives a tensor.
  case one(String)
  /// One or several nodes give tensors by their names.
  case map([String])

  /// The names of the nodes.
  public var names: [String] {
    switch self {
    case .one(let name): [name]
    case .map(let names): names
    }
  }

  /// The description written to files.
  fileprivate var json: JSON {
    switch self {
    case .one(let name): .string(name)
    case .map(let names): .array(names.map { .string($0) })
    }
  }
}
