import Host
import Images
import Tensors

/// Grows the structured edge detector's forest from photographs that people have segmented. Equal
/// examples, options and seed give an equal forest, whatever the number of threads.
public struct EdgeTrainer {
  /// How many trees are grown.
  public var trees = 8
  /// About how many patches near a boundary a tree learns from.
  public var positives = 200_000
  /// About how many patches away from boundaries a tree learns from.
  public var negatives = 200_000
  /// The share of all features that a tree may use is one of this many.
  public var featureShare = 4
  /// The least number of patches on either side of a question.
  public var leastChild = 8
  /// The most questions from the root to a leaf.
  public var depth = 64
  /// The seed of all that is drawn.
  public var seed: UInt64 = 0

  /// A trainer with the published settings but for the number of patches.
  public init() {}

  /// The forest of these examples. `report` is called from several threads, once a tree. Throws
  /// `edges-example` where there is nothing to learn from, and what reading an image can throw.
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

  /// A tree's patches: from each person's segmentation of each photograph equally many.
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

  /// Some of the centres, in a random order.
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
