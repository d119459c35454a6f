import Host
import Images
import Tensors

/// Statistics of a view, computed by reading every record.
public struct Survey {
  /// Records whose pixels can't be read, by position, with the reason.
  public private(set) var unreadable: [(position: Int, reason: String)] = []
  /// The smallest and the largest height; nil if no record is an image.
  public private(set) var heights: ClosedRange<Int>?
  /// The smallest and the largest width.
  public private(set) var widths: ClosedRange<Int>?
  /// The mean of each channel over all pixels; empty if images differ in channels.
  public private(set) var means: [Double] = []
  /// The standard deviation of each channel over all pixels.
  public private(set) var deviations: [Double] = []
  /// Records that have a box.
  public private(set) var boxCount = 0
  /// Records whose box extends outside the image by more than a pixel, by position, with a
  /// description.
  public private(set) var boxesOutside: [(position: Int, reason: String)] = []

  /// Records that hold NaN or infinite numbers, by position; they are left out of `means` and `deviations`.
  public private(set) var notFinite: [Int] = []

  /// Reads every record once. Whole images are not cached. Throws only errors that are not a
  /// record's fault: Ctrl-C, an error in a script's function.
  public init(_ view: View) throws {
    var channels: [ChannelSums] = []
    var isUniform = true
    let part = 64
    for low in stride(from: 0, to: view.count, by: part) {
      try Interrupt.check()
      let positions = Array(low..<min(view.count, low + part))
      let samples = try Survey.samples(view, positions)
      let sums = try parallelMap(samples.count) { i in
        // A tensor with this many channels is not an image.
        guard let image = try? samples[i].get().image, image.rank == 3, image.shape[0] <= 64 else {
          return [ChannelSums]()
        }
        return try ChannelSums.of(image)
      }
      for (i, position) in positions.enumerated() {
        switch samples[i] {
        case .failure(let failure):
          unreadable.append((position: position, reason: failure.message))
        case .success(let sample):
          note(sample, position)
          if channels.isEmpty { channels = sums[i].map { _ in ChannelSums() } }
          guard channels.count == sums[i].count else {
            isUniform = false
            continue
          }
          guard sums[i].allSatisfy(\.isFinite) else {
            notFinite.append(position)
            continue
          }
          for c in channels.indices { channels[c].add(sums[i][c]) }
        }
      }
    }
    guard isUniform else { return }
    means = channels.map(\.mean)
    deviations = channels.map(\.deviation)
  }

  private mutating func note(_ sample: Sample, _ position: Int) {
    if sample.box != nil { boxCount += 1 }
    let shape = sample.image.shape
    guard shape.count == 3 else { return }
    let (h, w) = (shape[1], shape[2])
    heights = heights.map { min($0.lowerBound, h)...max($0.upperBound, h) } ?? h...h
    widths = widths.map { min($0.lowerBound, w)...max($0.upperBound, w) } ?? w...w
    guard let box = sample.box else { return }
    // Manual annotations are often a fraction of a pixel beyond the edge.
    if box.x < -1 || box.y < -1 || box.x + box.width > Double(w) + 1
      || box.y + box.height > Double(h) + 1
    {
      boxesOutside.append((position: position, reason: "\(box.text) in \(w) x \(h) pixels"))
    }
  }

  /// Each record's sample, or its error.
  private static func samples(_ view: View, _ positions: [Int]) throws -> [Result<Sample, Failure>]
  {
    func one(_ body: () throws -> Sample) throws -> Result<Sample, Failure> {
      do { return .success(try body()) } catch let failure as Failure { return .failure(failure) }
    }
    if view.strands.allSatisfy({ $0.steps.isEmpty }) {
      return try parallelMap(positions.count) { i in
        try one { try view.strand(positions[i]).source.load(view.record(positions[i])) }
      }
    }
    do { return try view.samples(positions).map { .success($0) } } catch is Failure {}
    // One of them failed: this finds which.
    return try positions.map { position in
      try Interrupt.check()
      return try one { try view.samples([position])[0] }
    }
  }
}
