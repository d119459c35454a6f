import Glibc
import Host
import Synchronization

/// The bytes of lists, maps, strings and closures. They are gathered here and passed on to `Memory`
/// a stretch at a time, since small containers come and go too often to take its lock each time.
public enum ContainerMemory {
  private static let pending = Atomic<Int>(0)
  private static let passed = Atomic<Bool>(false)
  private static let stretch = 1 << 20

  // In malloc.h, which the C library's Swift module leaves out.
  private static let trim: (@convention(c) (Int) -> Int32)? = dlsym(nil, "malloc_trim").map {
    // SAFETY: the signature is that of malloc_trim(3).
    unsafeBitCast($0, to: (@convention(c) (Int) -> Int32).self)
  }

  /// Counts a container's bytes. Passing the limit shows at the next `check`.
  static func add(_ bytes: Int) {
    let sum = pending.wrappingAdd(bytes, ordering: .relaxed).newValue
    if sum > stretch || sum < -stretch { flush() }
  }

  /// Counts a container's bytes as free.
  static func remove(_ bytes: Int) { add(-bytes) }

  /// Throws if more is held than may be.
  static func check() throws {
    if passed.load(ordering: .relaxed) { try recheck() }
  }

  /// Throws if `bytes` more would not fit, before something big is made.
  public static func expect(_ bytes: Int, for what: @autoclosure () -> String) throws {
    if bytes < stretch { return try check() }
    try Memory.expect(bytes, for: what())
  }

  private static func flush() {
    let sum = pending.exchange(0, ordering: .relaxed)
    let isOver = !Memory.count(sum)
    let wasOver = passed.exchange(isOver, ordering: .relaxed)
    // What filled the memory was released: the C library gives it back to the system only if asked.
    if wasOver && !isOver { _ = trim?(0) }
  }

  /// The slow half of `check`: what was freed since the limit was passed counts.
  private static func recheck() throws {
    flush()
    guard passed.load(ordering: .relaxed) else { return }
    throw Failure(
      "out-of-memory",
      "lists, maps and strings: \(Memory.describe(Memory.current)) are taken, of "
        + "\(Memory.describe(Memory.limit)) that may be used",
      hint: "keep fewer values at a time")
  }
}
