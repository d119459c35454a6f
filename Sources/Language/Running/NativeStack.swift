import Glibc
import Host

/// The native stack, which builtins and functions that call each other consume.
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

  /// The lowest address that this thread's stack may reach, with space left for builtins; 0 if
  /// unknown.
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
  /// Records the properties of the thread on which the machine starts to run: its stack and its
  /// run.
  @inline(never)
  private func begin() {
    nativeFloor = NativeStack.floor()
    context = .current
    requests = context.interrupt.address
  }

  /// Throws if builtins and functions have called each other so deeply that the native stack runs
  /// out.
  @inline(__always)
  func checkNativeStack() throws {
    if !hasNativeRoom() { throw Machine.tooDeep }
  }

  /// Whether the native stack has enough space for a call.
  @inline(__always)
  func hasNativeRoom() -> Bool {
    if depth == 0 { begin() }
    var mark: UInt8 = 0
    let here = withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
    return here >= nativeFloor
  }
}
