import Host

/// Calls of anything other than a plain function of the script: builtins, objects, methods, named
/// arguments.
extension Machine {
  /// Calls a function with the builtin in a call's constant.
  @inline(__always)
  private func withBuiltin<R>(_ constant: Register, _ body: (Builtin) throws -> R) rethrows -> R {
    // SAFETY: the compiler put a builtin here, and the code's constants hold it. The first word of a value is its
    // reference, as the loop in C reads it.
    let builtin = UnsafeRawPointer(constant).load(as: UnsafeRawPointer.self)
    return try Unmanaged<Builtin>.fromOpaque(builtin)._withUnsafeGuaranteedRef(body)
  }

  /// Calls a builtin with the arguments in a window; the result is stored in its first register.
  @inline(never)
  func callBuiltin(_ constant: Register, _ window: Register, _ count: Int) throws {
    try withBuiltin(constant) { try apply($0, window, count) }
  }

  /// The same for one that has been asked for its result directly and does not have it.
  @inline(never)
  func callBound(_ constant: Register, _ window: Register, _ count: Int) throws {
    try withBuiltin(constant) { window.replace(try invoke($0, window, count)) }
    try ContainerMemory.check()
  }

  @inline(__always)
  private func apply(_ builtin: Builtin, _ window: Register, _ count: Int) throws {
    if let result = builtin.direct?(UnsafeBufferPointer(start: window, count: count)) {
      for i in 0..<count { (window + i).clear() }
      window.replace(result)
    } else {
      window.replace(try invoke(builtin, window, count))
    }
    try ContainerMemory.check()
  }

  /// Calls a value that is not a function of the script.
  @inline(never)
  func callValue(
    _ callee: Register, _ window: Register, _ count: Int,
    _ next: UnsafeMutablePointer<Instruction>
  ) throws {
    if case .unset = callee.pointee { throw unset(next) }
    window.replace(try callHost(callee.pointee, take(window, count), names: []))
    try ContainerMemory.check()
  }

  /// Calls a builtin or a callable object.
  func callHost(_ callee: Value, _ values: [Value], names: [String?]) throws -> Value {
    switch callee {
    case .object(let object):
      var arguments = CallArguments()
      for (i, value) in values.enumerated() {
        if i < names.count, let name = names[i] {
          arguments.named.append((name, value))
        } else {
          arguments.positional.append(value)
        }
      }
      if let result = try object.call(arguments, on: self) { return result }
      fallthrough
    default:
      throw Failure(
        "call", "\(callee.brief) is not a function",
        hint: Machine.hint(forCalled: callee, values.count))
    }
  }

  /// A suggestion for a call of a value that is not a function.
  private static func hint(forCalled value: Value, _ arguments: Int) -> String? {
    if arguments == 0 { return "write the value without `()`" }
    switch value {
    case .list, .string, .range: return "an index is written in brackets: `x[0]`"
    case .map: return "an entry is `m[\"key\"]` or `m.key`"
    case .object(let object) where object.isValue: return "an index is written in brackets: `x[0]`"
    default: return nil
    }
  }

  /// Moves arguments out of a window.
  private func take(_ window: Register, _ count: Int) -> [Value] {
    (0..<count).map { (window + $0).taken() }
  }

  // MARK: Functions of the script

  /// Turns the positional arguments in a window into a function's parameters. Missing ones are left
  /// to the defaults.
  @inline(never)
  func fillArguments(
    _ header: UnsafeMutablePointer<Code.Header>, _ window: Register, _ count: Int
  ) throws {
    let code = header.pointee.code
    if count > code.parameters.count || count < code.required {
      for i in 0..<count { (window + i).clear() }
      if count > code.parameters.count { throw tooMany(code, count) }
      throw missing(code, code.parameters[count])
    }
    try reserve(window + header.pointee.registers)
    for i in count..<code.parameters.count { (window + i).replace(.unset) }
  }

  /// One value for each parameter of a function, `.unset` if its default applies.
  func bind(_ code: Code, _ values: [Value], _ names: [String?]) throws -> [Value] {
    var bound = [Value](repeating: .unset, count: code.parameters.count)
    var position = 0
    for (i, value) in values.enumerated() {
      var target = position
      if i < names.count, let name = names[i] {
        guard let found = code.parameters.firstIndex(of: name) else {
          throw ArgumentError.unknown(code.name ?? "function", name, code.parameters)
        }
        target = found
      } else {
        guard position < bound.count else { throw tooMany(code, values.count) }
        position += 1
      }
      guard case .unset = bound[target] else {
        throw Failure(
          "argument", "\(code.name ?? "function"): \(code.parameters[target]) is given twice")
      }
      bound[target] = value
    }
    for (i, parameter) in (code.literal?.parameters ?? []).enumerated() {
      if case .unset = bound[i], parameter.fallback == nil {
        throw missing(code, parameter.name.text)
      }
    }
    return bound
  }

