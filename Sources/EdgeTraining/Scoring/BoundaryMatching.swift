/// Maximum one-to-one matchings between two sets of pixels. The benchmark's own program solves the
/// assignment problem of least cost, in which an unmatched pixel costs 100 times the maximum
/// distance. Such an assignment also matches the maximum number of pixels; it differs only in its
/// choice among matchings of that size. Here, the nearest pairs are taken first and then changed
/// along augmenting paths until there are no more such paths.
struct BoundaryMatching {
  private let height: Int
  private let width: Int
  /// The offsets within reach of a pixel, nearest first.
  private let around: [(dy: Int, dx: Int)]

  /// Creates a matcher for images of this size; pixels match up to a distance of `reach`.
  init(height: Int, width: Int, reach: Double) {
    self.height = height
    self.width = width
    let most = Int(reach)
    var around: [(square: Int, dy: Int, dx: Int)] = []
    for dy in -most...most {
      for dx in -most...most where Double(dy * dy + dx * dx) <= reach * reach {
        around.append((dy * dy + dx * dx, dy, dx))
      }
    }
    self.around = around.sorted { $0 < $1 }.map { (dy: $0.dy, dx: $0.dx) }
  }

  /// Returns the indices of the `found` pixels that are matched with a `drawn` one. Pixels are
  /// positions in the image in row-major order.
  func match(_ found: [Int32], _ drawn: [Int32]) -> [Int] {
    var number = [Int32](repeating: -1, count: height * width)
    for (i, place) in drawn.enumerated() { number[Int(place)] = Int32(i) }
    // The candidate partners of each found pixel, nearest first.
    var starts = [0]
    var partners: [Int32] = []
    for place in found {
      let (y, x) = (Int(place) / width, Int(place) % width)
      for (dy, dx) in around where 0..<height ~= y + dy && 0..<width ~= x + dx {
        let partner = number[(y + dy) * width + x + dx]
        if partner >= 0 { partners.append(partner) }
      }
      starts.append(partners.count)
    }
    var ofFound = [Int32](repeating: -1, count: found.count)
    var ofDrawn = [Int32](repeating: -1, count: drawn.count)
    takeNearest(found, number, &ofFound, &ofDrawn)
    augment(starts, partners, &ofFound, &ofDrawn)
    return ofFound.indices.filter { ofFound[$0] >= 0 }
  }

  private func takeNearest(
    _ found: [Int32], _ number: [Int32], _ ofFound: inout [Int32], _ ofDrawn: inout [Int32]
  ) {
    for (dy, dx) in around {
      for (i, place) in found.enumerated() where ofFound[i] < 0 {
        let (y, x) = (Int(place) / width + dy, Int(place) % width + dx)
        guard 0..<height ~= y, 0..<width ~= x else { continue }
        let partner = number[y * width + x]
        if partner >= 0, ofDrawn[Int(partner)] < 0 {
          ofFound[i] = partner
          ofDrawn[Int(partner)] = Int32(i)
        }
      }
    }
  }

  /// Searches for augmenting paths in rounds, in each of which a drawn pixel is visited at most
  /// once.
  private func augment(
    _ starts: [Int], _ partners: [Int32], _ ofFound: inout [Int32], _ ofDrawn: inout [Int32]
  ) {
    var seen = [Int32](repeating: -1, count: ofDrawn.count)
    var next = [Int](repeating: 0, count: ofFound.count)
    var path: [Int] = []
    var round: Int32 = 0
    var changed = true
    while changed {
      changed = false
      for start in ofFound.indices where ofFound[start] < 0 {
        path.removeAll(keepingCapacity: true)
        path.append(start)
        next[start] = starts[start]
        while let last = path.last {
          guard next[last] < starts[last + 1] else {
            path.removeLast()
            continue
          }
          let partner = Int(partners[next[last]])
          next[last] += 1
          if seen[partner] == round { continue }
          seen[partner] = round
          let other = Int(ofDrawn[partner])
          if other >= 0 {
            next[other] = starts[other]
            path.append(other)
            continue
          }
          // Each found pixel on the path is matched with the partner through which the path
          // continued.
          for i in path {
            let taken = partners[next[i] - 1]
            ofFound[i] = taken
            ofDrawn[Int(taken)] = Int32(i)
          }
          changed = true
          break
        }
      }
      round += 1
    }
  }
}
