import CEdgeForest
import Host

extension EdgeForest {
  /// The forest that comes with Limbeck, trained on BSDS500 by `scripts/train-edges`; it is
  /// decompressed on first use.
  public static func shipped() throws -> EdgeForest { try unpacked.get() }

  /// Distinguishes the shipped forest from any other; results can be cached under this name.
  public static let shippedDigest: String = {
    var digest = Digest()
    digest.add(UnsafeRawBufferPointer(file))
    return digest.text
  }()

  private static let unpacked = Result {
    try EdgeForest(gzipped: Array(file), name: "forest.gz")
  }

  // SAFETY: this is a constant of the program, which is never freed.
  private nonisolated(unsafe) static let file: UnsafeBufferPointer<UInt8> = {
    var count = 0
    let bytes = lbk_edge_forest(&count)
    return UnsafeBufferPointer(start: bytes, count: count)
  }()
}
