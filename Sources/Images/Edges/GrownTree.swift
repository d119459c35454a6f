/// A tree that is grown node by node. Nodes are numbered from 0 and the masks of leaves from 1 (0
/// is a single segment).
package struct GrownTree {
  fileprivate var nodes: [EdgeForest.Node] = []
  fileprivate var masks: [(segments: Int, words: [UInt16])] = []

  /// A tree without nodes.
  package init() {}

  /// The number of nodes.
  package var count: Int { nodes.count }
  /// The number of leaves with an edge.
  package var leaves: Int { masks.count }

  /// Adds a leaf without an edge.
  package mutating func append() { nodes.append(.leaf(mask: 0)) }

  /// Makes a node a split on whether a feature is below a threshold; the children are `left` and
  /// the next node.
  package mutating func ask(_ node: Int, _ feature: Int, _ threshold: Float16, left: Int) {
    nodes[node] = .question(feature, threshold, left: left)
  }

  /// Makes a node a leaf with two or more segments, with their planes.
  package mutating func end(_ node: Int, segments: Int, words: [UInt16]) {
    masks.append((segments, words))
    nodes[node] = .leaf(mask: masks.count)
  }
}

extension EdgeForest {
  /// Combines grown trees into a forest.
  package convenience init(_ grown: [GrownTree]) {
    var nodes: [Node] = []
    var roots: [Int32] = []
    var masks = [Mask(start: 0, segments: 1)]
    var words: [UInt16] = []
    for tree in grown {
      let (firstNode, firstMask) = (Int32(nodes.count), Int32(masks.count))
      roots.append(firstNode)
      for node in tree.nodes {
        var node = node
        if node.next >= 0 {
          node.next += firstNode
        } else if node.next < -1 {
          node.next -= firstMask - 1
        }
        nodes.append(node)
      }
      for mask in tree.masks {
        masks.append(Mask(start: Int32(words.count), segments: Int32(mask.segments)))
        words += mask.words
      }
    }
    self.init(nodes: nodes, roots: roots, masks: masks, words: words)
  }
}
