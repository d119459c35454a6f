import Host
import Images
import Tensors

/// A source with the chain of transforms that is applied to its records, and the points in the
/// chain at which results are cached on disk.
final class Strand {
  /// A transform at its place in the chain, with the key of its random numbers, which depends on
  /// the seed and on how many transforms of the same name come before it.
  struct Step {
    let transform: Transform
    let key: RandomKey
    /// The scale of its input.
    let scale: PixelScale
    /// Why it can't be applied to that input.
    let refusal: Failure?
  }

  let source: RecordSource
  let steps: [Step]
  /// Keys of the records' content after each of the leading fixed steps; [0] is the source itself.
  let keys: [String]
  /// The size to which the source may reduce records, if allowed; a part of all keys.
  private let target: LoadTarget?
  /// How many leading steps may run on any thread; the next one calls a script's function.
  let parallelCount: Int
  /// The cache in memory of the records after each of the leading fixed steps.
  let shelves: [RenderCache.Shelf]
  /// The caches on disk, by the number of steps after which they store the records.
  private let disks: [Int: DiskCache]
  /// The stores of those caches.
  let files: [Int: DiskStore]

  init(_ source: RecordSource, steps: [Step] = [], disks: [Int: DiskCache] = [:]) {
    self.source = source
    self.steps = steps
    self.disks = disks
    target = source.isFast ? steps.reversed().reduce(nil) { $1.transform.needed(for: $0) } : nil
    let loaded = target.map { " for " + $0.text } ?? ""
    var keys = [source.contentKey + loaded]
    var place = source.placeKey + loaded
    var places = [place]
    for step in steps {
      guard let key = step.transform.key, !step.transform.isRandom else { break }
      let drawn =
        step.transform.randomness == .perRecord ? " from \(String(step.key.bits, radix: 16))" : ""
      keys.append(keys[keys.count - 1] + " | " + key + drawn)
      place += " | " + key + drawn
      places.append(place)
    }
    self.keys = keys
    var files: [Int: DiskStore] = [:]
    for (count, disk) in disks where count < places.count {
      files[count] = disk.store(places[count], title: Strand.title(source, steps[..<count]))
    }
    self.files = files
    parallelCount = steps.firstIndex { $0.transform.isSerial } ?? steps.count
    shelves = keys.map { RenderCache.shared.shelf($0) }
  }

  private static func title(_ source: RecordSource, _ steps: ArraySlice<Step>) -> String {
    ([source.title + (source.isFast ? "(fast: true)" : "")] + steps.map(\.transform.text))
      .joined(separator: " |> ")
  }

  /// Adds what the chain makes of its records, except for the scripts' functions in it.
  func addContent(to digest: inout Digest) throws {
    digest.add(source.drawKey)
    if source.isNumbered { digest.add(source.contentKey) }
    digest.add(loadedAs)
    for step in steps {
      try step.transform.addContent(to: &digest)
      if step.transform.randomness != .none { digest.add(step.key.bits) }
    }
  }

  /// The number of leading steps that are fixed.
  var fixedCount: Int { keys.count - 1 }
  var isFixed: Bool { fixedCount == steps.count }

  /// How records are loaded, as part of the keys of their content.
  var loadedAs: String { target.map { "for " + $0.text } ?? "exact" }

  /// Loads a record of the source, at the size that the chain needs.
  func load(_ record: Int) throws -> Sample {
    guard let target else { return try source.load(record) }
    return try source.load(record, target: target)
  }

  func appending(_ transform: Transform, seed: UInt64) -> Strand {
    let ordinal = steps.filter { $0.transform.name == transform.name }.count
    let key = transform.chainKey(seed: seed, ordinal: ordinal)
    let form = form
    let step = Step(
      transform: transform.settled(on: form), key: key, scale: form.scale,
      refusal: transform.refusal(of: form))
    return Strand(source, steps: steps + [step], disks: disks)
  }

  /// The same chain, cached on disk after the last step.
  func kept(on disk: DiskCache) -> Strand {
    Strand(source, steps: steps, disks: disks.merging([steps.count: disk]) { _, new in new })
  }

  /// The steps as scripts write them, with `cached` at the points where the chain is cached on
  /// disk.
  var texts: [String] {
    (0...steps.count).flatMap { count in
      (count > 0 ? [steps[count - 1].transform.text] : [])
        + (disks[count] == nil ? [] : ["cached(\"disk\")"])
    }
  }

  /// What is known of the images after all steps.
  var form: ImageForm {
    ImageForm(
      shape: imageShape,
      scale: steps.last.map { $0.transform.scale(after: $0.scale) } ?? source.scale)
  }

  var imageShape: [Int]? {
    steps.reduce(source.imageShape) { $1.transform.shape(after: $0) }
  }

  /// A record's box and parts after all steps, if they can be computed without its pixels.
  func annotation(_ record: Int) -> Annotation? {
    steps.allSatisfy(\.transform.keepsPlaces) ? source.annotation(record) : nil
  }

  /// Applies some of the steps to a sample.
  func apply(_ range: Range<Int>, to sample: Sample, record: Int, epoch: Int) throws -> Sample {
    var sample = sample
    for step in steps[range] {
      do {
        let key =
          switch step.transform.randomness {
          case .none: step.key
          case .perRecord: step.key[source.drawKey][record]
          case .perEpoch: step.key[epoch][source.drawKey][record]
          }
        sample = try step.transform(for: sample.image).apply(sample, key)
      } catch var failure as Failure {
        failure.message += " (record \(source.name(record)))"
        throw failure
      }
    }
    return sample
  }
}

extension Strand.Step {
  /// The transform for an image; if the scale of its numbers was unknown, they determine it.
  fileprivate func transform(for image: Tensor) throws -> Transform {
    if let refusal { throw refusal }
    guard case .unknown = scale else { return transform }
    let form = ImageForm(of: image)
    if let refusal = transform.refusal(of: form) { throw refusal }
    return transform.settled(on: form)
  }
}
