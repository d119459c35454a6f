import Glibc

/// What time it is.
public protocol Clock: AnyObject {
  /// Seconds from some fixed moment, for measuring.
  func clock() -> Double
  /// Local time as `2026-11-22T23-39-37`, which sorts and fits a file's name.
  func timestamp() -> String
}

/// The processor's clock, which a host's `clock` is, for code that has no host to ask and only measures.
public func monotonicSeconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
}
