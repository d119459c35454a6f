/// The features of a patch of 16 x 16 x 13 channel pixels (32 x 32 image pixels): 3,328 pixels of
/// the slightly smoothed channels (channel, column, row), then for each channel the 300 differences
/// between two of 5 x 5 places of the more smoothed one.
package enum EdgeFeatures {
  static let patch = 16
  static let single = patch * patch * EdgeChannels.count
  /// The number of features.
  package static let count = single + 300 * EdgeChannels.count

  /// A feature is the difference of two places, which are offsets from the patch's first pixel in
  /// the channels' memory; for a single pixel, the second place holds zero.
  package struct Place {
    /// The place of the minuend.
    package let first: Int32
    /// The place of the subtrahend.
    package let second: Int32
  }

  /// The places of all features in channels of this size.
  package static func places(height: Int, width: Int) -> [Place] {
    var places: [Place] = []
    places.reserveCapacity(count)
    for channel in 0..<EdgeChannels.count {
      for column in 0..<patch {
        for row in 0..<patch {
          places.append(
            Place(
              first: Int32((channel * height + row) * width + column),
              second: Int32(EdgeChannels.zero * height * width)))
        }
      }
    }
    let grid = [1, 4, 8, 11, 14]
    for channel in 0..<EdgeChannels.count {
      func offset(_ cell: Int) -> Int32 {
        Int32(
          ((EdgeChannels.similarity + channel) * height + grid[cell % 5]) * width + grid[cell / 5])
      }
      for i in 0..<25 {
        for j in i + 1..<25 { places.append(Place(first: offset(i), second: offset(j))) }
      }
    }
    return places
  }
}
