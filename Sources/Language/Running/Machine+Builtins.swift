import Host

extension Machine {
  /// Calls a builtin with positional arguments in registers, which are moved out.
  func invoke(_ builtin: Builtin, _ window: Register, _ count: Int) throws -> Value {
    let size = builtin.places.count
    guard builtin.isSimple, count <= size, size < spareCalls.count else {
      return try builtin.invoke(
        (0..<count).map { (window + $0).taken() }, names: [], on: self)
    }
    var spare: Call?
    swap(&spare, &spareCalls[size])
    let call = spare.take() ?? Call(builtin, Array(repeating: .nil, count: size), on: self)
    if !call.isOf(builtin) { call.builtin = builtin }
    try call.values.withUnsafeMutableBufferPointer { values in
      for i in 0..<count { values[i] = (window + i).taken() }
      for i in 0..<count where builtin.places[i].mask & values[i].kindMask == 0 {
        values[i] = try builtin.fitting(i, values[i], argument: i)
      }
      guard count < size else { return }
      for (i, parameter) in builtin.parameters[count...].enumerated() {
        guard let fallback = parameter.fallback else {
          throw ArgumentError.missing(builtin.name, parameter.name)
        }
        values[count + i] = fallback
      }
    }
    let result = try builtin.body(call)
    // Handles a profiler's request, before this call's time is attributed to the next one, and
    // Ctrl-C, since there may be no further instruction that checks for it.
    if requests.pointee != 0 { try Interrupt.check() }
    // The call is used again unless the builtin has kept it. Its arguments are released now: a list that is still
    // held here would be copied when it is changed.
    spare = consume call
    if isKnownUniquelyReferenced(&spare) {
      spare.unsafelyUnwrapped.clear()
      swap(&spare, &spareCalls[size])
    }
    return result
  }
}
