/// Morphological thinning of sets of pixels (Guo and Hall, 1989; MATLAB's `bwmorph thin`): border
/// pixels are removed as long as no component is split or vanishes.
enum BoundaryThinning {
  /// Whether a pixel is removed, indexed by the bits of its neighbours, for each of the two kinds
  /// of pass. The bits start at the right neighbour and proceed counterclockwise.
  private static let tables: [[Bool]] = (0..<2).map { pass in
    (0..<256).map { bits in
      func x(_ i: Int) -> Bool { bits >> ((i - 1) & 7) & 1 == 1 }
      func ones(_ values: [Bool]) -> Int { values.filter { $0 }.count }
      let crossings = ones((1...4).map { !x(2 * $0 - 1) && (x(2 * $0) || x(2 * $0 + 1)) })
      let pairs = min(
        ones((1...4).map { x(2 * $0 - 1) || x(2 * $0) }),
        ones((1...4).map { x(2 * $0) || x(2 * $0 + 1) }))
      let side =
        pass == 0 ? (x(2) || x(3) || !x(8)) && x(1) : (x(6) || x(7) || !x(4)) && x(5)
      return crossings == 1 && (2...3).contains(pairs) && !side
    }
  }

  /// Returns the thinned set [h, w].
  static func thin(_ pixels: [Bool], height: Int, width: Int) -> [Bool] {
    let stride = width + 2
    var set = [Bool](repeating: false, count: (height + 2) * stride)
    var members: [Int] = []
    for i in pixels.indices where pixels[i] {
      let place = (i / width + 1) * stride + i % width + 1
      set[place] = true
      members.append(place)
    }
    let around = [1, 1 - stride, -stride, -stride - 1, -1, stride - 1, stride, stride + 1]
    var changed = true
    while changed {
      changed = false
      for table in tables {
        let gone = members.filter { place in
          var bits = 0
          for (i, step) in around.enumerated() where set[place + step] { bits |= 1 << i }
          return table[bits]
        }
        for place in gone { set[place] = false }
        if !gone.isEmpty {
          changed = true
          members = members.filter { set[$0] }
        }
      }
    }
    var result = [Bool](repeating: false, count: pixels.count)
    for place in members { result[(place / stride - 1) * width + place % stride - 1] = true }
    return result
  }
}
