import Glibc

/// A folder that is in use for as long as this lives, and the process does.
public final class Hold {
  /// -1 where nothing is held.
  private let descriptor: Int32

  /// Holds nothing: for a host on which nobody else is.
  public init() { descriptor = -1 }

  /// Waits until nobody holds the folder alone; `alone` does not wait. nil where it can't be held so.
  init?(_ folder: String, alone: Bool) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    while flock(descriptor, alone ? LOCK_EX | LOCK_NB : LOCK_SH) != 0 {
      if errno == EINTR { continue }
      // A file system without locks: nobody can know to be alone there.
      if alone { return nil }
      return
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
