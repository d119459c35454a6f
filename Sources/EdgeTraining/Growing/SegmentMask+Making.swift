import Images

/// Creates masks from labels that people drew.
extension SegmentMask {
  /// Returns the bit planes of 256 labels in 0..<segments.
  static func pack(_ labels: UnsafePointer<UInt8>, segments: Int) -> [UInt16] {
    (0..<planes(segments: segments)).flatMap { plane in
      (0..<side).map { y in
        (0..<side).reduce(UInt16(0)) { word, x in
          word | UInt16(labels[y * side + x] >> UInt8(plane) & 1) << UInt16(x)
        }
      }
    }
  }

  /// Renumbers the labels, at most 256 of them, from 0 in the order of first occurrence; returns
  /// the number of distinct labels.
  static func renumber(
    _ count: Int, _ label: (Int) -> UInt16, into labels: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var met: [UInt16] = []
    for i in 0..<count {
      let wanted = label(i)
      // Neighbouring labels are mostly equal, so the most recent ones are searched first.
      if let known = met.lastIndex(of: wanted) {
        labels[i] = UInt8(truncatingIfNeeded: known)
      } else {
        labels[i] = UInt8(truncatingIfNeeded: met.count)
        met.append(wanted)
      }
    }
    return met.count
  }

  /// Merges each segment of at most `least` pixels into the adjacent segment with the longest
  /// common border, starting with the smallest, and renumbers the labels. Returns the number of
  /// segments that are left.
  static func mergeSmall(_ labels: UnsafeMutablePointer<UInt8>, least: Int) -> Int {
    while true {
      var sizes = [Int](repeating: 0, count: 256)
      for i in 0..<pixels { sizes[Int(labels[i])] += 1 }
      let small = sizes.indices.filter { sizes[$0] > 0 && sizes[$0] <= least }
      guard let segment = small.min(by: { (sizes[$0], $0) < (sizes[$1], $1) }) else { break }
      var touching = [Int](repeating: 0, count: 256)
      for i in 0..<pixels where Int(labels[i]) == segment {
        let (y, x) = (i / side, i % side)
        for (ny, nx) in [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)]
        where 0..<side ~= ny && 0..<side ~= nx { touching[Int(labels[ny * side + nx])] += 1 }
      }
      touching[segment] = 0
      // In a patch of 256 pixels, every segment of a few pixels has a neighbour.
      let target = touching.indices.max { (touching[$0], -$0) < (touching[$1], -$1) } ?? 0
      for i in 0..<pixels where Int(labels[i]) == segment {
        labels[i] = UInt8(truncatingIfNeeded: target)
      }
    }
    let merged = (0..<pixels).map { UInt16(labels[$0]) }
    return renumber(pixels, { merged[$0] }, into: labels)
  }
}
