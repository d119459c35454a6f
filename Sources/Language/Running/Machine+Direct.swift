import CMachine
import Host

/// What the loop in C calls by itself.
extension Machine {
  // SAFETY: builtins are retained by the constants of the code that calls them, and never freed before it.
  private static let made = CMachineFunctions(
    direct: { builtin, arguments, count, result in
      Unmanaged<Builtin>.fromOpaque(builtin)._withUnsafeGuaranteedRef {
        let values = UnsafeRawPointer(arguments).assumingMemoryBound(to: Value.self)
        guard let value = $0.direct?(UnsafeBufferPointer(start: values, count: count)) else {
          return false
        }
        UnsafeMutableRawPointer(result).initializeMemory(as: Value.self, to: value)
        return true
      }
    },
    string: { bytes, count in
      let box = StringBox(utf8: UnsafeBufferPointer(start: bytes, count: count))
      return Unmanaged.passRetained(box).toOpaque()
    },
    insert: { map, key, value in
      Unmanaged<Map>.fromOpaque(map)._withUnsafeGuaranteedRef {
        $0.insert(
          UnsafeRawPointer(key).assumingMemoryBound(to: Value.self).pointee,
          UnsafeMutableRawPointer(value).assumingMemoryBound(to: Value.self).move())
      }
    },
    is_over: { Memory.isOver },
    numeric: { builtin, x in
      Unmanaged<Builtin>.fromOpaque(builtin)._withUnsafeGuaranteedRef { $0.numeric?(x) ?? .nan }
    })

  /// A new state of the loop in C.
  static func state(
    _ stack: Register, _ frames: UnsafeMutablePointer<CallFrame>, _ requests: UnsafePointer<UInt8>
  ) -> UnsafeMutablePointer<CMachineState> {
    // SAFETY: the layouts are the same, which a test compares.
    func address<T>(_ pointer: UnsafeRawPointer) -> UnsafeMutablePointer<T> {
      UnsafeMutableRawPointer(mutating: pointer).assumingMemoryBound(to: T.self)
    }
    let state = UnsafeMutablePointer<CMachineState>.allocate(capacity: 1)
    // `execute` sets what depends on the running frame.
    state.initialize(
      to: CMachineState(
        next: address(stack), base: address(stack), header: address(stack),
        frames: address(frames), depth: 0, entry: 0, deepest: Machine.deepest,
        initialized: address(stack), characters: address(StringBox.ascii), functions: functions,
        requests: requests))
    return state
  }

  /// What the loop in C calls.
  static let functions: UnsafePointer<CMachineFunctions> = {
    let functions = UnsafeMutablePointer<CMachineFunctions>.allocate(capacity: 1)
    functions.initialize(to: made)
    return UnsafePointer(functions)
  }()

  /// Moves the operands of a call to a window.
  @inline(never)
  func moveOperands(
    _ operands: Instruction, _ base: Register, _ globals: Register, to window: Register,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    var registers = [operands.a, operands.b, operands.cRegister].map { base + $0 }
    if operands.hasPlace { registers[0] = place(operands.a, base, globals) }
    try checkContainer(registers[0], next)
    for i in 0..<operands.operandCount where registers[i] != window + i {
      (window + i).copy(registers[i])
    }
    for i in 0..<operands.operandCount where registers[i] != window + i && operands.operandDies(i) {
      registers[i].clear()
    }
  }
}
