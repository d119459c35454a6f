import Images

/// A tree as it is grown: node numbers from 0, leaves' masks from 1 (0 is a single segment).
struct GrownTree {
  var nodes: [EdgeForest.Node] = []
  var masks: [(segments: Int, words: [UInt16])] = []

  /// A leaf that says these labels of 16 x 16 pixels.
  mutating func leaf(_ labels: UnsafePointer<UInt8>) -> EdgeForest.Node {
    var labels = Array(UnsafeBufferPointer(start: labels, count: SegmentMask.pixels))
    return labels.withUnsafeMutableBufferPointer { buffer in
      guard let labels = buffer.baseAddress else { return .leaf(mask: 0) }
      let segments = SegmentMask.mergeSmall(labels, least: 5)
      if segments == 1 { return .leaf(mask: 0) }
      masks.append((segments, SegmentMask.pack(labels, segments: segments)))
      return .leaf(mask: masks.count)
    }
  }
}

extension EdgeForest {
  /// Trees grown one by one as one forest.
  convenience init(_ grown: [GrownTree]) {
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
