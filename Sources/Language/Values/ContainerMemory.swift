import Host

/// Counts the bytes of lists, maps, strings and closures, which `Memory` collects.
public enum ContainerMemory {
  /// Counts a container's bytes as used. If they exceed the limit, the next `check` throws.
  static func add(_ bytes: Int) { Memory.gather(bytes) }

  /// Counts a container's bytes as free.
  static func remove(_ bytes: Int) { Memory.gather(-bytes) }

  /// Throws if the used memory exceeds the limit.
  static func check() throws {
    if Memory.isOver { try recheck() }
  }

  /// Throws if `bytes` more would not fit, before something large is allocated.
  public static func expect(_ bytes: Int, for what: @autoclosure () -> String) throws {
    if bytes < Memory.stretch { return try check() }
    try Memory.expect(bytes, for: what())
  }

  /// The slow half of `check`: takes into account what was freed since the limit was exceeded.
  private static func recheck() throws {
    Memory.settle()
    guard Memory.isOver else { return }
    let memory = Memory.current
    throw Failure(
      "out-of-memory",
      "lists, maps and strings: \(Memory.describe(memory.used)) are taken, of "
        + "\(Memory.describe(memory.limit)) that may be used",
      hint: "keep fewer values at a time")
  }
}
