import Images
import Tensors

/// Grows a tree node by node from the root, breadth first.
struct TreeGrower {
  private let trainer: EdgeTrainer
  private let patches: SampledPatches
  private let key: RandomKey
  /// The features that this tree may use; those drawn for a node are moved to the front.
  private var features: [Int]
  private let tries: Int

  private struct Pending {
    var node: Int
    var range: Range<Int>
    var depth: Int
  }

  init(_ trainer: EdgeTrainer, _ patches: SampledPatches, _ key: RandomKey) {
    self.trainer = trainer
    self.patches = patches
    self.key = key
    let all = key["features"].permutation(EdgeFeatures.count)
    features = Array(all.prefix(EdgeFeatures.count / trainer.featureShare))
    tries = Int(Double(features.count).squareRoot().rounded())
  }

  mutating func grow() -> GrownTree {
    var tree = GrownTree()
    guard patches.count > 0 else {
      tree.append()
      return tree
    }
    var order = (0..<Int32(patches.count)).map { $0 }
    var classes = [UInt8](repeating: 0, count: patches.count)
    var search = SplitSearch(patches, capacity: patches.count)
    let patches = self.patches
    patches.labels.withUnsafeBufferPointer { labels in
      order.withUnsafeMutableBufferPointer { order in
        classes.withUnsafeMutableBufferPointer { classes in
          guard let labels = labels.baseAddress, let classes = classes.baseAddress else { return }
          var labelClasses = LabelClasses(labels: labels)
          var queue = [Pending(node: 0, range: 0..<order.count, depth: 0)]
          tree.append()
          var next = 0
          while next < queue.count {
            let item = queue[next]
            next += 1
            let key = key[item.node]
            let part = UnsafeMutableBufferPointer(rebasing: order[item.range])
            let exemplar = labelClasses.classify(UnsafeBufferPointer(part), key, into: classes)
            guard part.count > trainer.leastChild, item.depth <= trainer.depth,
              let split = search.best(
                UnsafeBufferPointer(part), classes, draw(key["tries"]), least: trainer.leastChild)
            else {
              tree.end(item.node, labels + exemplar * SegmentMask.pixels)
              continue
            }
            let left = search.partition(part, split)
            let middle = item.range.lowerBound + left
            tree.ask(item.node, split.feature, split.threshold, left: tree.count)
            for range in [item.range.lowerBound..<middle, middle..<item.range.upperBound] {
              queue.append(Pending(node: tree.count, range: range, depth: item.depth + 1))
              tree.append()
            }
          }
        }
      }
    }
    return tree
  }

  /// Returns the randomly drawn features that a node tries.
  private mutating func draw(_ key: RandomKey) -> ArraySlice<Int> {
    for i in 0..<tries {
      features.swapAt(i, i + key.below(features.count - i, UInt64(i)))
    }
    return features[..<tries]
  }
}
