import Host

/// Whether any element of an integer result did not fit int32. Set from any thread.
final class OverflowFlag: @unchecked Sendable {
  // SAFETY: a byte that threads set to 1 and nobody clears; read after they have ended.
  private let flag: UnsafeMutablePointer<UInt8>

  init() {
    flag = .allocate(capacity: 1)
    flag.initialize(to: 0)
  }
  deinit { flag.deallocate() }

  /// `x` as int32, its lowest bits where it does not fit.
  @inline(__always)
  func narrow(_ x: Int64) -> Int32 {
    let narrow = Int32(truncatingIfNeeded: x)
    if Int64(narrow) != x { flag.pointee = 1 }
    return narrow
  }

  /// Notes an overflow.
  @inline(__always)
  func set() { flag.pointee = 1 }

  /// Whether any did not fit.
  var isSet: Bool { flag.pointee != 0 }

  /// Throws `overflow` if any did not fit.
  func check(_ operation: String) throws {
    if isSet {
      throw Failure(
        "overflow", "\(operation): a result does not fit int32 (-2147483648 to 2147483647)",
        hint: "convert first: x.astype(\"float64\")")
    }
  }
}
