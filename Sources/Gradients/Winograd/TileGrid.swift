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

  /// Whether a group is one thread's, with all that it keeps in that core's own cache. Where the
  /// weights are too large for that, threads share the work within a group.
  let isLocal: Bool

  /// Tiles of `size` results for images of `height` x `width` results. `numbers` is how many numbers
  /// are kept for a tile, `weights` for the weights; groups of at least `least` tiles keep products
  /// that stream large weights large. Groups may be asked not to split images.
  init(
    images: Int, height: Int, width: Int, size: Int, numbers: Int, weights: Int, least: Int,
    wholeImages: Bool = false
  ) {
    self.images = images
    down = (height + size - 1) / size
    across = (width + size - 1) / size
    isLocal = weights <= TileGrid.ownWeights
    let wanted =
      isLocal
      ? max(TileGrid.ownBudget / max(numbers, 1), 16)
      : max(TileGrid.sharedBudget / max(numbers, 1), least)
    let rows = max(min((wanted + across / 2) / max(across, 1), images * down), 1)
    groupRows = wholeImages ? max(rows / max(down, 1), 1) * max(down, 1) : rows
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

  /// The groups, as ranges of rows of tiles.
  var groups: [Range<Int>] {
    stride(from: 0, to: rows, by: groupRows).map { $0..<min($0 + groupRows, rows) }
  }

  /// Rows of tiles that are worked on at once: consecutive ones of one image.
  struct Run {
    let image: Int
    /// The first row in the image, and how many.
    let row: Int
    let count: Int
    /// The first tile's number in the group.
    let tile: Int
  }

  /// A group's runs of at most `most` rows.
  func runs(_ group: Range<Int>, most: Int) -> [Run] {
    var runs: [Run] = []
    var row = group.lowerBound
    while row < group.upperBound {
      let image = row / down
      let end = min(row + most, (image + 1) * down, group.upperBound)
      runs.append(
        Run(
          image: image, row: row - image * down, count: end - row,
          tile: (row - group.lowerBound) * across))
      row = end
    }
    return runs
  }
}
