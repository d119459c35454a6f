import Host

extension Machine: CallStack {
  /// Keeps a function alive until the stack is empty, if it runs there.
  func retire(_ closure: Closure) {
    let address = UnsafeRawPointer(Unmanaged.passUnretained(closure).toOpaque())
    if (0..<depth).contains(where: { frames[$0].closure == address }) {
      retired.append(.function(closure))
    }
  }
}

/// Cells, globals and functions: the instructions that are not worth a place in the main loop.
extension Machine {
  /// The variable that an instruction reads or writes.
  private func binding(at next: UnsafeMutablePointer<Instruction>) -> Binding? {
    let code = frames[depth - 1].header.pointee.code
    return code.tables.bindings[next - 1 - code.header.pointee.instructions]
  }

  /// The error for a variable whose `let` has not run.
  @inline(never)
  func unset(_ next: UnsafeMutablePointer<Instruction>) -> Failure {
    guard let binding = binding(at: next) else {
      return Failure("unset-name", "a name is read before its `let` has run")
    }
    if binding.isUndeclared {
      return Failure("undeclared-name", "`\(binding.name)` is not declared")
    }
    return Failure(
      "unset-name", "`\(binding.name)` has no value yet: line \(binding.place.line) has not run")
  }

  /// Throws if the `let` of the variable at this place has not run.
  func checkSet(_ place: Register, _ next: UnsafeMutablePointer<Instruction>) throws {
    if case .unset = place.pointee { throw unset(next) }
  }

  /// The cell in a register or capture.
  @inline(__always)
  private func cell(_ register: Register) -> Cell {
    guard case .object(let object) = register.pointee else {
      preconditionFailure("expected a cell")
    }
    // SAFETY: the compiler put a cell here, and cells are nowhere else.
    return unsafeDowncast(object, to: Cell.self)
  }

  /// The storage of a cell's value, for changing it in place; valid while the register holds the
  /// cell.
  @inline(__always)
  func cellPlace(_ register: Register) -> Register { cell(register).place }

  @inline(__always)
  func readCell(
    _ register: Register, to target: Register, _ next: UnsafeMutablePointer<Instruction>
  )
    throws
  {
    let place = cellPlace(register)
    if case .number(let x) = place.pointee {
      target.set(x)
    } else {
      try readGlobal(place, to: target, next)
    }
  }

  @inline(__always)
  func writeCell(
    _ register: Register, _ source: Register, mustBeSet: Bool,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    let place = cellPlace(register)
    if mustBeSet { try checkSet(place, next) }
    place.take(source)
  }

  @inline(never)
  func readGlobal(
    _ global: Register, to target: Register, _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    if case .unset = global.pointee { throw unset(next) }
    target.pointee = global.pointee
  }

  /// Sets a global. A running function that it held is kept alive until the run ends.
  @inline(never)
  func writeGlobal(_ global: Register, _ source: Register) {
    if case .function(let closure) = global.pointee { world.retire(closure) }
    global.take(source)
  }

  @inline(never)
  func readSelf(to target: Register) {
    guard let closure = frames[depth - 1].closure else { return }
    // SAFETY: the running function is alive (see `Frame`).
    target.replace(.function(Unmanaged<Closure>.fromOpaque(closure).takeUnretainedValue()))
  }

  @inline(never)
  func makeClosure(_ word: Instruction, _ base: Register) {
    let frame = frames[depth - 1]
    let code = frame.header.pointee.code.tables.functions[word.cIndex]
    guard let literal = code.literal else { return }
    let captures = code.tables.captures
    let closure = Closure(code, literal, captureCount: captures.count) { values in
      for (i, capture) in captures.enumerated() {
        let value: Value =
          switch capture {
          case .register(let register): base[register]
          case .capture(let index): frame.captures[index]
          case .itself:
            // SAFETY: as in `readSelf`.
            frame.closure.map {
              .function(Unmanaged<Closure>.fromOpaque($0).takeUnretainedValue())
            } ?? .nil
          }
        (values + i).initialize(to: value)
      }
    }
    (base + word.a).replace(.function(closure))
  }
}
