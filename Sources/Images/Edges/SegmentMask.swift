/// The division of 16 x 16 pixels into segments that a leaf predicts. Segments are numbered from 0;
/// the bits of the numbers are stored as planes of 16 rows of 16 bits, the lowest bit first (bit x
/// of a row's word is the pixel in column x).
package enum SegmentMask {
  /// The number of pixels along a side.
  package static let side = 16
  /// The number of pixels.
  package static let pixels = side * side

  /// The number of planes that a number of segments needs; none for a single one.
  package static func planes(segments: Int) -> Int {
    Int.bitWidth - (segments - 1).leadingZeroBitCount
  }
}
