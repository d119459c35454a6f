import Glibc

/// The time.
public protocol Clock: AnyObject {
  /// Seconds since an arbitrary fixed time, for measurements.
  func clock() -> Double
  /// Seconds since 1970.
  func now() -> Double
  /// Local time as `2026-11-22T23-39-37`, which can be sorted and used in file names.
  func timestamp() -> String
}

/// The monotonic clock behind a host's `clock`, for code that has no host and only measures.
public func monotonicSeconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
}
