import Formats
import Host

/// The layers of a MatConvNet network in the order in which they run, without a loss or a softmax at
/// the end.
struct MatConvNetNetwork {
  /// A layer in a file with the variables that it reads and the one that it writes.
  struct Step {
    let layer: MatConvNetLayer
    let inputs: [String]
    let output: String
  }

  private var nodes: [GraphNode] = []
  /// The names of the layers that give the outputs.
  private var ends: [String] = []
  /// The channels of the input, as the first convolution says.
  private(set) var inputs: Int?
  /// The channels of the output; nil if there are several outputs.
  private(set) var outputs: Int?
  /// Whether a softmax or its loss was at the end.
  private(set) var isClassifier = false
  /// What is left out.
  private(set) var notes: [String] = []

  /// Takes the layers of the network `net`, in any order.
  init(_ all: [Step], in net: MATField) throws {
    var steps = all.filter { !["loss", "softmaxloss"].contains($0.layer.type) }
    isClassifier = all.contains { $0.layer.type == "softmaxloss" }
    let read = Set(steps.flatMap(\.inputs))
    // The model is to give logits.
    for step in steps where step.layer.type == "softmax" && !read.contains(step.output) {
      isClassifier = true
      notes.append("\(step.layer.place) (\(step.layer.name)) is left out: the model gives logits")
    }
    steps.removeAll { $0.layer.type == "softmax" && !read.contains($0.output) }
    let (start, ordered) = try MatConvNetNetwork.ordered(steps, net)
    // Of each variable, the layer that writes it and its channels.
    var sources = [start: GraphNode.input]
    var channels: [String: Int] = [:]
    var names: [String: String] = [:]
    for step in ordered {
      let (layer, count) = try step.layer.made(step.inputs.map { channels[$0] ?? inputs })
      if inputs == nil, let conv = layer as? Conv { inputs = conv.weight.value?.shape[1] }
      // A dot separates the names in a path.
      let name = String(step.layer.name.map { $0 == "." ? "_" : $0 })
      if let other = names.updateValue(step.layer.place, forKey: name) {
        throw step.layer.wrong("its name is \(name), which \(other) has, too")
      }
      nodes.append(GraphNode(name, layer, inputs: step.inputs.compactMap { sources[$0] }))
      sources[step.output] = name
      channels[step.output] = count
    }
    let stillRead = Set(steps.flatMap(\.inputs))
    let last = ordered.filter { !stillRead.contains($0.output) }.map(\.output)
    ends = last.compactMap { sources[$0] }
    outputs = last.count == 1 ? channels[last[0]] : nil
  }

  /// The layers in an order in which they can run, and the variable that is the input.
  private static func ordered(_ steps: [Step], _ net: MATField) throws -> (
    start: String, steps: [Step]
  ) {
    var written: [String: Step] = [:]
    for step in steps {
      if let other = written.updateValue(step, forKey: step.output) {
        throw step.layer.wrong("it writes \(step.output), which \(other.layer.place) writes, too")
      }
    }
    let free = Set(steps.flatMap(\.inputs).filter { written[$0] == nil }).sorted()
    guard free.count == 1 else {
      throw net.wrong("wants layers with one input, got \(free.isEmpty ? "none" : "\(free)")")
    }
    var readers: [String: [Int]] = [:]
    for (i, step) in steps.enumerated() {
      for input in step.inputs { readers[input, default: []].append(i) }
    }
    var missing = steps.map(\.inputs.count)
    var ordered: [Step] = []
    var known = [free[0]]
    while let variable = known.popLast() {
      for i in readers[variable] ?? [] {
        missing[i] -= 1
        if missing[i] == 0 {
          ordered.append(steps[i])
          known.append(steps[i].output)
        }
      }
    }
    guard ordered.count == steps.count else {
      let left = zip(steps, missing).first { $1 > 0 }?.0
      throw left?.layer.wrong("it waits for its own output")
        ?? net.wrong("its layers wait for each other")
    }
    return (free[0], ordered)
  }

  private func free(_ name: String) -> String {
    nodes.contains { $0.name == name } ? free(name + "_") : name
  }

  /// Puts a layer before all others.
  mutating func prepend(_ name: String, _ layer: Layer) {
    let name = free(name)
    nodes = nodes.map { node in
      GraphNode(
        node.name, node.layer, inputs: node.inputs.map { $0 == GraphNode.input ? name : $0 })
    }
    nodes.insert(GraphNode(name, layer, inputs: [GraphNode.input]), at: 0)
  }

  /// Puts a function behind each output.
  mutating func append(_ function: String) throws {
    for (i, end) in ends.enumerated() {
      guard let layer = Function(function) else { continue }
      let name = free(function)
      nodes.append(GraphNode(name, layer, inputs: [end]))
      ends[i] = name
    }
  }

  /// The network: a chain if each layer takes the one before it.
  func model() throws -> Layer {
    let isChain = zip(nodes, [GraphNode.input] + nodes.map(\.name)).allSatisfy {
      $0.inputs == [$1]
    }
    return isChain
      ? Sequential(nodes.map { ($0.name, $0.layer) })
      : try Graph(nodes, outputs: ends.count == 1 ? .one(ends[0]) : .map(ends))
  }
}
