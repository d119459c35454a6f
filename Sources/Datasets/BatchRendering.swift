import Host
import Images
import Synchronization
import Tensors

/// Renders the images of some records of one or more views into tensors [n, ...]. An item is one
/// record of one view. Any thread that is free takes the next item: the `Loader` ahead of the
/// network, and all threads of the pool once somebody waits. The result does not depend on which
/// thread rendered what.
final class BatchRendering: @unchecked Sendable {
  private enum Outcome {
    /// The image has been written to its row.
    case written
    /// A transform that must run on the requesting thread has yet to be applied.
    case begun(Strand.Progress)
    /// The image was not written, because its shape differs from that of the first finished record.
    case otherShape([Int])
    case failed(any Error)
  }

  /// The tensor for a view's images, allocated when the first of them is finished.
  private struct Output {
    let tensor: Tensor
    let rows: UnsafeMutablePointer<Float>
    let size: Int
  }

  /// The run that the images are rendered for.
  let context = RunContext.current
  private let views: [View]
  private let positions: [Int]
  private let epoch: Int
  /// How many items a thread takes at a time: more than one if they are small.
  private let grain: Int
  private let taken = Atomic<Int>(0)
  private let done = Atomic<Int>(0)
  private let outputs: Mutex<[Output?]>
  // SAFETY: an item's outcome is written only by the thread that took it, and read after all are
  // done.
  private let outcomes: UnsafeMutableBufferPointer<Outcome?>

  /// Makes the rendering of each view's records at these positions, of which there must be at least
  /// one.
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

  /// Whether some items have not been taken yet.
  var hasWork: Bool { taken.load(ordering: .relaxed) < count }

  /// Takes some items and renders them; returns false if none are left.
  func work() -> Bool {
    guard hasWork else { return false }
    let low = taken.add(grain, ordering: .relaxed).oldValue
    guard low < count else { return false }
    let high = min(count, low + grain)
    for item in low..<high { outcomes[item] = outcome(item) }
    done.add(high - low, ordering: .releasing)
    return true
  }

  /// Abandons the items that have not been taken yet.
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

  /// Writes an image to its row; the first image allocates the tensor.
  private func write(_ image: Tensor, _ item: Int) throws -> Outcome {
    let number = item / positions.count
    let output = try outputs.withLock { outputs -> Output in
      if let output = outputs[number] { return output }
      var tensor = try Tensor(uninitialized: [positions.count] + image.shape, .float32)
      // SAFETY: this object is the tensor's only owner until `finish` returns it, and its storage
      // does not move, so the pointer stays valid while the rows are written, each by one thread.
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

  /// Renders the remaining items, waits for those that other threads have taken, and returns each
  /// view's images. Throws the error of the first item that has one, `image-shape` if images differ
  /// in size.
  func finish() throws -> [Tensor] {
    if taken.load(ordering: .relaxed) == 0 { try expectMemory() }
    try Loader.shared.withForeground {
      while hasWork {
        // The work is done in parts so that Ctrl-C is noticed.
        let stop = min(count, taken.load(ordering: .relaxed) + 256 * grain)
        parallel(max(1, Threads.count), grain: 1) { range in
          for _ in range {
            while taken.load(ordering: .relaxed) < stop, !Interrupt.wantsRest, work() {}
          }
        }
        try Interrupt.check()
      }
      Loader.shared.wait { isDone }
      try Interrupt.check()
    }
    // Items that Ctrl-C interrupted, in an iteration that is being resumed.
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

  /// Throws `out-of-memory` if the images are known to be too large, before the first is rendered.
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
