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

  /// The lowest address that this thread's stack may reach, with space left for builtins, and the
  /// number of bytes above it; all addresses if the stack is unknown.
  static func bounds() -> (floor: UInt, size: UInt) {
    var attributes = pthread_attr_t()
    guard let getAttributes, getAttributes(pthread_self(), &attributes) == 0 else {
      return (0, .max)
    }
    defer { pthread_attr_destroy(&attributes) }
    var low: UnsafeMutableRawPointer?
    var size = 0
    guard pthread_attr_getstack(&attributes, &low, &size) == 0 else { return (0, .max) }
    let reserve = min(size / 4, 1 << 20)
    return (UInt(bitPattern: low) + UInt(reserve), UInt(size - reserve))
  }
}

extension Machine {
  /// The machine that runs on a thread, or that ran there last and may be gone. A weak reference
  /// would slow down every use of a machine, since its count would be kept apart.
  private static let ofThread = ThreadLocal { nil as ObjectIdentifier? }

  /// Another machine of this world that is running on the calling thread, whose stack begins at `floor`.
  private func other(_ floor: UInt) -> Machine? {
    guard let identity = Machine.ofThread.value, identity != ObjectIdentifier(self),
      let machine = world.stack(identity) as? Machine, machine.depth > 0,
      machine.nativeFloor == floor
    else { return nil }
    return machine
  }

  /// Starts to run on the calling thread, whose stack and run are recorded; returns false if another
  /// machine of this world runs there.
  @inline(never)
  private func begin() -> Bool {
    let bounds = NativeStack.bounds()
    guard other(bounds.floor) == nil else { return false }
    Machine.ofThread.value = ObjectIdentifier(self)
    (nativeFloor, nativeSize) = bounds
    context = .current
    requests = context.interrupt.address
    return true
  }

  /// The machine of this world that runs on the calling thread, for a call that reaches this one through
  /// something that kept it, such as a layer with a function. Throws `recursion` if there is no other,
  /// and so the stack is used up.
  func running() throws -> Machine {
    guard let machine = other(NativeStack.bounds().floor) else { throw Machine.tooDeep }
    return machine
  }

  /// Throws if builtins and functions have called each other so deeply that the native stack runs
  /// out.
  @inline(__always)
  func checkNativeStack() throws {
    if !hasNativeRoom() { throw Machine.tooDeep }
  }

  /// Whether a call may be made on this machine: it belongs to the calling thread, whose stack has
  /// enough space.
  @inline(__always)
  func hasNativeRoom() -> Bool {
    if depth == 0, !begin() { return false }
    var mark: UInt8 = 0
    let here = withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
    // The stack of another thread is on neither side within the bounds.
    return here &- nativeFloor < nativeSize
  }
}
