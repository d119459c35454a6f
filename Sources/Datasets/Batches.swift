import Host
import Tensors

/// A walk over a view, or over pairs, some records at a time. What it gives is a function of the
/// seed, the epoch and the position, so that a walk taken up again at a saved position goes on as if
/// it had not been interrupted.
public final class Batches {
  /// Some records.
  public struct Batch {
    /// The images of each view, float32 [n, c, h, w].
    public let images: [Tensor]
    /// The labels, int32 [n].
    public let labels: Tensor
  }

  private let views: [View]
  private let order: [Int]?
  private let epoch: Int
  /// Records in a batch, save the last.
  public let size: Int
  /// The number of records.
  public let count: Int
  /// The next batch's number, from 0.
  public private(set) var position: Int

  /// A walk over a view, from batch `start` on. With `shuffle` the order is drawn from the seed and
  /// the epoch; the epoch also keys random transforms.
  public convenience init(
    _ view: View, size: Int, shuffle: Bool = false, epoch: Int = 0, seed: UInt64 = 0, start: Int = 0
  ) {
    self.init([view], size: size, shuffle: shuffle, epoch: epoch, seed: seed, start: start)
  }

  /// A walk over pairs: each batch holds the images of both views.
  public convenience init(
    _ pairs: Pairs, size: Int, shuffle: Bool = false, epoch: Int = 0, seed: UInt64 = 0,
    start: Int = 0
  ) {
    self.init(
      [pairs.first, pairs.second], size: size, shuffle: shuffle, epoch: epoch, seed: seed,
      start: start)
  }

  private init(
    _ views: [View], size: Int, shuffle: Bool, epoch: Int, seed: UInt64, start: Int
  ) {
    precondition(size > 0 && start >= 0)
    self.views = views
    self.size = size
    self.epoch = epoch
    count = views[0].count
    order = shuffle ? RandomKey(seed: seed)["batches"][epoch].permutation(count) : nil
    position = start
  }

  /// The number of batches, of which the last may be smaller.
  public var batchCount: Int { (count + size - 1) / size }

  /// Goes to a batch by number.
  public func seek(_ batch: Int) { position = max(0, batch) }

  /// The next batch, or nil at the end.
  public func next() throws -> Batch? {
    guard position < batchCount else { return nil }
    try Interrupt.check()
    let range = position * size..<min(count, (position + 1) * size)
    let positions = order.map { Array($0[range]) } ?? Array(range)
    let batch = Batch(
      images: try views.map { try $0.images(positions, epoch: epoch) },
      labels: try views[0].labels(positions))
    position += 1
    return batch
  }
}
