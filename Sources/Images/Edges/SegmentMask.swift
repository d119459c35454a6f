/// What a leaf says of 16 x 16 pixels: which of them belong together. Segments are numbered from 0;
/// the numbers' bits are kept as planes of 16 rows of 16 bits, the lowest bit first (bit x of a row's
/// word is the pixel in column x).
package enum SegmentMask {
  /// Pixels along a side.
  package static let side = 16
  /// All pixels.
  package static let pixels = side * side

  /// How many planes so many segments need; none for a single one.
  package static func planes(segments: Int) -> Int {
    Int.bitWidth - (segments - 1).leadingZeroBitCount
  }
}
