import Host

/// Puts the layers of an ONNX file into containers, so that parameters have the names that they have
/// in the file: `layer1.0.conv1.weight`. The layers whose names begin alike are a container if
/// they take one value and give one; layers without names between them belong to it. Containers are
/// chains where they can be, and graphs otherwise.
struct ONNXStructure {
  private let items: [ONNXImport.Item]
  /// The items that take what an item gives.
  private let readers: [[Int]]

  /// Takes the items of a file.
  init(_ items: [ONNXImport.Item]) {
    var readers = [[Int]](repeating: [], count: items.count)
    for (i, item) in items.enumerated() {
      for input in item.inputs where input >= 0 { readers[input].append(i) }
    }
    (self.items, self.readers) = (items, readers)
  }

  /// The network of the items that some outputs need.
  func network(_ outputs: [Int]) throws -> Layer {
    guard !outputs.contains(-1) else {
      throw Failure("onnx", "the network of the file gives its input as an output")
    }
    var isNeeded = [Bool](repeating: false, count: items.count)
    for output in outputs { isNeeded[output] = true }
    for i in items.indices.reversed() where isNeeded[i] {
      for input in items[i].inputs where input >= 0 { isNeeded[input] = true }
    }
    return try Level(self, Set(outputs), isNeeded, depth: 0)
      .container(items.indices.filter { isNeeded[$0] }, entry: -1, outputs: outputs)
  }

  /// The items of a container.
  private struct Level {
    /// A layer with the items whose values it takes and the one that it gives.
    private typealias Node = (name: String, layer: Layer, inputs: [Int], output: Int)

    private let structure: ONNXStructure
    private let outputs: Set<Int>
    private let isNeeded: [Bool]
    private let depth: Int

    init(_ structure: ONNXStructure, _ outputs: Set<Int>, _ isNeeded: [Bool], depth: Int) {
      (self.structure, self.outputs, self.isNeeded) = (structure, outputs, isNeeded)
      self.depth = depth
    }

    /// A container of items, which takes the value of one, or the input of the network.
    func container(_ items: [Int], entry: Int, outputs: [Int]) throws -> Layer {
      var names = Names(items.compactMap { structure.items[$0].path?[depth] })
      var nodes: [Node] = []
      var rest = items[...]
      while let first = rest.first {
        if let name = group(first), let (inner, entry, exit) = nested(name, rest) {
          let level = Level(structure, self.outputs, isNeeded, depth: depth + 1)
          let layer = try level.container(Array(inner), entry: entry, outputs: [exit])
          nodes.append((names.given(name), layer, [entry], exit))
          rest = rest[inner.endIndex...]
        } else {
          let item = structure.items[first]
          let name =
            if let path = item.path {
              names.given(path[depth...].joined(separator: "_"))
            } else {
              names.made(item.kind)
            }
          nodes.append((name, item.layer, item.inputs, first))
          rest.removeFirst()
        }
      }
      return try made(nodes, entry: entry, outputs: outputs)
    }

    /// The name of the container that an item is in, inside this one.
    private func group(_ item: Int) -> String? {
      guard let path = structure.items[item].path, path.count > depth + 1 else { return nil }
      return path[depth]
    }

    /// The first items, up to the last one of a group, if they take one value and give one. Items
    /// without names are added behind them where they give more.
    private func nested(_ name: String, _ items: ArraySlice<Int>) -> (
      items: ArraySlice<Int>, entry: Int, exit: Int
    )? {
      guard let last = items.lastIndex(where: { group($0) == name }) else { return nil }
      var inner = items[...last]
      guard inner.allSatisfy({ group($0) == name || structure.items[$0].path == nil }) else {
        return nil
      }
      while true {
        let members = Set(inner)
        let exits = inner.filter { item in
          outputs.contains(item)
            || structure.readers[item].contains { isNeeded[$0] && !members.contains($0) }
        }
        let entries = Set(inner.flatMap { structure.items[$0].inputs }).subtracting(members)
        guard entries.count == 1, let entry = entries.first else { return nil }
        if exits.count == 1 { return (inner, entry, exits[0]) }
        guard inner.endIndex < items.endIndex,
          structure.items[items[inner.endIndex]].path == nil
        else { return nil }
        inner = items[inner.startIndex...inner.endIndex]
      }
    }

    private func made(_ nodes: [Node], entry: Int, outputs: [Int]) throws -> Layer {
      let taken = [entry] + nodes.map(\.output)
      if outputs.count == 1, outputs[0] == taken.last,
        zip(nodes, taken).allSatisfy({ $0.inputs == [$1] })
      {
        return Sequential(nodes.map { ($0.name, $0.layer) })
      }
      var names = [entry: GraphNode.input]
      for node in nodes { names[node.output] = node.name }
      func name(_ item: Int) throws -> String {
        guard let name = names[item] else {
          throw Failure("onnx", "the network of the file has no order in which it can run")
        }
        return name
      }
      let given = try outputs.map(name)
      return try Graph(
        nodes.map { GraphNode($0.name, $0.layer, inputs: try $0.inputs.map(name)) },
        outputs: given.count == 1 ? .one(given[0]) : .map(given))
    }
  }

  /// The names of the layers in a container, of which no two are the same.
  private struct Names {
    /// The names that the file has.
    private let known: Set<String>
    private var used: Set = [GraphNode.input]

    init(_ known: [String]) { self.known = Set(known) }

    /// A name of the file, extended if it is used already.
    mutating func given(_ name: String) -> String {
      used.insert(name).inserted ? name : made(name)
    }

    /// A name that neither the file nor another layer has.
    mutating func made(_ kind: String) -> String {
      var (name, number) = (kind, 1)
      while known.contains(name) || !used.insert(name).inserted {
        number += 1
        name = "\(kind)\(number)"
      }
      return name
    }
  }
}
