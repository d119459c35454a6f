import CEdgeForest
import Host

extension EdgeForest {
  /// The forest that comes with Limbeck, trained on BSDS500 by `scripts/train-edges`; unpacked when it
  /// is first asked for.
  public static func shipped() throws -> EdgeForest { try unpacked.get() }

  /// Tells the shipped forest from any other: what was made with it can be kept under this name.
  public static let shippedDigest: String = {
    var digest = Digest()
    digest.add(UnsafeRawBufferPointer(file))
    return digest.text
  }()

  private static let unpacked = Result {
    try EdgeForest(gzipped: Array(file), name: "forest.gz")
  }

  // SAFETY: a constant of the program, never freed.
  private nonisolated(unsafe) static let file: UnsafeBufferPointer<UInt8> = {
    var count = 0
    let bytes = lbk_edge_forest(&count)
    return UnsafeBufferPointer(start: bytes, count: count)
  }()
}
