import Tensors

/// The tiles that cover the results of a pass, in rows of tiles over all images. A pass goes over them
/// in groups, so that what it keeps of a group stays in the caches and small.
struct TileGrid {
  let images: Int
  /// Tiles down and across an image.
  let down: Int
  let across: Int
  /// Rows of tiles of a group.
  let groupRows: Int
  /// Results that the last tiles down and across an image have fewer than others.
  let missing: Levels

  /// Whether a group is one thread's, with all that it keeps in that core's own cache. Where the
  /// weights are too large for that, threads share the work within a group.
  let isLocal: Bool

  /// Tiles of `size` results for images of `height` x `width` results. `numbers` is how many numbers
  /// are kept for a tile, `weights` for the weights; groups of at least `least` tiles keep products
  /// that stream large weights large. Groups may be asked not to split images, and the last tiles to
  /// miss an even number of results.
  init(
    images: Int, height: Int, width: Int, size: Int, numbers: Int, weights: Int, least: Int,
    wholeImages: Bool = false, even: Bool = false
  ) {
    self.images = images
    let (rows, columns) = (
      TileGrid.tiles(height, size: size, even: even), TileGrid.tiles(width, size: size, even: even)
    )
    (down, across) = (rows.count, columns.count)
    missing = Levels(down: rows.missing, across: columns.missing)
    isLocal = weights <= TileGrid.ownWeights
    let wanted =
      isLocal
      ? max(TileGrid.ownBudget / max(numbers, 1), 16)
      : max(TileGrid.sharedBudget / max(numbers, 1), least)
    let most = max(min((wanted + across / 2) / max(across, 1), images * down), 1)
    groupRows = wholeImages ? max(most / max(down, 1), 1) * max(down, 1) : most
  }

  /// How many tiles of `size` cover so many results, and how many of its results the last one misses.
  static func tiles(_ results: Int, size: Int, even: Bool) -> (count: Int, missing: Int) {
    let count = (results + size - 1) / size
    let missing = count * size - results
    return (count, even ? missing / 2 * 2 : missing)
  }

  /// Numbers of a group that is one thread's, and of the weights beside it: about 512 and 448 kB of
  /// each, the halves of a second-level cache.
  private static var ownBudget: Int { 1 << 17 }
  private static var ownWeights: Int { 7 << 14 }
  /// Numbers of a shared group: 8 MB of float32, a part of the third-level cache.
  private static var sharedBudget: Int { 2 << 20 }
  /// Pixels of a band of sixteen channels that stays in a second-level cache.
  static var bandPixels: Int { 1 << 12 }

  var rows: Int { images * down }
  /// Tiles of a group, rounded up to an odd number of the product's eight rows: blocks of channels lie
  /// so many rows apart, and at a multiple of 4096 bytes they would fall on the same lines of the cache
  /// (vgg-vd-16's step took 1.6 times as long).
  var groupTiles: Int { (Blocked.paddedRows(groupRows * across) / Blocked.rows | 1) * Blocked.rows }

  /// A group's tiles, in an order in which those that have a point follow each other, whichever it is:
  /// whole ones down that are last across, those whole in both directions, those last down and whole
  /// across, those last in both.
  struct Group {
    /// Rows of tiles, over all images.
    let rows: Range<Int>
    let besides: Int
    let whole: Int
    let below: Int
    let corners: Int

    var count: Int { besides + whole + below + corners }

    /// The tiles that have a point which the last ones down or across may not have.
    func tiles(lastDown: Bool, lastAcross: Bool) -> Range<Int> {
      switch (lastDown, lastAcross) {
      case (true, true): 0..<count
      case (true, false): besides..<besides + whole + below
      case (false, true): 0..<besides + whole
      case (false, false): besides..<besides + whole
      }
    }
  }

  /// The groups, in order.
  var groups: [Group] {
    stride(from: 0, to: rows, by: groupRows).map {
      let rows = $0..<min($0 + groupRows, rows)
      let last = missing.down > 0 ? rows.upperBound / down - rows.lowerBound / down : 0
      let wide = across - (missing.across > 0 ? 1 : 0)
      return Group(
        rows: rows, besides: (rows.count - last) * (across - wide),
        whole: (rows.count - last) * wide, below: last * wide, corners: last * (across - wide))
    }
  }

  /// Rows of tiles that are worked on at once: consecutive ones of one image.
  struct Run {
    let image: Int
    /// The first row in the image, and how many.
    let row: Int
    let count: Int
  }

  /// A group's runs of at most `most` rows.
  func runs(_ group: Group, most: Int) -> [Run] {
    var runs: [Run] = []
    var row = group.rows.lowerBound
    while row < group.rows.upperBound {
      let image = row / down
      let end = min(row + most, (image + 1) * down, group.rows.upperBound)
      runs.append(Run(image: image, row: row - image * down, count: end - row))
      row = end
    }
    return runs
  }

  /// Calls `body` with every tile of a run: its number in the group, row and column within the run, and
  /// what it misses.
  @inline(__always)
  func eachTile(_ run: Run, of group: Group, _ body: (Int, Int, Int, Levels) -> Void) {
    for y in 0..<run.count {
      let row = run.row + y
      // Rows of the group before this one, of which some are their images' last.
      let before = run.image * down + row - group.rows.lowerBound
      let last = missing.down > 0 ? run.image - group.rows.lowerBound / down : 0
      let isLast = missing.down > 0 && row == down - 1
      let wide = across - (missing.across > 0 ? 1 : 0)
      let (first, end) =
        isLast
        ? (group.besides + group.whole + last * wide, group.count - group.corners + last)
        : (group.besides + (before - last) * wide, before - last)
      let level = isLast ? missing.down : 0
      for x in 0..<wide { body(first + x, y, x, Levels(down: level, across: 0)) }
      if wide < across { body(end, y, wide, Levels(down: level, across: missing.across)) }
    }
  }
}
