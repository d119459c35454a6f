import Glibc

/// The only kind of thread-local variable, used for example for the tape of the gradient that a
/// thread computes. Values that belong to a run rather than a thread are `RunLocal`s.
public final class ThreadLocal<Value>: @unchecked Sendable {
  private final class Box {
    var value: Value
    init(_ value: Value) { self.value = value }
  }

  private var key = pthread_key_t()
  private let initial: @Sendable () -> Value

  /// Creates a variable with the value `initial` on each thread.
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
    get { withValue { $0 } }
    set { withValue { $0 = newValue } }
  }

  /// Reads or changes this thread's value in place. `body` must not access the variable again.
  @inline(__always)
  public func withValue<R>(_ body: (inout Value) throws -> R) rethrows -> R {
    // SAFETY: the key holds a retained Box of exactly this type, which is released when its thread
    // ends.
    try box._withUnsafeGuaranteedRef { try body(&$0.value) }
  }

  private var box: Unmanaged<Box> {
    if let raw = pthread_getspecific(key) { return Unmanaged<Box>.fromOpaque(raw) }
    let box = Unmanaged.passRetained(Box(initial()))
    pthread_setspecific(key, box.toOpaque())
    return box
  }
}
