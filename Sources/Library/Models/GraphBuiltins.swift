import Host
import Language
import Models

private let nodes = Argument(
  "nodes", .map, "names with layers, or with lists of a layer and the names of its inputs")
private let output = Argument(
  "output", .optional(.places), "the node that gives the output, or a list; nil is the last one",
  named: true)

/// The builtin `graph`.
func graphBuiltins(_ library: Library) -> [Builtin] {
  [
    Builtin(
      "graph", "Makes a network whose layers name their inputs.",
      details: """
        A node is a layer, which takes the node before it, or a list of a layer and the names of what it \
        takes: other nodes, or "input", what the network is given. The first node takes the input. `add`, \
        `multiply` and `concat` (of channels) take several inputs, and so can a function of as many tensors. \
        With a list as `output` the network gives a map of tensors by name. Nodes may come in any order; \
        they run in one in which each comes after those that it takes. A layer whose output one node alone \
        takes computes a relu and a pooling behind it as in `sequential`.
        """,
      searchTerms: ["DAG", "DagNN", "functional API", "skip connection", "branches", "Inception"],
      [nodes, output, networkInput], result: "model",
      examples: [
        Example(
          """
          let g = graph({
            conv1: conv(4, 3, padding: 1), relu1: relu,
            skip: [conv(4, 1), "input"],
            sum: [add, "relu1", "skip"],
            fc: dense(2),
          }, input: [1, 8, 8])
          g(zeros(3, 1, 8, 8)).shape
          """, "[3, 2]"),
        Example(
          "let g = graph({body: dense(4), kind: [dense(3), \"body\"], size: [dense(1), \"body\"]}, output: [\"kind\", \"size\"])\ng(zeros(2, 5)).size.shape",
          "[2, 1]"),
      ]
    ) { call in
      let nodes = try call[nodes].entries.map { key, value in
        try library.node(library.partName(key, in: "graph"), value, on: call.machine)
      }
      let outputs = try call[output].map { places -> GraphOutputs in
        places.isList ? .map(places.paths) : .one(places.paths[0])
      }
      return try Value(Graph(nodes, outputs: outputs), sizedBy: call[networkInput])
    }
  ]
}

extension Library {
  /// A node of a graph, from a layer or a list of a layer and the names of its inputs.
  fileprivate func node(_ name: String, _ value: Value, on machine: any Caller) throws -> GraphNode
  {
    guard case .list(let list) = value else {
      return GraphNode(name, try layer(from: value, on: machine, in: "graph"))
    }
    guard let first = list.items.first else {
      throw Failure("type", "graph: the node \"\(name)\" is an empty list")
    }
    let inputs = try list.items.dropFirst().map { item in
      guard case .string(let input) = item else {
        throw Failure(
          "type", "graph: the node \"\(name)\" must name its inputs, got \(item.brief)",
          hint: "layers one after the other are sequential([...])")
      }
      return input.text
    }
    let layer = try layer(
      from: first, on: machine, in: "graph: the node \"\(name)\"", inputs: max(inputs.count, 1))
    return GraphNode(name, layer, inputs: inputs)
  }
}
