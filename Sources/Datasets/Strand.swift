import Host
import Tensors

/// A source with the chain of transforms its records go through.
final class Strand {
  /// A transform in its place: with the seed of the view it was added to, and how many of its name
  /// stand before it.
  struct Step {
    let transform: Transform
    let key: RandomKey
  }

  let source: RecordSource
  let steps: [Step]
  /// What the records hold after each of the leading fixed steps: [0] is the source as it is.
  let keys: [String]
  /// What the source may reduce records to, if it is allowed to; a part of all keys.
  private let target: LoadTarget?

  init(_ source: RecordSource, steps: [Step] = []) {
    self.source = source
    self.steps = steps
    target = source.isFast ? steps.reversed().reduce(nil) { $1.transform.needed(for: $0) } : nil
    var keys = [source.contentKey + (target.map { " for " + $0.text } ?? "")]
    for step in steps {
      guard let key = step.transform.key, !step.transform.isRandom else { break }
      keys.append(keys[keys.count - 1] + " | " + key)
    }
    self.keys = keys
  }

  /// How many leading steps are fixed.
  var fixedCount: Int { keys.count - 1 }
  var isFixed: Bool { fixedCount == steps.count }

  /// A record of the source, as large as the chain needs it.
  func load(_ record: Int) throws -> Sample {
    guard let target else { return try source.load(record) }
    return try source.load(record, target: target)
  }

  func appending(_ transform: Transform, seed: UInt64) -> Strand {
    let ordinal = steps.filter { $0.transform.name == transform.name }.count
    let key = RandomKey(seed: seed)["transform"][transform.name][ordinal]
    return Strand(source, steps: steps + [Step(transform: transform, key: key)])
  }

  var imageShape: [Int]? {
    steps.reduce(source.imageShape) { $1.transform.shape(after: $0) }
  }

  /// Puts a sample through some of the steps.
  func apply(_ range: Range<Int>, to sample: Sample, record: Int, epoch: Int) throws -> Sample {
    var sample = sample
    for step in steps[range] {
      do {
        let key =
          step.transform.isRandom ? step.key[epoch][source.identity][record] : step.key
        sample = try step.transform.apply(sample, key)
      } catch var failure as Failure {
        failure.message += " (record \(source.name(record)))"
        throw failure
      }
    }
    return sample
  }
}
