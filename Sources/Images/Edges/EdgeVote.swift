import Tensors

/// Collects the votes of a forest's leaves for edge pixels, at every second row and column. Votes
/// are whole numbers below 2²⁴, so their sum does not depend on the order.
struct EdgeVote {
  private typealias Row = SIMD16<Float>
  private typealias Labels = SIMD16<Int32>

  let forest: EdgeForest
  let channels: EdgeChannels
  /// The colours of the padded image; `votes` has the same size.
  let colour: Raster
  let votes: Raster
  let sharpen: Int
  let asked: Int

  private static let side = SegmentMask.side
  /// A row of labels with a border of one on both sides.
  private static let stride = side + 2
  /// 1, 2, 4, ...: the bits of a mask's row.
  private static let bits: Labels = {
    var bits = Labels()
    for x in 0..<side { bits[x] = 1 << Int32(x) }
    return bits
  }()
  private static let columns: Labels = {
    var columns = Labels()
    for x in 0..<side { columns[x] = Int32(x) }
    return columns
  }()

  /// Evaluates the forest at all places. Throws `Interrupted`.
  func all() throws {
    let (rows, columns) = ((votes.height - 31) / 2, (votes.width - 31) / 2)
    let walk = EdgeWalk(forest, channels, asked: asked)
    // Eight rows of places affect 30 rows of pixels: every other part of the image can be processed
    // in parallel, because no two of them overlap.
    let part = 8
    let parts = (rows + part - 1) / part
    for phase in 0..<2 {
      try stoppableParallel((parts - phase + 1) / 2, grain: 1) { range in
        for i in range {
          let low = (2 * i + phase) * part
          vote(low..<min(low + part, rows), columns, walk)
        }
      }
    }
  }