  private func tooMany(_ code: Code, _ count: Int) -> Failure {
    ArgumentError.tooMany(code.name ?? "function", takes: code.parameters.count, got: count)
  }

  private func missing(_ code: Code, _ parameter: String) -> Failure {
    ArgumentError.missing(code.name ?? "function", parameter)
  }

  /// Pushes a frame for a function whose arguments begin at the register after it.
  private func pushFrame(_ function: Register, parameters: Int) throws {
    guard case .function(let closure) = function.pointee else { return }
    guard depth < Machine.deepest else { throw Machine.tooDeep }
    try reserve(function + 1 + closure.header.pointee.registers)
    // SAFETY: the register below the new window holds the function until it returns.
    frames[depth] = CallFrame(
      header: closure.header,
      closure: UnsafeRawPointer(Unmanaged.passUnretained(closure).toOpaque()), base: function + 1,
      next: closure.header.pointee.instructions, shift: 1, isDeferred: false)
    depth += 1
  }

  // MARK: Methods

  /// Calls a method of the value in a window's first register. `count` includes that value. Returns
  /// true if a frame was pushed.
  @inline(never)
  func callMethod(
    _ site: Unmanaged<Code.CallSite>, _ window: Register, _ count: Int
  ) throws -> Bool {
    try site._withUnsafeGuaranteedRef { site in
      guard site.kinds & window.pointee.kindMask != 0, let builtin = site.builtin else {
        return try callMethodSlowly(site, window, count)
      }
      try apply(builtin, window, count)
      return false
    }
  }

  private func callMethodSlowly(
    _ site: Code.CallSite, _ window: Register, _ count: Int
  ) throws -> Bool {
    guard let name = site.method else { return false }
    if let builtin = builtin(site, name, of: window.pointee) {
      try apply(builtin, window, count)
      return false
    }
    window.replace(try attribute(name, of: window.pointee))
    if case .function(let closure) = window.pointee {
      if closure.header.pointee.parameters != count - 1 {
        try fillArguments(closure.header, window + 1, count - 1)
      }
      try pushFrame(window, parameters: count - 1)
      return true
    }
    let callee = window.taken()
    window.replace(try callHost(callee, take(window + 1, count - 1), names: []))
    try ContainerMemory.check()
    return false
  }

  /// The builtin that a method name refers to.
  private func builtin(_ site: Code.CallSite, _ name: String, of value: Value) -> Builtin? {
    // On a map, a key takes precedence over a method.
    if case .map(let map) = value, map.storage[.string(name)] != nil { return nil }
    let type = value.typeName
    if let cached = site.cached, cached.type == type { return cached.builtin }
    guard let found = world.environment.method(name, of: type) else { return nil }
    site.cached = (type, found)
    switch value {
    case .object, .map: (site.kinds, site.builtin) = (0, nil)
    default: (site.kinds, site.builtin) = (value.kindMask, found)
    }
    return found
  }

  /// Calls with named arguments: the value in a window's first register, or its method.
  @inline(never)
  func callNamed(_ site: Code.CallSite, _ window: Register, _ count: Int) throws -> Bool {
    if let name = site.method {
      if let builtin = builtin(site, name, of: window.pointee) {
        let values = take(window, count + 1)
        window.replace(try builtin.invoke(values, names: [nil] + site.names, on: self))
        try ContainerMemory.check()
        return false
      }
      window.replace(try attribute(name, of: window.pointee))
    }
    let values = take(window + 1, count)
    guard case .function(let closure) = window.pointee else {
      let callee = window.taken()
      window.replace(try callHost(callee, values, names: site.names))
      try ContainerMemory.check()
      return false
    }
    let bound = try bind(closure.code, values, site.names)
    try reserve(window + 1 + bound.count)
    for (i, value) in bound.enumerated() { (window + 1 + i).replace(value) }
    try pushFrame(window, parameters: bound.count)
    return true
  }
}
