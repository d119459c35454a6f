/// Descends a forest's trees for many places.
struct EdgeWalk {
  private let forest: EdgeForest
  private let channels: EdgeChannels
  private let places: [EdgeFeatures.Place]
  private let asked: Int

  /// How many descents are interleaved: each waits for memory most of the time.
  private static let together = 16

  init(_ forest: EdgeForest, _ channels: EdgeChannels, asked: Int) {
    self.forest = forest
    self.channels = channels
    self.asked = asked
    places = EdgeFeatures.places(height: channels.planes.height, width: channels.planes.width)
  }

  /// The masks of the leaves that the places in some rows reach, with the trees of a place one
  /// after another; 0 for a leaf without an edge. Neighbouring places use different trees, in a
  /// chessboard pattern.
  func masks(_ rows: Range<Int>, _ columns: Int) -> [Int32] {
    [Int32](unsafeUninitializedCapacity: rows.count * columns * asked) { masks, count in
      count = rows.count * columns * asked
      // One tree is processed at a time, since one fits into a core's cache.
      for colour in 0..<2 {
        for turn in 0..<asked {
          let root = forest.roots[(colour * asked + turn) % forest.roots.count]
          for r in rows {
            let c = (r + colour) % 2
            let first = ((r - rows.lowerBound) * columns + c) * asked + turn
            walk(root, r * channels.planes.width + c, (columns - c + 1) / 2) { i, mask in
              masks[first + 2 * i * asked] = mask
            }
          }
        }
      }
    }
  }

  /// Descends a tree for `many` patches, whose first pixels are two apart.
  @inline(__always)
  private func walk(_ root: Int32, _ base: Int, _ many: Int, _ found: (Int, Int32) -> Void) {
    let pixels = UnsafePointer(channels.planes.base + base)
    forest.nodes.withUnsafeBufferPointer { nodes in
      places.withUnsafeBufferPointer { places in
        withUnsafeTemporaryAllocation(of: Walker.self, capacity: EdgeWalk.together) { walkers in
          // SAFETY: a forest's file is valid only if every split's children and features exist;
          // children come after their parents, so this ends.
          guard let nodes = nodes.baseAddress, let places = places.baseAddress,
            let walkers = walkers.baseAddress
          else { return }
          var begun = min(many, EdgeWalk.together)
          var going = begun
          for i in 0..<begun { walkers[i] = Walker(patch: Int32(i), node: root) }
          while going > 0 {
            var i = 0
            while i < going {
              let walker = walkers[i]
              let node = nodes[Int(walker.node)]
              if node.next >= 0 {
                let place = places[Int(node.feature)]
                let patch = pixels + 2 * Int(walker.patch)
                let value = patch[Int(place.first)] - patch[Int(place.second)]
                walkers[i].node = node.next &+ (value < Float(node.threshold) ? 0 : 1)
                i += 1
                continue
              }
              found(Int(walker.patch), -1 - node.next)
              if begun < many {
                walkers[i] = Walker(patch: Int32(begun), node: root)
                begun += 1
              } else {
                going -= 1
                walkers[i] = walkers[going]
              }
            }
          }
        }
      }
    }
  }

  private struct Walker {
    let patch: Int32
    var node: Int32
  }
}
