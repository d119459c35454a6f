import CEdgeForest
import Host

extension EdgeForest {
  /// The forest that comes with Limbeck, trained on BSDS500 by `scripts/train-edges`; unpacked when it
  /// is first asked for.
  public static func shipped() throws -> EdgeForest { try unpacked.get() }

  private static let unpacked = Result {
    var count = 0
    let bytes = lbk_edge_forest(&count)
    // SAFETY: the function gives `count` bytes that are never freed.
    return try EdgeForest(
      gzipped: Array(UnsafeBufferPointer(start: bytes, count: count)), name: "forest.gz")
  }
}
