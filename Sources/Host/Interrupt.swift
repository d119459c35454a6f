import Glibc

/// Ctrl-C, as a flag that long computations look at.
public enum Interrupt {
  // SAFETY: one byte that a signal handler sets and everybody else polls; a torn or late read only
  // delays the stop by one poll. Never freed.
  nonisolated(unsafe) private static let flag: UnsafeMutablePointer<UInt8> = {
    let pointer = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    pointer.initialize(to: 0)
    return pointer
  }()

  /// The flag's address, for loops that poll it often. Non-zero means a stop is wanted.
  public static var address: UnsafePointer<UInt8> { UnsafePointer(flag) }

  /// Whether a stop is wanted and not yet taken.
  public static var isPending: Bool { flag.pointee != 0 }

  /// Asks whatever runs to stop; safe to call from a signal handler.
  public static func request() { flag.pointee = 1 }

  /// Forgets a pending request, when a new command starts.
  public static func clear() { flag.pointee = 0 }

  /// Throws `Interrupted` if a stop is wanted, and takes the request.
  public static func check() throws {
    if flag.pointee != 0 {
      flag.pointee = 0
      throw Interrupted()
    }
  }
}
