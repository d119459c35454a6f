import Images

extension GrownTree {
  /// Turns a node into a leaf that predicts these labels of 16 x 16 pixels; the node is unchanged
  /// if the labels contain no edge.
  mutating func end(_ node: Int, _ labels: UnsafePointer<UInt8>) {
    var labels = Array(UnsafeBufferPointer(start: labels, count: SegmentMask.pixels))
    labels.withUnsafeMutableBufferPointer { buffer in
      guard let labels = buffer.baseAddress else { return }
      let segments = SegmentMask.mergeSmall(labels, least: 5)
      if segments == 1 { return }
      end(node, segments: segments, words: SegmentMask.pack(labels, segments: segments))
    }
  }
}
