/// A register: a place that holds a value.
typealias Register = UnsafeMutablePointer<Value>

extension UnsafeMutablePointer<Value> {
  /// Whether the value needs no release.
  @inline(__always) var isTrivial: Bool {
    switch pointee {
    case .nil, .bool, .number, .unset: true
    default: false
    }
  }

  /// Whether the value is a host object.
  @inline(__always) var isObject: Bool {
    if case .object = pointee { return true }
    return false
  }

  /// Writes a number.
  @inline(__always) func set(_ x: Double) {
    if isTrivial { initialize(to: .number(x)) } else { replace(.number(x)) }
  }

  /// Writes a bool.
  @inline(__always) func set(_ x: Bool) {
    if isTrivial { initialize(to: .bool(x)) } else { replace(.bool(x)) }
  }

  /// Writes nil.
  @inline(__always) func clear() {
    if isTrivial { initialize(to: .nil) } else { replace(.nil) }
  }

  /// Copies a value into this register.
  @inline(__always) func copy(_ source: Self) {
    if case .number(let x) = source.pointee { set(x) } else { copySlowly(source) }
  }

  /// Copies a value into this register.
  @inline(__always) func copyFrom(_ value: borrowing Value) {
    if case .number(let x) = copy value { set(x) } else { replace(copy value) }
  }

  /// Moves a value into this register and leaves nil in the source.
  @inline(__always) func take(_ source: Self) {
    if case .number(let x) = source.pointee {
      set(x)
    } else {
      let value = source.move()
      source.initialize(to: .nil)
      replace(value)
    }
  }

  /// Moves the value out and leaves nil.
  @inline(__always) func taken() -> Value {
    let value = move()
    initialize(to: .nil)
    return value
  }

  @inline(never) func replace(_ value: consuming Value) { pointee = value }
  @inline(never) private func copySlowly(_ source: Self) { pointee = source.pointee }
}
