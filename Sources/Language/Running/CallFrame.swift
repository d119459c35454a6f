/// A function that is running: a window of registers and a place in its code. Nothing here is
/// counted; the caller's register, a global or the machine keeps the function alive.
struct CallFrame {
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
