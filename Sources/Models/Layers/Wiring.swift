import Host

/// How the nodes of a graph are connected. Value 0 is the input of the graph, value i the output of
/// node i - 1. Layers can be replaced without a change to it.
struct Wiring {
  /// Nodes that run one after the other: each but the first takes the one before it, which nothing
  /// else takes.
  struct Chain {
    /// The values that the first node takes.
    let inputs: [Int]
    /// The positions of the nodes.
    fileprivate(set) var nodes: [Int]
    /// The value that the last node gives.
    var output: Int { (nodes.last ?? 0) + 1 }
  }

  /// The values that each node takes.
  let inputs: [[Int]]
  /// The values that are the outputs of the graph.
  let outputs: [Int]
  /// Whether the outputs are a map.
  let isMap: Bool
  /// How often each value is taken, by nodes or as an output.
  let readers: [Int]
  /// The chains, in an order in which they can run.
  let chains: [Chain]

  /// Checks nodes and puts them in an order in which they can run, that in which they are given
  /// where it is one.
  static func of(_ nodes: [GraphNode], _ outputs: GraphOutputs?) throws -> (
    nodes: [GraphNode], wiring: Wiring
  ) {
    guard let last = nodes.last else { throw Failure("graph", "graph: wants one node or more") }
    let outputs = outputs ?? .one(last.name)
    let named = zip(nodes, [GraphNode.input] + nodes.map(\.name)).map { node, before in
      node.inputs.isEmpty ? GraphNode(node.name, node.layer, inputs: [before]) : node
    }
    try check(named, outputs)
    let sorted = try sorted(named)
    return (sorted, Wiring(sorted, outputs))
  }

  private init(_ nodes: [GraphNode], _ outputs: GraphOutputs) {
    var values = [GraphNode.input: 0]
    for (i, node) in nodes.enumerated() { values[node.name] = i + 1 }
    let inputs = nodes.map { $0.inputs.compactMap { values[$0] } }
    self.outputs = outputs.names.compactMap { values[$0] }
    isMap = if case .map = outputs { true } else { false }
    var readers = [Int](repeating: 0, count: nodes.count + 1)
    for value in inputs.joined() { readers[value] += 1 }
    for value in self.outputs { readers[value] += 1 }
    var chains: [Chain] = []
    // The chain that ends with a value.
    var ends: [Int: Int] = [:]
    let given = Set(self.outputs)
    for (i, taken) in inputs.enumerated() {
      if taken.count == 1, readers[taken[0]] == 1, !given.contains(taken[0]),
        let chain = ends[taken[0]]
      {
        chains[chain].nodes.append(i)
        ends[i + 1] = chain
      } else {
        ends[i + 1] = chains.count
        chains.append(Chain(inputs: taken, nodes: [i]))
      }
    }
    (self.inputs, self.readers, self.chains) = (inputs, readers, chains)
  }

  private static func check(_ nodes: [GraphNode], _ outputs: GraphOutputs) throws {
    var names: Set<String> = []
    for node in nodes {
      guard node.name != GraphNode.input else {
        throw Failure(
          "graph", "graph: a node can't be called \"input\", which is what the network is given")
      }
      guard names.insert(node.name).inserted else {
        throw Failure("graph", "graph: two nodes are called \"\(node.name)\"")
      }
    }
    for node in nodes {
      for input in node.inputs where input != GraphNode.input && !names.contains(input) {
        throw Failure(
          "graph", "graph: the node \"\(node.name)\" takes \"\(input)\", which is not a node",
          hint: "the nodes are \(WeightReport.listed(nodes.map(\.name)))")
      }
    }
    guard !outputs.names.isEmpty, Set(outputs.names).count == outputs.names.count else {
      throw Failure("graph", "graph: wants one output or more, of different nodes")
    }
    for output in outputs.names where !names.contains(output) {
      throw Failure(
        "graph", "graph: the output \"\(output)\" is not a node",
        hint: "the nodes are \(WeightReport.listed(nodes.map(\.name)))")
    }
    let taken = Set(nodes.flatMap(\.inputs)).union(outputs.names)
    if let idle = nodes.first(where: { !taken.contains($0.name) }) {
      throw Failure(
        "graph", "graph: nothing takes what the node \"\(idle.name)\" gives",
        hint: "a node that gives an output of the network must be named as `output`")
    }
  }

  /// The nodes in an order in which each comes after those that it takes.
  private static func sorted(_ nodes: [GraphNode]) throws -> [GraphNode] {
    var known: Set = [GraphNode.input]
    var sorted: [GraphNode] = []
    var rest = nodes
    while !rest.isEmpty {
      var waiting: [GraphNode] = []
      for node in rest {
        if node.inputs.allSatisfy(known.contains) {
          known.insert(node.name)
          sorted.append(node)
        } else {
          waiting.append(node)
        }
      }
      guard waiting.count < rest.count else { throw cycle(among: rest) }
      rest = waiting
    }
    return sorted
  }

  /// The error for nodes each of which waits for another one of them.
  private static func cycle(among nodes: [GraphNode]) -> Failure {
    let waiting = Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, $0) })
    var names: [String] = []
    var next = nodes.first
    while let node = next, !names.contains(node.name) {
      names.append(node.name)
      next = node.inputs.lazy.compactMap { waiting[$0] }.first
    }
    let circle = names.drop { $0 != next?.name }
    return Failure(
      "graph",
      "graph: the nodes \(circle.map { "\"\($0)\"" }.joined(separator: ", ")) form a cycle: each "
        + "takes the next one, and the last one the first")
  }
}
