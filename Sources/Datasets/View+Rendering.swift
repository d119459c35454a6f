import Host
import Images
import Tensors

extension View {
  /// The samples at some positions, rendered or from what is kept.
  public func samples(_ positions: some Collection<Int>, epoch: Int = 0) throws -> [Sample] {
    let positions = Array(positions)
    var results: [Sample] = []
    // Parts, so that Ctrl-C is noticed and what is done already is kept.
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

  /// The sample at a position; called on the thread that asked, if a transform must run there.
  func sample(_ position: Int, epoch: Int = 0) throws -> Sample {
    let strand = strand(position)
    let record = record(position)
    return try strand.finish(strand.begin(record, epoch: epoch), record, epoch: epoch)
  }

  /// Where objects and their parts are in the images at some positions. Only records whose source does
  /// not know it without pixels, or whose transforms move it, are rendered.
  public func annotations(_ positions: some Collection<Int>) throws -> [Annotation] {
    let positions = Array(positions)
    var results: [Annotation] = []
    // Parts, so that rendered images need not all be held.
    for low in stride(from: 0, to: positions.count, by: 256) {
      let part = positions[low..<min(positions.count, low + 256)]
      let known = part.compactMap { strand($0).annotation(record($0)) }
      results +=
        known.count == part.count
        ? known : try samples(part).map { Annotation(box: $0.box, parts: $0.parts) }
    }
    return results
  }

  /// The images at some positions as float32 [n, ...]; uint8 counts as 0..1. Throws `image-shape`
  /// where they differ in size.
  public func images(_ positions: some Collection<Int>, epoch: Int = 0) throws -> Tensor {
    if positions.isEmpty { return try Tensor(zeros: [0] + (imageShape ?? [])) }
    return try BatchRendering([self], Array(positions), epoch: epoch).finish()[0]
  }

  /// All images as float32 [n, ...].
  public func images() throws -> Tensor { try images(0..<count) }
}

extension Strand {
  /// A record on its way through the chain.
  struct Progress {
    var sample: Sample
    /// How many steps it has behind it.
    var steps: Int
  }

  /// A record after all steps that any thread may do, or after more of them where that is kept.
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

  /// The rest of the way, on the thread that asked.
  func finish(_ progress: Progress, _ record: Int, epoch: Int) throws -> Sample {
    guard progress.steps < steps.count else { return progress.sample }
    var progress = progress
    try Interrupt.check()
    try advance(&progress, to: steps.count, record, epoch)
    return progress.sample
  }

  /// The longest part of the fixed chain that is kept for a record.
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

  /// Does steps up to `end`, and keeps what the fixed ones made.
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

  /// Whether what so many steps have made is kept in memory: the last of the fixed ones, but not what is
  /// there anyway.
  private func isKeptInMemory(_ length: Int) -> Bool {
    length == fixedCount && (length > 0 || !source.isResident)
  }

  /// What a record's sample after some steps depends on, by content.
  private func content(_ record: Int, after length: Int) throws -> ContentKey {
    var digest = try source.content(record)
    digest.add(loadedAs)
    for step in steps[..<length] {
      digest.add(step.transform.key ?? "")
      if step.transform.randomness == .perRecord {
        digest.add(step.key[source.identity][record].bits)
      }
    }
    return digest.key
  }
}
