import Glibc

/// A variable that every thread has its own of: two scripts that run on two threads (as tests do)
/// know nothing of each other's tapes.
public final class ThreadLocal<Value>: @unchecked Sendable {
  private final class Box {
    var value: Value
    init(_ value: Value) { self.value = value }
  }

  private var key = pthread_key_t()
  private let initial: @Sendable () -> Value

  /// Makes a variable that begins as `initial` on each thread.
  public init(_ initial: @escaping @Sendable () -> Value) {
    self.initial = initial
    let failed = pthread_key_create(&key) { raw in
      guard let raw else { return }
      Unmanaged<AnyObject>.fromOpaque(raw).release()
    }
    precondition(failed == 0, "the system has no more thread-specific keys")
  }

  /// This thread's value.
  public var value: Value {
    get { box.value }
    set { box.value = newValue }
  }

  // SAFETY: what the key holds is a retained Box of this very type, released when its thread ends.
  private var box: Box {
    if let raw = pthread_getspecific(key) {
      return Unmanaged<Box>.fromOpaque(raw).takeUnretainedValue()
    }
    let box = Box(initial())
    pthread_setspecific(key, Unmanaged.passRetained(box).toOpaque())
    return box
  }
}
