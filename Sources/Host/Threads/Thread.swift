import Glibc

/// The only way to start a thread.
public final class Thread {
  /// The stack size for native code: non-recursive builtins, OpenBLAS, a decoder. Equal to the
  /// default size of a main thread.
  public static let usualStack = 8 << 20

  /// The stack size of a thread that runs scripts: 512 MB, of which only the part in use occupies
  /// memory, so that builtins and functions can be nested some 100,000 calls deep. If the address
  /// space is limited (`ulimit -v`), at most a sixteenth of it.
  public static let deepStack: Int = {
    let size = 512 << 20
    var space = rlimit()
    guard getrlimit(__rlimit_resource_t(9), &space) == 0, space.rlim_cur < 16 * UInt64(size) else {
      return size
    }
    return max(Int(space.rlim_cur / 16), usualStack) & ~0xFFFF
  }()

  private let id: pthread_t
  private var isJoined = false

  /// Starts `body` on a thread; nil if the system cannot create one. Signals are delivered to the
  /// main thread, whose system calls they should interrupt. A thread that starts programs also
  /// takes signals, since the programs inherit the mask.
  public init?(
    stack: Int = usualStack, takesSignals: Bool = false, _ body: @escaping () -> Void
  ) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stack)
    var all = sigset_t()
    var before = sigset_t()
    if !takesSignals { sigfillset(&all) }
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let task = Unmanaged.passRetained(Task(body))
    var id = pthread_t()
    let code = pthread_create(
      &id, &attributes,
      { raw in
        // SAFETY: retained by the creator for this single use.
        if let raw { Unmanaged<Task>.fromOpaque(raw).takeRetainedValue().body() }
        return nil
      }, task.toOpaque())
    self.id = id
    guard code == 0 else {
      task.release()
      isJoined = true
      return nil
    }
  }

  /// Waits until the thread has ended; must be called at most once.
  public func join() {
    precondition(!isJoined, "a thread is waited for once")
    isJoined = true
    pthread_join(id, nil)
  }

  deinit { if !isJoined { pthread_detach(id) } }

  private final class Task {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
}
