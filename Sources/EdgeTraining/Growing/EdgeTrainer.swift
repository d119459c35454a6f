import Host
import Images
import Tensors

/// Trains the forest of the structured edge detector on photographs that people have segmented. The
/// same examples, options and seed result in the same forest, whatever the number of threads.
public struct EdgeTrainer {
  /// The number of trees.
  public var trees = 8
  /// The approximate number of patches near a boundary that a tree is trained on.
  public var positives = 200_000
  /// The approximate number of patches away from boundaries that a tree is trained on.
  public var negatives = 200_000
  /// The reciprocal of the share of all features that a tree may use.
  public var featureShare = 4
  /// The minimum number of patches on each side of a split.
  public var leastChild = 8
  /// The maximum depth: the number of splits from the root to a leaf.
  public var depth = 64
  /// The seed of all random choices.
  public var seed: UInt64 = 0

  /// Creates a trainer with the published settings, except for the number of patches.
  public init() {}

  /// Trains a forest on the examples. `report` is called once for each tree, from several threads.
  /// Throws `edges-example` if the examples have no boundaries, and the errors of reading an image.
  public func train(_ examples: [EdgeExample], report: (String) -> Void) throws -> EdgeForest {
    let patches = try examples.map { try TrainingPatches(of: $0) }
    let key = RandomKey(seed: seed)
    let grown = try parallelMap(trees) { tree in
      let key = key["tree"][tree]
      let sampled = sample(patches, key["sample"])
      var grower = TreeGrower(self, sampled, key["grow"])
      let grown = grower.grow()
      report(
        "tree \(tree + 1): \(sampled.count) patches, \(grown.count) nodes, "
          + "\(grown.leaves) leaves with edges")
      return grown
    }
    guard grown.contains(where: { $0.leaves > 0 }) else {
      throw Failure("edges-example", "the examples show no boundary to learn from")
    }
    return EdgeForest(grown)
  }

  /// Returns the patches of a tree: the same number from each person's segmentation of each
  /// photograph.
  private func sample(_ images: [TrainingPatches], _ key: RandomKey) -> SampledPatches {
    var sampled = SampledPatches()
    for (i, image) in images.enumerated() {
      let parts = images.count * image.segmentations
      for person in 0..<image.segmentations {
        let key = key[i][person]
        let (near, far) = image.centres(person)
        for (centres, wanted, key) in [
          (near, positives, key["near"]), (far, negatives, key["far"]),
        ] {
          let count = min((wanted + parts - 1) / parts, centres.count)
          for centre in EdgeTrainer.choose(count, of: centres, key) {
            sampled.append(image, person, centre)
          }
        }
      }
    }
    return sampled
  }

  /// Returns a random sample of the centres in random order.
  private static func choose(
    _ count: Int, of centres: [PatchCentre], _ key: RandomKey
  ) -> [PatchCentre] {
    var centres = centres
    for i in 0..<count {
      centres.swapAt(i, i + key.below(centres.count - i, UInt64(i)))
    }
    return Array(centres.prefix(count))
  }
}
