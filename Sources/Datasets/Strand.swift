import Host
import Images
import Tensors

/// A source with the chain of transforms its records go through, and the places in the chain where what it
/// has made is kept on disk.
final class Strand {
  /// A transform in its place: with the key of its randomness, which depends on the seed and on how
  /// many of its name stand before it.
  struct Step {
    let transform: Transform
    let key: RandomKey
    /// The scale of the numbers it gets.
    let scale: PixelScale
    /// Why it can't have them.
    let refusal: Failure?
  }

  let source: RecordSource
  let steps: [Step]
  /// What the records hold after each of the leading fixed steps: [0] is the source as it is.
  let keys: [String]
  /// What the source may reduce records to, if it is allowed to; a part of all keys.
  private let target: LoadTarget?
  /// How many leading steps any thread may do; the next calls back into a script.
  let parallelCount: Int
  /// What is kept in memory of the records after each of the leading fixed steps.
  let shelves: [RenderCache.Shelf]
  /// The caches on disk of the records after so many steps.
  private let disks: [Int: DiskCache]
  /// What is kept in them.
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

  /// Adds what the records hold after all steps, but for the scripts' functions among these.
  func addContent(to digest: inout Digest) {
    digest.add(keys[0])
    for step in steps {
      digest.add(step.transform.key ?? step.transform.text)
      if step.transform.randomness != .none { digest.add(step.key.bits) }
    }
  }

  /// How many leading steps are fixed.
  var fixedCount: Int { keys.count - 1 }
  var isFixed: Bool { fixedCount == steps.count }

  /// How records are loaded, as keys of their content hold it.
  var loadedAs: String { target.map { "for " + $0.text } ?? "exact" }

  /// A record of the source, as large as the chain needs it.
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

  /// The same, kept on disk after the last step.
  func kept(on disk: DiskCache) -> Strand {
    Strand(source, steps: steps, disks: disks.merging([steps.count: disk]) { _, new in new })
  }

  /// The steps as people write them, with `cached` where the chain is kept on disk.
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

  /// A record's box and parts after all steps, where no pixels are needed to tell.
  func annotation(_ record: Int) -> Annotation? {
    steps.allSatisfy(\.transform.keepsPlaces) ? source.annotation(record) : nil
  }

  /// Puts a sample through some of the steps.
  func apply(_ range: Range<Int>, to sample: Sample, record: Int, epoch: Int) throws -> Sample {
    var sample = sample
    for step in steps[range] {
      do {
        let key =
          switch step.transform.randomness {
          case .none: step.key
          case .perRecord: step.key[source.identity][record]
          case .perEpoch: step.key[epoch][source.identity][record]
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
  /// The transform for an image; where nobody knew the scale of its numbers before, they tell.
  fileprivate func transform(for image: Tensor) throws -> Transform {
    if let refusal { throw refusal }
    guard case .unknown = scale else { return transform }
    let form = ImageForm(of: image)
    if let refusal = transform.refusal(of: form) { throw refusal }
    return transform.settled(on: form)
  }
}
