import Tensors

/// The tiles that cover the results of a pass, in rows of tiles over all images. A pass processes
/// them in groups, so that the intermediate data of a group are small and stay in the caches.
struct TileGrid {
  let images: Int
  /// The number of tiles down and across an image.
  let down: Int
  let across: Int
  /// The number of tile rows of a group.
  let groupRows: Int
  /// How many results fewer than others the last tiles down and across an image have.
  let missing: Levels

  /// Whether each group is processed by one thread, with all its data in the cache of that core. If
  /// the weights are too large for that, threads share the work within a group.
  let isLocal: Bool

  /// Creates a grid of tiles of `size` results for images of `height` x `width` results. `numbers`
  /// is the number of elements stored per tile, `weights` that of the weights; groups of at least
  /// `least` tiles keep products with large streamed weights efficient. Optionally, groups do not
  /// split images. `points` and `even` are those of `tiles`.
  init(
    images: Int, height: Int, width: Int, size: Int, numbers: Int, weights: Int, least: Int,
    wholeImages: Bool = false, points: Int, even: Bool = false
  ) {
    self.images = images
    let (rows, columns) = (
      TileGrid.tiles(height, size: size, points: points, even: even),
      TileGrid.tiles(width, size: size, points: points, even: even)
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

  /// The number of tiles of `size` that cover `results`, and how many results the last one lacks. A
  /// level keeps a pair of points at least. Where some filters are short by a point, the number is
  /// `even`, and one more can be left out.
  static func tiles(_ results: Int, size: Int, points: Int, even: Bool) -> (
    count: Int, missing: Int
  ) {
    let count = (results + size - 1) / size
    let most = (points - 1) / 2 * 2 - 1
    let missing = min(count * size - results, even ? most - 1 : most)
    return (count, even ? missing / 2 * 2 : missing)
  }

  /// The number of elements of a group processed by one thread, and of the weights used with it:
  /// about 512 and 448 kB, half of the L2 cache each.
  private static var ownBudget: Int { 1 << 17 }
  private static var ownWeights: Int { 7 << 14 }
  /// The number of elements of a shared group: 8 MB of float32, a part of the L3 cache.
  private static var sharedBudget: Int { 2 << 20 }
  /// The number of pixels of a band of sixteen channels that stays in the L2 cache.
  static var bandPixels: Int { 1 << 12 }

  var rows: Int { images * down }
  /// The number of tiles of a group, rounded up to an odd multiple of the product's eight rows:
  /// blocks of channels are this many rows apart, and at a multiple of 4096 bytes they would map to
  /// the same cache lines (the training step of vgg-vd-16 took 1.6 times as long).
  var groupTiles: Int { (Blocked.paddedRows(groupRows * across) / Blocked.rows | 1) * Blocked.rows }

  /// A group's tiles, in an order in which the tiles that include a given point are always
  /// consecutive: first those complete down but last across, then those complete in both
  /// directions, those last down but complete across, and those last in both.
  struct Group {
    /// The rows of tiles, over all images.
    let rows: Range<Int>
    let besides: Int
    let whole: Int
    let below: Int
    let corners: Int

    var count: Int { besides + whole + below + corners }

    /// The tiles that include a point, given whether the last tiles down or across include it.
    func tiles(lastDown: Bool, lastAcross: Bool) -> Range<Int> {
      switch (lastDown, lastAcross) {
      case (true, true): 0..<count
      case (true, false): besides..<besides + whole + below
      case (false, true): 0..<besides + whole
      case (false, false): besides..<besides + whole
      }
    }
  }

  /// The groups in order.
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

  /// Rows of tiles that are processed together: consecutive rows of one image.
  struct Run {
    let image: Int
    /// The first row within the image, and the number of rows.
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

  /// Calls `body` with every tile of a run: its index in the group, its row and column within the
  /// run, and the number of results it lacks.
  @inline(__always)
  func eachTile(_ run: Run, of group: Group, _ body: (Int, Int, Int, Levels) -> Void) {
    for y in 0..<run.count {
      let row = run.row + y
      // The group's rows before this one, some of which are the last of their images.
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
