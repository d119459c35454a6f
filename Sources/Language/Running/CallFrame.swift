/// A function that is running: a window of registers and a place in its code. Nothing here is
/// counted; the caller's register, a global or the machine keeps the function alive.
struct Frame {
  /// The code, alive because its closure or the machine is.
  let header: UnsafeMutablePointer<Code.Header>
  /// The function, nil for a file.
  let closure: UnsafeRawPointer?
  /// The first register.
  let base: UnsafeMutablePointer<Value>
  /// The next instruction, as of the last call.
  var next: UnsafeMutablePointer<Instruction>
  /// From where the result goes to the first register, in registers down; a method's function
  /// stands there.
  let shift: Int
  /// Whether this is a deferred argument, which shares its function's registers.
  let isDeferred: Bool

  /// The captures of the function.
  @inline(__always) var captures: UnsafeMutablePointer<Value> {
    guard let closure else { return base }
    // SAFETY: made from a Closure that outlives the frame.
    return Unmanaged<Closure>.fromOpaque(closure)._withUnsafeGuaranteedRef { $0.captures }
  }
}

/// Where an error goes.
struct Handler {
  /// The frame of the `try`.
  let depth: Int
  /// Its `catch`.
  let target: UnsafeMutablePointer<Instruction>
  /// The register that gets the error.
  let error: Int
  /// The registers from here on are temporary at the `try`.
  let floor: Int
}

extension UnsafeMutablePointer<Value> {
  /// Whether what is here needs no release.
  @inline(__always) var isTrivial: Bool {
    switch pointee {
    case .nil, .bool, .number, .unset: true
    default: false
    }
  }

  /// Whether a host object is here.
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

  /// Copies a value here.
  @inline(__always) func copy(_ source: Self) {
    if case .number(let x) = source.pointee { set(x) } else { copySlowly(source) }
  }

  /// Copies a value here.
  @inline(__always) func copyFrom(_ value: borrowing Value) {
    if case .number(let x) = copy value { set(x) } else { replace(copy value) }
  }

  /// Moves a value here; nil stays behind.
  @inline(__always) func take(_ source: Self) {
    if case .number(let x) = source.pointee {
      set(x)
    } else {
      let value = source.move()
      source.initialize(to: .nil)
      replace(value)
    }
  }

  /// Takes the value out; nil stays behind.
  @inline(__always) func taken() -> Value {
    let value = move()
    initialize(to: .nil)
    return value
  }

  @inline(never) func replace(_ value: consuming Value) { pointee = value }
  @inline(never) private func copySlowly(_ source: Self) { pointee = source.pointee }
}
