/// A tree as it is grown: node numbers from 0, leaves' masks from 1 (0 is a single segment).
struct GrownTree {
  var nodes: [EdgeForest.Node] = []
  var masks: [(segments: Int, words: [UInt16])] = []

  /// A leaf that says these labels of 16 x 16 pixels.
  mutating func leaf(_ labels: UnsafePointer<UInt8>) -> EdgeForest.Node {
    var labels = Array(UnsafeBufferPointer(start: labels, count: SegmentMask.pixels))
    return labels.withUnsafeMutableBufferPointer { buffer in
      guard let labels = buffer.baseAddress else { return .leaf(mask: 0) }
      let segments = SegmentMask.mergeSmall(labels, least: 5)
      if segments == 1 { return .leaf(mask: 0) }
      masks.append((segments, SegmentMask.pack(labels, segments: segments)))
      return .leaf(mask: masks.count)
    }
  }
}
