import Host
import Tensors

/// Iterates over a view, or over pairs, in batches. The batches are a function of the seed, the
/// epoch and the position, so an iteration resumed at a saved position continues as if it had not
/// been interrupted. The `Loader` renders the next batches ahead.
public final class Batches {
  /// What happens to the last records if they do not fill a batch.
  public struct LastBatch: Sendable {
    /// Whether they are dropped.
    public let isDropped: Bool
    /// The minimum size of a batch: fewer records join the batch before.
    public let least: Int

    /// By default they form a batch, however few they are.
    public init(isDropped: Bool = false, least: Int = 1) {
      self.isDropped = isDropped
      self.least = least
    }
  }

  /// A batch of records.
  public struct Batch {
    /// The images of each view that is rendered, float32 [n, c, h, w].
    public let images: [Tensor]
    fileprivate let views: [View]
    fileprivate let positions: [Int]

    /// The labels, int32 [n]. Throws `no-labels` if there are none.
    public var labels: Tensor { get throws { try views[0].labels(positions) } }
    /// Each record's number, int32 [n] (`View.numbers`).
    public var numbers: Tensor { get throws { try views[0].numbers(positions) } }
    /// Each record's weight in the loss, float32 [n]; nil if no view has weights.
    public var weights: Tensor? {
      get throws { try views.lazy.compactMap { try $0.recordWeights(positions) }.first }
    }
    /// A model's outputs for each record, [n, ...]; nil if no view keeps any.
    public var logits: Tensor? {
      get throws { try views.lazy.compactMap { try $0.logits(positions) }.first }
    }
    /// What the first view that keeps any keeps of places inside a model; nil if none does.
    public var features: [(place: String, rows: Tensor)]? {
      get throws { try views.first { $0.hasOutputs }?.outputs(positions) }
    }
  }

  private let views: [View]
  /// The positions in a batch, of so many records, of those that are given; nil gives all.
  private let part: ((Int) -> Range<Int>)?
  /// The views whose images are rendered.
  private let rendered: [View]
  private let order: [Int]?
  private let epoch: Int
  private let rendersAhead: Bool
  /// Batches that are being rendered, by number.
  private var ahead: [Int: BatchRendering] = [:]
  /// The number of records in every batch but the last.
  public let size: Int
  /// What happens to the last records if they do not fill a batch.
  public let last: LastBatch
  /// The number of records.
  public let count: Int
  /// The number of the next batch, from 0.
  public private(set) var position: Int

  /// The maximum number of batches that are rendered ahead, and the maximum number of bytes they
  /// may take.
  private static let depth = 2
  private static let aheadBytes = min(512 << 20, Memory.machineLimit / 16)

  /// Iterates over a view from batch `start` on. With `shuffle` the order is drawn from the seed
  /// and the epoch; the epoch also determines random transforms. If `rendersAhead` is false, `next`
  /// does all the rendering, which changes no result.
  public convenience init(
    _ view: View, size: Int, shuffle: Bool = false, epoch: Int = 0, seed: UInt64 = 0,
    start: Int = 0, last: LastBatch = LastBatch(), rendersAhead: Bool = true
  ) {
    self.init(
      [view], size: size, shuffle: shuffle, epoch: epoch, seed: seed, start: start,
      last: last, rendersAhead: rendersAhead)
  }

  /// Iterates over pairs: each batch holds the images of both views.
  public convenience init(
    _ pairs: Pairs, size: Int, shuffle: Bool = false, epoch: Int = 0, seed: UInt64 = 0,
    start: Int = 0, last: LastBatch = LastBatch(), rendersAhead: Bool = true
  ) {
    self.init(
      [pairs.first, pairs.second], size: size, shuffle: shuffle, epoch: epoch, seed: seed,
      start: start, last: last, rendersAhead: rendersAhead)
  }

  /// Iterates over several views of the same records. Each batch holds the images of those views whose
  /// indices are in `rendered`; nil renders all. With `part` only those records of each batch are given
  /// that it chooses, by their positions among as many as it is called with.
  public init(
    _ views: [View], rendered: [Int]? = nil, size: Int, shuffle: Bool, epoch: Int, seed: UInt64,
    start: Int, last: LastBatch, rendersAhead: Bool = true, part: ((Int) -> Range<Int>)? = nil
  ) {
    precondition(size > 0 && start >= 0)
    self.views = views
    self.part = part
    self.rendered = rendered.map { $0.map { views[$0] } } ?? views
    self.size = size
    self.last = last
    self.epoch = epoch
    self.rendersAhead = rendersAhead
    count = views[0].count
    let key = RandomKey(seed: seed)["batches"][epoch]
    let drawn = views.lazy.compactMap { $0.drawn(key["drawn"]) }.first
    order = shuffle ? drawn ?? key.permutation(count) : nil
    position = start
  }

  deinit { for rendering in ahead.values { rendering.cancel() } }

  /// The number of batches. The last may be smaller, or larger by the records that joined it.
  public var batchCount: Int {
    count / size + (count % size == 0 || last.isDropped || joined > 0 ? 0 : 1)
  }

  /// The number of records that join the last full batch because they are fewer than the minimum
  /// size of a batch.
  public var joined: Int {
    let rest = count % size
    return rest < last.least && count > size && !last.isDropped ? rest : 0
  }

  /// The number of records of a batch, of which a part may be given.
  public func whole(_ batch: Int) -> Int {
    (0..<batchCount).contains(batch) ? range(batch).count : 0
  }

  /// The positions in the view of a batch's records, or of those that are given.
  public func records(of batch: Int) -> [Int] {
    (0..<batchCount).contains(batch) ? positions(batch) : []
  }

  /// Moves to a batch by number.
  public func seek(_ batch: Int) { position = max(0, batch) }

  /// Returns the next batch, or nil at the end.
  public func next() throws -> Batch? {
    guard position < batchCount else {
      DiskCache.flushAll()
      return nil
    }
    try Interrupt.check()
    let rendering = self.rendering(position)
    ahead[position] = nil
    let images: [Tensor]
    do {
      images = try rendering.finish()
    } catch let interrupted as Interrupted {
      // The images rendered so far can still be used.
      ahead[position] = rendering
      throw interrupted
    }
    renderAhead(from: position + 1, bytes: images.reduce(0) { $0 + $1.byteCount })
    let positions = positions(position)
    position += 1
    return Batch(images: images, views: views, positions: positions)
  }

  private func range(_ batch: Int) -> Range<Int> {
    let isLast = batch == batchCount - 1 && !last.isDropped
    return batch * size..<(isLast ? count : (batch + 1) * size)
  }

  private func positions(_ batch: Int) -> [Int] {
    var range = range(batch)
    if let part {
      let part = part(range.count)
      range = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
    }
    return order.map { Array($0[range]) } ?? Array(range)
  }

  private func rendering(_ batch: Int) -> BatchRendering {
    ahead[batch] ?? BatchRendering(rendered, positions(batch), epoch: epoch)
  }

  /// Starts rendering the batches from `first` on, as many as fit in memory; a batch takes `bytes`.
  private func renderAhead(from first: Int, bytes: Int) {
    let depth = min(Batches.depth, Batches.aheadBytes / max(1, bytes))
    let wanted = first..<min(batchCount, first + (rendersAhead && Threads.count > 1 ? depth : 0))
    for (batch, rendering) in ahead where !wanted.contains(batch) {
      rendering.cancel()
      ahead[batch] = nil
    }
    for batch in wanted where ahead[batch] == nil {
      let rendering = self.rendering(batch)
      ahead[batch] = rendering
      Loader.shared.add(rendering)
    }
  }
}
