import Host

extension Machine {
  /// Calls a builtin with positional arguments in registers, which are moved out.
  func invoke(_ builtin: Builtin, _ window: Register, _ count: Int) throws -> Value {
    let size = builtin.places.count
    guard builtin.isSimple, count <= size, size < spareArguments.count else {
      return try builtin.invoke(
        (0..<count).map { (window + $0).taken() }, names: [], on: self)
    }
    var values: [Value] = []
    swap(&values, &spareArguments[size])
    if values.count != size { values = Array(repeating: .nil, count: size) }
    try values.withUnsafeMutableBufferPointer { values in
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
    let result = try run(builtin, values)
    // Handles a profiler's request, before this call's time is attributed to the next one, and
    // Ctrl-C, since there may be no further instruction that checks for it.
    if requests.pointee != 0 { try Interrupt.check() }
    // The array is used again. Its elements are released now: a list that is still held here would
    // be copied when it is changed.
    values.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] = .nil }
    }
    swap(&values, &spareArguments[size])
    return result
  }

  /// Runs a builtin. All that its call consists of is held by the caller, so no references are counted here.
  @inline(never)
  private func run(_ builtin: Builtin, _ values: [Value]) throws -> Value {
    try builtin.body(Call(builtin, values, on: self))
  }
}
