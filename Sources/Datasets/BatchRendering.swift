import Host
import Images
import Synchronization
import Tensors

/// The images of some records of one view or of several, on their way to tensors [n, ...]. Its items (a
/// record of a view each) are taken one after the other by whoever has time: the `Loader` ahead of the
/// network, and all threads of the pool once somebody waits. What comes out does not depend on who did it.
final class BatchRendering: @unchecked Sendable {
  private enum Outcome {
    /// Written to its row.
    case written
    /// A transform that runs on the thread that asked is still to come.
    case begun(Strand.Progress)
    /// Not of the first finished record's shape, so not written.
    case otherShape([Int])
    case failed(any Error)
  }

  /// Where a view's images go, from when the first of them is there.
  private struct Output {
    let tensor: Tensor
    let rows: UnsafeMutablePointer<Float>
    let size: Int
  }

  /// The run that the images are for.
  let context = RunContext.current
  private let views: [View]
  private let positions: [Int]
  private let epoch: Int
  /// Items taken at once: more than one where they are small.
  private let grain: Int
  private let taken = Atomic<Int>(0)
  private let done = Atomic<Int>(0)
  private let outputs: Mutex<[Output?]>
  // SAFETY: an item's outcome is written by the one thread that took it, and read when all are done.
  private let outcomes: UnsafeMutableBufferPointer<Outcome?>

  /// The records of each view at these positions, of which there is one at least.
  init(_ views: [View], _ positions: [Int], epoch: Int) {
    self.views = views
    self.positions = positions
    self.epoch = epoch
    outputs = Mutex(views.map { _ in nil })
    outcomes = .allocate(capacity: views.count * positions.count)
    outcomes.initialize(repeating: nil)
    let size = views.first?.imageShape.map { $0.reduce(1, *) } ?? 1 << 16
    grain = max(1, min(64, (1 << 15) / max(1, size)))
  }

  deinit {
    outcomes.deinitialize()
    outcomes.deallocate()
  }

  private var count: Int { outcomes.count }

  /// Whether every item is done.
  var isDone: Bool { done.load(ordering: .acquiring) == count }

  /// Whether there are items that nobody has taken.
  var hasWork: Bool { taken.load(ordering: .relaxed) < count }

  /// Takes some items and does them; false if there are none.
  func work() -> Bool {
    guard hasWork else { return false }
    let low = taken.add(grain, ordering: .relaxed).oldValue
    guard low < count else { return false }
    let high = min(count, low + grain)
    for item in low..<high { outcomes[item] = outcome(item) }
    done.add(high - low, ordering: .releasing)
    return true
  }

  /// Leaves what nobody has taken undone.
  func cancel() { taken.store(count, ordering: .relaxed) }

  private func outcome(_ item: Int) -> Outcome {
    let (view, place) = (views[item / positions.count], item % positions.count)
    let position = positions[place]
    do {
      let strand = view.strand(position)
      let progress = try strand.begin(view.record(position), epoch: epoch)
      guard progress.steps == strand.steps.count else { return .begun(progress) }
      return try write(progress.sample.image, item)
    } catch {
      return .failed(error)
    }
  }

  /// Puts an image in its row; the first makes the room for all.
  private func write(_ image: Tensor, _ item: Int) throws -> Outcome {
    let number = item / positions.count
    let output = try outputs.withLock { outputs -> Output in
      if let output = outputs[number] { return output }
      var tensor = try Tensor(uninitialized: [positions.count] + image.shape, .float32)
      // SAFETY: the tensor has this one owner until `finish` hands it out, and its storage does not
      // move, so that the pointer stays good while rows are written, each by one thread.
      let rows = try tensor.write(Float.self) { $0 }
      let output = Output(tensor: tensor, rows: rows, size: image.count)
      outputs[number] = output
      return output
    }
    guard output.tensor.shape.dropFirst() == image.shape[...] else {
      return .otherShape(image.shape)
    }
    Pixels.floats(image, into: output.rows + item % positions.count * output.size)
    return .written
  }

  /// Does what is left, waits for what others have taken, and gives each view's images. Throws the
  /// failure of the first item that has one, `image-shape` where images differ in size.
  func finish() throws -> [Tensor] {
    if taken.load(ordering: .relaxed) == 0 { try expectMemory() }
    try Loader.shared.withForeground {
      while hasWork {
        // Parts, so that Ctrl-C is noticed.
        let stop = min(count, taken.load(ordering: .relaxed) + 256 * grain)
        parallel(max(1, Threads.count), grain: 1) { range in
          for _ in range {
            while taken.load(ordering: .relaxed) < stop, !Interrupt.isPending, work() {}
          }
        }
        try Interrupt.check()
      }
      Loader.shared.wait { isDone }
      try Interrupt.check()
    }
    // What Ctrl-C cut short, in a walk that is taken up again.
    for item in 0..<count {
      if case .failed(is Interrupted)? = outcomes[item] { outcomes[item] = outcome(item) }
    }
    for item in 0..<count {
      guard case .begun(let progress)? = outcomes[item] else { continue }
      let view = views[item / positions.count]
      let position = positions[item % positions.count]
      let image = try view.strand(position).finish(progress, view.record(position), epoch: epoch)
        .image
      outcomes[item] = try write(image, item)
    }
    for outcome in outcomes { if case .failed(let error)? = outcome { throw error } }
    return try outputs.withLock { outputs in
      defer { outputs = views.map { _ in nil } }
      return try views.indices.map { try images(of: $0, outputs[$0]) }
    }
  }

  /// Throws `out-of-memory` where the images are known to be too large, before the first is rendered.
  private func expectMemory() throws {
    var bytes = 0
    for view in views {
      guard let shape = view.imageShape else { continue }
      let size = shape.reduce(4 * Double(positions.count)) { $0 * Double($1) }
      bytes = Int(min(1e18, Double(bytes) + size))
    }
    guard bytes > 64 << 20, let shape = views.first?.imageShape else { return }
    try Memory.expect(
      bytes,
      for: "batches: a batch of \(positions.count) images \(Tensor.describe(shape))"
        + (views.count > 1 ? " and what they are paired with" : ""))
  }

  private func images(of number: Int, _ output: Output?) throws -> Tensor {
    guard let output else { preconditionFailure("a batch was finished without an image") }
    let shapes = positions.indices.map { place -> [Int] in
      if case .otherShape(let shape)? = outcomes[number * positions.count + place] { return shape }
      return Array(output.tensor.shape.dropFirst())
    }
    if let other = shapes.firstIndex(where: { $0 != shapes[0] }) {
      throw Stack.difference(shapes[0], shapes[other], 0, other) {
        "record \(views[number].name(positions[$0]))"
      }
    }
    return output.tensor
  }
}
