import Host
import Images
import Tensors

extension View {
  /// The samples at some positions, rendered or cached.
  public func samples(_ positions: some Collection<Int>, epoch: Int = 0) throws -> [Sample] {
    let positions = Array(positions)
    var results: [Sample] = []
    // The work is done in parts, so that Ctrl-C is noticed and finished samples are cached.
    for low in stride(from: 0, to: positions.count, by: 256) {
      try Interrupt.check()
      let part = positions[low..<min(positions.count, low + 256)]
      let begun = try parallelMap(part.count) { i -> Strand.Progress in
        let position = part[part.startIndex + i]
        return try strand(position).begin(record(position), epoch: epoch)
      }
      results += try zip(part, begun).map { position, progress in
        try strand(position).finish(progress, record(position), epoch: epoch)
      }
    }
    return results
  }

  /// The sample at a position. It must be called on the requesting thread if a transform has to run
  /// there.
  func sample(_ position: Int, epoch: Int = 0) throws -> Sample {
    let strand = strand(position)
    let record = record(position)
    return try strand.finish(strand.begin(record, epoch: epoch), record, epoch: epoch)
  }

  /// The places of objects and their parts in the images at some positions. A record is rendered
  /// only if its source does not know them without pixels, or if its transforms move them.
  public func annotations(_ positions: some Collection<Int>) throws -> [Annotation] {
    let positions = Array(positions)
    var results: [Annotation] = []
    // The work is done in parts, so that the rendered images need not all be in memory.
    for low in stride(from: 0, to: positions.count, by: 256) {
      let part = positions[low..<min(positions.count, low + 256)]
      let known = part.compactMap { strand($0).annotation(record($0)) }
      results +=
        known.count == part.count
        ? known : try samples(part).map { Annotation(box: $0.box, parts: $0.parts) }
    }
    return results
  }

  /// The images at some positions as float32 [n, ...]; uint8 is scaled to 0..1. Throws
  /// `image-shape` if they differ in size.
  public func images(_ positions: some Collection<Int>, epoch: Int = 0) throws -> Tensor {
    if positions.isEmpty { return try Tensor(zeros: [0] + (imageShape ?? [])) }
    return try BatchRendering([self], Array(positions), epoch: epoch).finish()[0]
  }

  /// All images as float32 [n, ...].
  public func images() throws -> Tensor { try images(0..<count) }
}

extension Strand {
  /// A record that has passed through part of the chain.
  struct Progress {
    var sample: Sample
    /// How many steps have been applied.
    var steps: Int
  }

  /// The record after all steps that may run on any thread, or after more of them if that result is
  /// cached.
  func begin(_ record: Int, epoch: Int) throws -> Progress {
    var progress: Progress
    if let kept = kept(record) {
      progress = kept
    } else {
      progress = Progress(sample: try load(record), steps: 0)
      try keep(progress, record)
    }
    try advance(&progress, to: parallelCount, record, epoch)
    return progress
  }

  /// Applies the remaining steps, on the requesting thread.
  func finish(_ progress: Progress, _ record: Int, epoch: Int) throws -> Sample {
    guard progress.steps < steps.count else { return progress.sample }
    var progress = progress
    try Interrupt.check()
    try advance(&progress, to: steps.count, record, epoch)
    return progress.sample
  }

  /// The longest part of the fixed chain whose result is cached for a record.
  private func kept(_ record: Int) -> Progress? {
    for length in stride(from: fixedCount, through: 0, by: -1) {
      if length > 0 || !source.isResident, let sample = shelves[length].sample(record) {
        return Progress(sample: sample, steps: length)
      }
      if let file = files[length], let content = try? content(record, after: length),
        let sample = file.sample(content)
      {
        if isKeptInMemory(length) { shelves[length].keep(sample, of: record) }
        return Progress(sample: sample, steps: length)
      }
    }
    return nil
  }

  /// Applies the steps up to `end`, and caches the results of the fixed ones.
  private func advance(_ progress: inout Progress, to end: Int, _ record: Int, _ epoch: Int) throws
  {
    while progress.steps < end {
      let from = progress.steps
      let stop = (from + 1...end).first { files[$0] != nil || $0 == fixedCount } ?? end
      progress.sample = try apply(from..<stop, to: progress.sample, record: record, epoch: epoch)
      progress.steps = stop
      try keep(progress, record)
    }
  }

  private func keep(_ progress: Progress, _ record: Int) throws {
    let length = progress.steps
    if let file = files[length] {
      file.keep(progress.sample, of: try content(record, after: length))
    }
    if isKeptInMemory(length) { shelves[length].keep(progress.sample, of: record) }
  }

  /// Whether the result of this many steps is cached in memory: that of the last fixed step is,
  /// unless it is already in memory.
  private func isKeptInMemory(_ length: Int) -> Bool {
    length == fixedCount && (length > 0 || !source.isResident)
  }

  /// A digest of everything that a record's sample after some steps depends on.
  private func content(_ record: Int, after length: Int) throws -> ContentKey {
    var digest = try source.content(record)
    digest.add(loadedAs)
    for step in steps[..<length] {
      digest.add(step.transform.key ?? "")
      if step.transform.randomness == .perRecord {
        digest.add(step.key[source.drawKey][record].bits)
      }
    }
    return digest.key
  }
}
