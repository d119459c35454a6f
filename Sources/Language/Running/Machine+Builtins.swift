import Host

extension Machine {
  /// Calls a builtin with positional arguments in registers, which are moved out.
  func invoke(_ builtin: Builtin, _ window: Register, _ count: Int) throws -> Value {
    guard builtin.isSimple, count <= builtin.parameters.count else {
      return try builtin.invoke(
        (0..<count).map { (window + $0).taken() }, names: [], on: self)
    }
    var values = spareArguments.popLast() ?? []
    for i in 0..<count { values.append((window + i).taken()) }
    for i in 0..<count where builtin.masks[i] & values[i].kindMask == 0 {
      values[i] = try builtin.fitting(i, values[i], argument: i)
    }
    for i in count..<builtin.parameters.count {
      guard let fallback = builtin.fallbacks[i] else {
        throw ArgumentError.missing(builtin.name, builtin.parameters[i].name)
      }
      values.append(fallback)
    }
    var call = Call(builtin, values, on: self)
    values = []
    let result = try builtin.body(call)
    // Handles a profiler's request, before this call's time is attributed to the next one, and
    // Ctrl-C, since there may be no further instruction that checks for it.
    if requests.pointee != 0 { try Interrupt.check() }
    swap(&values, &call.values)
    if spareArguments.count < 16 {
      values.removeAll(keepingCapacity: true)
      spareArguments.append(values)
    }
    return result
  }
}
