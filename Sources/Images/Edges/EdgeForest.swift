import Host

/// A random forest of structured labels: each tree asks features of a patch until it comes to a leaf,
/// which says how 16 x 16 pixels in the patch's middle are parted into segments.
public final class EdgeForest: Sendable {
  /// A question, or a leaf.
  struct Node: Equatable {
    /// Left if the feature is below it. Of 16 bits, so that a tree fits into a core's cache.
    var threshold: Float16
    var feature: UInt16
    /// The left child's number, the right one's is one more; in a leaf -1 less the place of its mask
    /// in `masks`.
    var next: Int32

    static func question(_ feature: Int, _ threshold: Float16, left: Int) -> Node {
      Node(threshold: threshold, feature: UInt16(feature), next: Int32(left))
    }
    static func leaf(mask: Int) -> Node {
      Node(threshold: 0, feature: 0, next: -1 - Int32(mask))
    }
  }

  /// Where a mask's planes are.
  struct Mask: Equatable {
    var start: Int32
    var segments: Int32
  }

  /// The nodes of all trees.
  let nodes: [Node]
  /// Each tree's first node.
  let roots: [Int32]
  /// What leaves say; the first one is a single segment, shared by all that see no edge.
  let masks: [Mask]
  /// The masks' planes.
  let words: [UInt16]

  init(nodes: [Node], roots: [Int32], masks: [Mask], words: [UInt16]) {
    self.nodes = nodes
    self.roots = roots
    self.masks = masks
    self.words = words
  }

  /// How many trees it has.
  public var trees: Int { roots.count }
  /// How many leaves see an edge.
  public var leaves: Int { masks.count - 1 }
}
