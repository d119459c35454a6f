import Host

/// Records whether any element of an integer result does not fit into int32. Set from any thread.
final class OverflowFlag: @unchecked Sendable {
  // SAFETY: a byte that threads only set to 1, and that is read after they have finished.
  private let flag: UnsafeMutablePointer<UInt8>

  init() {
    flag = .allocate(capacity: 1)
    flag.initialize(to: 0)
  }
  deinit { flag.deallocate() }

  /// `x` as int32, truncated to its low bits if it does not fit.
  @inline(__always)
  func narrow(_ x: Int64) -> Int32 {
    let narrow = Int32(truncatingIfNeeded: x)
    if Int64(narrow) != x { flag.pointee = 1 }
    return narrow
  }

  /// Records an overflow.
  @inline(__always)
  func set() { flag.pointee = 1 }

  /// Whether an overflow was recorded.
  var isSet: Bool { flag.pointee != 0 }

  /// Throws `overflow` if an overflow was recorded.
  func check(_ operation: String) throws {
    if isSet {
      throw Failure(
        "overflow", "\(operation): a result does not fit int32 (-2147483648 to 2147483647)",
        hint: "convert first: x.astype(\"float64\")")
    }
  }
}
