import Host
import Syntax

/// What values and builtins can ask of the machine.
extension Machine: Caller {
  /// Calls a function of the script, a builtin or a callable object.
  public func call(_ function: Value, _ arguments: CallArguments) throws -> Value {
    guard hasNativeRoom() else { return try running().call(function, arguments) }
    let values = arguments.positional + arguments.named.map(\.value)
    let names: [String?] =
      arguments.named.isEmpty
      ? [] : arguments.positional.map { _ in nil } + arguments.named.map(\.name)
    guard case .function(let closure) = function else {
      do {
        return try callHost(function, values, names: names)
      } catch var failure as Failure {
        // The arguments belong to this call, not to the script's call that led here.
        failure.argument = nil
        throw failure
      }
    }
    if requests.pointee != 0 { try context.interrupt.countStep() }
    let bound = try bind(closure.code, values, names)
    return try withExtendedLifetime(closure) {
      try enter(closure.header, closure: address(of: closure), arguments: bound)
    }
  }

  // Inlined into the protocol's witness: a sort calls back millions of times.

  /// Calls with one argument.
  @inline(__always)
  public func call(_ function: Value, _ argument: Value) throws -> Value {
    guard let closure = plainFunction(function, parameters: 1), hasNativeRoom() else {
      return try call(function, CallArguments([argument]))
    }
    return try withExtendedLifetime(function) {
      let base = try window(closure.header)
      base.copyFrom(argument)
      return try push(closure.header, closure.address, base)
    }
  }

  /// Calls with two arguments.
  @inline(__always)
  public func call(_ function: Value, _ first: Value, _ second: Value) throws -> Value {
    guard let closure = plainFunction(function, parameters: 2), hasNativeRoom() else {
      return try call(function, CallArguments([first, second]))
    }
    return try withExtendedLifetime(function) {
      let base = try window(closure.header)
      base.copyFrom(first)
      (base + 1).copyFrom(second)
      return try push(closure.header, closure.address, base)
    }
  }

  /// A function of the script with a number of parameters. Its references are not counted: the value that
  /// the caller passed holds it.
  @inline(__always)
  private func plainFunction(
    _ function: Value, parameters: Int
  ) -> (header: UnsafeMutablePointer<Code.Header>, address: UnsafeRawPointer)? {
    guard case .function(let closure) = function else { return nil }
    let held = Unmanaged.passUnretained(closure)
    let header = held._withUnsafeGuaranteedRef { $0.header }
    guard header.pointee.parameters == parameters else { return nil }
    return (header, UnsafeRawPointer(held.toOpaque()))
  }

  private func address(of closure: Closure) -> UnsafeRawPointer {
    UnsafeRawPointer(Unmanaged.passUnretained(closure).toOpaque())
  }

  /// The registers of a function that is called from outside the loop.
  @inline(__always)
  private func window(_ header: UnsafeMutablePointer<Code.Header>) throws -> Register {
    if requests.pointee != 0 { try context.interrupt.countStep() }
    try reserve(top + header.pointee.registers)
    return top
  }

  /// See `Caller`.
  public func touchesHidden(_ builtin: String) {
    if depth > 0, frames[depth - 1].header.pointee.code.slots.module?.isStdlib == true { return }
    world.touched.insert(builtin)
  }

  /// The active functions, innermost first, each with the place that execution has reached. A
  /// file's top level has no name. `most` limits their number, since recursion may be deep.
  public func reached(most: Int) -> [(function: String?, place: Place)] {
    stride(from: depth - 1, through: max(0, depth - most), by: -1).map { i in
      let code = frames[i].header.pointee.code
      return (code.name, code.place(at: frames[i].next - 1))
    }
  }
}
