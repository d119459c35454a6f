import Host

/// A random forest of structured labels: each tree tests features of a patch until it reaches a
/// leaf, which tells how the 16 x 16 pixels in the middle of the patch are divided into segments.
public final class EdgeForest: Sendable {
  /// A split or a leaf.
  struct Node: Equatable {
    /// The left child is taken if the feature is below it. It has 16 bits, so that a tree fits into
    /// a core's cache.
    var threshold: Float16
    var feature: UInt16
    /// The index of the left child, to which the right child is next; for a leaf, -1 minus the
    /// index of its mask in `masks`.
    var next: Int32

    static func question(_ feature: Int, _ threshold: Float16, left: Int) -> Node {
      Node(threshold: threshold, feature: UInt16(feature), next: Int32(left))
    }
    static func leaf(mask: Int) -> Node {
      Node(threshold: 0, feature: 0, next: -1 - Int32(mask))
    }
  }

  /// The place of a mask's planes.
  struct Mask: Equatable {
    var start: Int32
    var segments: Int32
  }

  /// The nodes of all trees.
  let nodes: [Node]
  /// Each tree's first node.
  let roots: [Int32]
  /// The masks of the leaves; the first one is a single segment, shared by all leaves without an
  /// edge.
  let masks: [Mask]
  /// The masks' planes.
  let words: [UInt16]

  init(nodes: [Node], roots: [Int32], masks: [Mask], words: [UInt16]) {
    self.nodes = nodes
    self.roots = roots
    self.masks = masks
    self.words = words
  }

  /// The number of trees.
  public var trees: Int { roots.count }
  /// The number of leaves with an edge.
  public var leaves: Int { masks.count - 1 }
}
