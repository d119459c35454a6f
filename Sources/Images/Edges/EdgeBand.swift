/// The pixels of a mask that lie at a certain distance from its edges, as 16 rows of 16 bits.
struct EdgeBand {
  /// The pixels of this band: first those whose neighbours left and right, or above and below, are of
  /// different segments.
  private(set) var edge: SIMD16<UInt16>
  /// These and all nearer ones.
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

  /// Goes on to the next band: the pixels that touch those reached, at a corner too.
  mutating func widen() {
    let row = reached | reached &<< 1 | reached &>> 1
    let (above, below) = EdgeBand.shifted(row)
    let wider = row | above | below
    edge = wider & ~reached
    reached = wider
  }

  /// The rows above and below each row, the first and the last row repeated.
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
