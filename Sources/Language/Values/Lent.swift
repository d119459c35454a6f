import CMachine

/// What a builtin that is asked for its result directly (`Builtin.direct`) reads of its arguments, which are
/// lent: without a count of their references.
extension UnsafeBufferPointer<Value> {
  /// The number at a position.
  @inline(__always)
  public func number(_ i: Int) -> Double? {
    if i < count, case .number(let x) = self[i] { x } else { nil }
  }

  /// The bytes of the string at a position, if it is known to be ASCII.
  @inline(__always)
  public func ascii(_ i: Int) -> UnsafeBufferPointer<UInt8>? {
    guard i < count else { return nil }
    var size = 0
    guard let bytes = limbeck_ascii(lent(i), &size) else { return nil }
    return UnsafeBufferPointer<UInt8>(start: bytes, count: size)
  }

  /// The value at the second one in the first, a map: its place. It is not known for all containers and keys.
  @inline(__always)
  public func entry() -> (isKnown: Bool, value: UnsafePointer<Value>?) {
    guard count >= 2 else { return (false, nil) }
    var isKnown = false
    let found = limbeck_entry(lent(0), lent(1), &isKnown)
    return (isKnown, UnsafeRawPointer(found)?.assumingMemoryBound(to: Value.self))
  }

  // SAFETY: the layouts of values are the same, which a test compares.
  @inline(__always)
  private func lent(_ i: Int) -> UnsafePointer<CValue> {
    UnsafeRawPointer(baseAddress.unsafelyUnwrapped + i).assumingMemoryBound(to: CValue.self)
  }
}
