/// The pixels of a mask at a certain distance from its edges, as 16 rows of 16 bits.
struct EdgeBand {
  /// The pixels of this band. In the first band, the left and right, or the upper and lower,
  /// neighbours belong to different segments.
  private(set) var edge: SIMD16<UInt16>
  /// The pixels of this band and all nearer ones.
  private var reached: SIMD16<UInt16>

  /// The first band of a mask.
  init(_ planes: UnsafePointer<UInt16>, _ count: Int) {
    var edge = SIMD16<UInt16>()
    for plane in 0..<count {
      let words = UnsafeRawPointer(planes + plane * 16).loadUnaligned(as: SIMD16<UInt16>.self)
      let left = words &<< 1 | words & 1
      let right = words &>> 1 | words & 0x8000
      let (above, below) = EdgeBand.shifted(words)
      edge |= (left ^ right) | (above ^ below)
    }
    self.edge = edge
    reached = edge
  }

  /// Moves to the next band: the pixels that touch the previous ones, also diagonally.
  mutating func widen() {
    let row = reached | reached &<< 1 | reached &>> 1
    let (above, below) = EdgeBand.shifted(row)
    let wider = row | above | below
    edge = wider & ~reached
    reached = wider
  }

  /// The rows above and below each row, with the first and the last row repeated.
  @inline(__always)
  private static func shifted(_ words: SIMD16<UInt16>) -> (SIMD16<UInt16>, SIMD16<UInt16>) {
    var (above, below) = (words, words)
    for row in 1..<16 {
      above[row] = words[row - 1]
      below[row - 1] = words[row]
    }
    return (above, below)
  }
}
