/// A running function: a window of registers and a position in its code. Nothing here is reference
/// counted; the caller's register, a global or the machine keeps the function alive. `CCallFrame` to the
/// loop in C.
struct CallFrame {
  /// The code, kept alive by its closure or by the machine.
  let header: UnsafeMutablePointer<Code.Header>
  /// The function; nil for a file.
  let closure: UnsafeRawPointer?
  /// The first register.
  let base: UnsafeMutablePointer<Value>
  /// The next instruction, as of the last call.
  var next: UnsafeMutablePointer<Instruction>
  /// The distance, downwards in registers, from the first register to the one that receives the
  /// result. A method's function is there.
  let shift: Int
  /// Whether this is a deferred argument, which shares the registers of its function.
  let isDeferred: Bool

  /// The function's captures.
  @inline(__always) var captures: UnsafeMutablePointer<Value> {
    guard let closure else { return base }
    // SAFETY: made from a Closure that outlives the frame.
    return Unmanaged<Closure>.fromOpaque(closure)._withUnsafeGuaranteedRef { $0.captures }
  }
}

/// The target of an error.
struct Handler {
  /// The depth of the frame of the `try`.
  let depth: Int
  /// The first instruction of its `catch`.
  let target: UnsafeMutablePointer<Instruction>
  /// The register that receives the error.
  let error: Int
  /// The registers from here on are temporaries at the `try`.
  let floor: Int
}
