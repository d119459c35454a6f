import Glibc

/// A lock on a folder, held until this object is released or the process ends.
public final class Hold {
  /// -1 if nothing is locked.
  private let descriptor: Int32

  /// Creates a hold without a lock, for a host without concurrent users.
  public init() { descriptor = -1 }

  /// Waits until there is no exclusive lock on the folder; with `alone`, does not wait. nil if the
  /// folder cannot be locked.
  init?(_ folder: String, alone: Bool) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    while flock(descriptor, alone ? LOCK_EX | LOCK_NB : LOCK_SH) != 0 {
      if errno == EINTR { continue }
      // A file system without locks, where exclusive use cannot be ensured.
      if alone { return nil }
      return
    }
  }

  /// Whether the file system of a folder has locks.
  static func arePossible(in folder: String) -> Bool {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) == 0 || errno == EWOULDBLOCK
  }

  deinit {
    guard descriptor >= 0 else { return }
    // A process that is just being started has a copy of the descriptor, so closing is not enough.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