  private func vote(_ rows: Range<Int>, _ columns: Int, _ walk: EdgeWalk) {
    let reached = walk.masks(rows, columns)
    // SAFETY: there is room for a mask's labels with their border and for the means of up to 256
    // segments.
    withUnsafeTemporaryAllocation(
      of: Int32.self, capacity: EdgeVote.stride * EdgeVote.stride
    ) { labels in
      withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: 256) { means in
        forest.words.withUnsafeBufferPointer { words in
          guard let labels = labels.baseAddress, let means = means.baseAddress,
            let words = words.baseAddress
          else { return }
          labels.update(repeating: -1, count: EdgeVote.stride * EdgeVote.stride)
          for (i, number) in reached.enumerated() where number != 0 {
            let place = i / asked
            let (r, c) = (rows.lowerBound + place / columns, place % columns)
            let mask = forest.masks[Int(number)]
            add(
              words + Int(mask.start), Int(mask.segments), 2 * r + 8, 2 * c + 8, labels, means)
          }
        }
      }
    }
  }

  /// Adds the votes of a mask whose first pixel is at (y, x).
  @inline(__always)
  private func add(
    _ planes: UnsafePointer<UInt16>, _ segments: Int, _ y: Int, _ x: Int,
    _ labels: UnsafeMutablePointer<Int32>, _ means: UnsafeMutablePointer<SIMD4<Float>>
  ) {
    let side = EdgeVote.side
    let planeCount = SegmentMask.planes(segments: segments)
    var band = EdgeBand(planes, planeCount)
    let out = votes.base + y * votes.width + x
    if sharpen == 0 {
      for row in 0..<side { addVotes(out + row * votes.width, EdgeVote.lanes(band.edge[row])) }
      return
    }
    for row in 0..<side {
      var line = Labels()
      for plane in 0..<planeCount {
        let set = EdgeVote.lanes(planes[plane * side + row])
        line.replace(with: line &+ (1 << Int32(plane)), where: set)
      }
      store(line, labels + (row + 1) * EdgeVote.stride + 1)
    }
    let pixels = colour.base + y * colour.width + x
    measure(segments, labels, pixels, means)
    for _ in 0..<sharpen {
      reassign(band.edge, segments, labels, pixels, means)
      band.widen()
    }
    let (notFirst, notLast) = (EdgeVote.columns .> 0, EdgeVote.columns .< 15)
    for row in 0..<side {
      let p = labels + (row + 1) * EdgeVote.stride + 1
      let own = load(p)
      var differs = (load(p - 1) .!= own) .& notFirst .| (load(p + 1) .!= own) .& notLast
      if row > 0 { differs = differs .| (load(p - EdgeVote.stride) .!= own) }
      if row < side - 1 { differs = differs .| (load(p + EdgeVote.stride) .!= own) }
      addVotes(out + row * votes.width, differs)
    }
  }

  /// The mean colour of each segment.
  @inline(__always)
  private func measure(
    _ segments: Int, _ labels: UnsafePointer<Int32>, _ pixels: UnsafePointer<Float>,
    _ means: UnsafeMutablePointer<SIMD4<Float>>
  ) {
    let area = colour.area
    for segment in 0..<segments {
      var (red, green, blue, count) = (Row(), Row(), Row(), Row())
      for row in 0..<EdgeVote.side {
        let isIn =
          load(labels + (row + 1) * EdgeVote.stride + 1) .== Labels(repeating: Int32(segment))
        let p = pixels + row * colour.width
        red += Row().replacing(with: load(p), where: isIn)
        green += Row().replacing(with: load(p + area), where: isIn)
        blue += Row().replacing(with: load(p + 2 * area), where: isIn)
        count += Row().replacing(with: 1, where: isIn)
      }
      let share = 1 / max(count.sum(), 1)
      means[segment] = SIMD4(red.sum(), green.sum(), blue.sum(), 0) * share
    }
  }

  /// Assigns each pixel of a band to the neighbouring segment with the nearest colour, all at once.
  @inline(__always)
  private func reassign(
    _ band: SIMD16<UInt16>, _ segments: Int, _ labels: UnsafeMutablePointer<Int32>,
    _ pixels: UnsafePointer<Float>, _ means: UnsafePointer<SIMD4<Float>>
  ) {
    let area = colour.area
    var above = Labels(repeating: -1)
    for row in 0..<EdgeVote.side {
      let p = labels + (row + 1) * EdgeVote.stride + 1
      let own = load(p)
      defer { above = own }
      if band[row] == 0 { continue }
      let (left, right, below) = (load(p - 1), load(p + 1), load(p + EdgeVote.stride))
      let q = pixels + row * colour.width
      let (red, green, blue) = (load(q), load(q + area), load(q + 2 * area))
      var nearest = own
      var least = Row(repeating: .infinity)
      for segment in 0..<segments {
        let label = Labels(repeating: Int32(segment))
        let touches =
          (left .== label) .| (right .== label) .| (above .== label) .| (below .== label)
        let mean = means[segment]
        let (r, g, b) = (red - mean.x, green - mean.y, blue - mean.z)
        let distance = r * r + g * g + b * b
        let isNearer = (distance .< least) .& touches
        least.replace(with: distance, where: isNearer)
        nearest.replace(with: label, where: isNearer)
      }
      store(own.replacing(with: nearest, where: EdgeVote.lanes(band[row])), p)
    }
  }

  @inline(__always)
  private static func lanes(_ word: UInt16) -> SIMDMask<Labels> {
    (Labels(repeating: Int32(word)) & bits) .!= Labels()
  }

  @inline(__always)
  private func addVotes(_ p: UnsafeMutablePointer<Float>, _ lanes: SIMDMask<Labels>) {
    let raw = UnsafeMutableRawPointer(p)
    let sum = raw.loadUnaligned(as: Row.self) + Row().replacing(with: 1, where: lanes)
    raw.storeBytes(of: sum, as: Row.self)
  }

  @inline(__always)
  private func load(_ p: UnsafePointer<Float>) -> Row {
    UnsafeRawPointer(p).loadUnaligned(as: Row.self)
  }
  @inline(__always)
  private func load(_ p: UnsafePointer<Int32>) -> Labels {
    UnsafeRawPointer(p).loadUnaligned(as: Labels.self)
  }
  @inline(__always)
  private func load(_ p: UnsafeMutablePointer<Int32>) -> Labels { load(UnsafePointer(p)) }
  @inline(__always)
  private func store(_ v: Labels, _ p: UnsafeMutablePointer<Int32>) {
    UnsafeMutableRawPointer(p).storeBytes(of: v, as: Labels.self)
  }
}
