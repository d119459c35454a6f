import Glibc
import Host

/// The native stack, which builtins and functions that call each other use up.
enum NativeStack {
  private typealias GetAttributes =
    @convention(c) (
      pthread_t, UnsafeMutablePointer<pthread_attr_t>
    ) -> Int32

  // A GNU extension that the C library's Swift module leaves out.
  private static let getAttributes: GetAttributes? = dlsym(nil, "pthread_getattr_np").map {
    // SAFETY: the signature is that of pthread_getattr_np(3).
    unsafeBitCast($0, to: GetAttributes.self)
  }

  /// How low this thread's stack may grow, with room left for builtins; 0 where that is not known.
  static func floor() -> UInt {
    var attributes = pthread_attr_t()
    guard let getAttributes, getAttributes(pthread_self(), &attributes) == 0 else { return 0 }
    defer { pthread_attr_destroy(&attributes) }
    var low: UnsafeMutableRawPointer?
    var size = 0
    guard pthread_attr_getstack(&attributes, &low, &size) == 0 else { return 0 }
    return UInt(bitPattern: low) + UInt(min(size / 4, 1 << 20))
  }
}

extension Machine {
  /// Throws if builtins and functions have called each other so deep that the native stack runs out.
  @inline(__always)
  func checkNativeStack() throws {
    if depth == 0 { nativeFloor = NativeStack.floor() }
    var mark: UInt8 = 0
    let here = withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
    if here < nativeFloor { throw Machine.tooDeep }
  }

  /// Runs a body on a thread with a stack of 512 MB, of which only what is used takes memory, and
  /// waits for it: builtins and functions may then call each other some 100,000 deep. Where the
  /// address space is limited (`ulimit -v`), a sixteenth of it at most.
  public static func onLargeStack<T>(_ body: @escaping () throws -> T) throws -> T {
    var result: Result<T, Error>?
    let task = StackTask { result = Result(catching: body) }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    var size = 512 << 20
    var space = rlimit()
    if getrlimit(__rlimit_resource_t(9), &space) == 0, space.rlim_cur < 16 * UInt64(size) {
      size = max(Int(space.rlim_cur / 16), 8 << 20) & ~0xFFFF
    }
    pthread_attr_setstacksize(&attributes, size)
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(task).toOpaque()
    let code = pthread_create(
      &thread, &attributes,
      { pointer in
        // SAFETY: retained by the creator for this one use.
        if let pointer { Unmanaged<StackTask>.fromOpaque(pointer).takeRetainedValue().body() }
        return nil
      }, argument)
    guard code == 0 else {
      // No room for the stack: on with the one there is.
      Unmanaged<StackTask>.fromOpaque(argument).release()
      return try body()
    }
    pthread_join(thread, nil)
    guard let result else { throw Failure("internal", "the thread ended without a result") }
    return try result.get()
  }
}

private final class StackTask {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}
