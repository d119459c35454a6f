import Host

/// Calls of anything but a plain function of the script: builtins, objects, methods, named arguments.
extension Machine {
  /// A function of one number on a number.
  @inline(__always)
  func numeric(_ constant: Register, _ x: Double) -> Double {
    guard case .builtin(let builtin) = constant.pointee, let numeric = builtin.numeric else {
      return .nan
    }
    return numeric(x)
  }

  /// Calls a builtin with the arguments in a window; the result goes to its first register.
  @inline(never)
  func callBuiltin(_ constant: Register, _ window: Register, _ count: Int) throws {
    guard case .builtin(let builtin) = constant.pointee else { return }
    window.replace(try invoke(builtin, window, count))
    try ContainerMemory.check()
  }

  /// Calls what is no function of the script.
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
  private func callHost(_ callee: Value, _ values: [Value], names: [String?]) throws -> Value {
    switch callee {
    case .builtin(let builtin): return try invoke(builtin, values, names: names)
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
        "call", "\(callee.brief) is not a function and can't be called",
        hint: Machine.hint(forCalled: callee, values.count))
    }
  }

  /// What to write where a value that is not a function was called.
  private static func hint(forCalled value: Value, _ arguments: Int) -> String? {
    if arguments == 0 { return "the value stands without `()`" }
    switch value {
    case .list, .string, .range: return "an index stands in brackets: `x[0]`"
    case .map: return "an entry is `m[\"key\"]` or `m.key`"
    case .object(let object) where object.isValue: return "an index stands in brackets: `x[0]`"
    default: return nil
    }
  }

  /// Takes arguments out of a window.
  private func take(_ window: Register, _ count: Int) -> [Value] {
    (0..<count).map { (window + $0).taken() }
  }

  // MARK: Functions of the script

  /// Makes a function's parameters of the positional arguments in a window: missing ones are left to
  /// the defaults.
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

  /// One value for each parameter of a function, `.unset` where its default is wanted.
  private func bind(_ code: Code, _ values: [Value], _ names: [String?]) throws -> [Value] {
    var bound = [Value](repeating: .unset, count: code.parameters.count)
    var position = 0
    for (i, value) in values.enumerated() {
      var target = position
      if i < names.count, let name = names[i] {
        guard let found = code.parameters.firstIndex(of: name) else {
          throw unknownName(code.name ?? "function", name, code.parameters)
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

  func unknownName(_ function: String, _ name: String, _ known: [String]) -> Failure {
    ArgumentError.unknown(function, name, known)
  }

  /// Pushes a frame for a function whose arguments stand from the register behind it on.
  private func pushFrame(_ function: Register, parameters: Int) throws {
    guard case .function(let closure) = function.pointee else { return }
    guard depth < Machine.deepest else { throw Machine.tooDeep }
    try reserve(function + 1 + closure.header.pointee.registers)
    // SAFETY: the register below the new window holds the function until it returns.
    frames[depth] = Frame(
      header: closure.header,
      closure: UnsafeRawPointer(Unmanaged.passUnretained(closure).toOpaque()), base: function + 1,
      next: closure.header.pointee.instructions, shift: 1, isDeferred: false)
    depth += 1
  }

  // MARK: Methods

  /// Calls a method of the value in a window's first register, `count` arguments with it; true if a
  /// frame was pushed.
  @inline(never)
  func callMethod(_ site: Code.CallSite, _ window: Register, _ count: Int) throws -> Bool {
    guard let name = site.method else { return false }
    if let builtin = builtin(site, name, of: window.pointee) {
      window.replace(try invoke(builtin, window, count))
      try ContainerMemory.check()
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

  /// The builtin that a method is.
  private func builtin(_ site: Code.CallSite, _ name: String, of value: Value) -> Builtin? {
    // On a map a key comes before a method.
    if case .map(let map) = value, map.storage[.string(name)] != nil { return nil }
    let type = value.typeName
    if let cached = site.cached, cached.type == type { return cached.builtin }
    guard let found = environment.method(name, of: type) else { return nil }
    site.cached = (type, found)
    return found
  }

  /// What stands after the dot, for calling it.
  private func attribute(_ name: String, of value: Value) throws -> Value {
    if case .map(let map) = value {
      guard let found = map.storage[.string(name)] else {
        var failure = Indexing.missing(.string(name), in: map)
        failure.hint = Foreign.hint(forMember: name) ?? failure.hint
        throw failure
      }
      return found
    }
    if case .object(let object) = value {
      if let member = try object.member(name) { return member }
      throw Failure("member", "\(value.typeName) has no \(name)", hint: hint(name, of: value))
    }
    throw Failure("member", "\(value.typeName) has no method \(name)", hint: hint(name, of: value))
  }

  /// What to write for a member that a value does not have: other languages' names first, then the
  /// function of that name, then the nearest of its own.
  func hint(_ name: String, of value: Value) -> String? {
    if let hint = Foreign.hint(forMember: name) { return hint }
    if case .builtin(let builtin)? = environment.known(name),
      builtin.parameters.first?.type.accepts(value) == true
    {
      return "`\(name)` is a function: `\(name)(\(builtin.parameters.count > 1 ? "x, ..." : "x"))`"
    }
    var own = environment.memberNames.filter { environment.method($0, of: value.typeName) != nil }
    if case .object(let object) = value { own.formUnion(object.memberNames) }
    return NearestMatch.of(name, among: own).map { "did you mean `\($0)`?" }
  }

  /// Calls with named arguments: what is in the first register of a window, or its method.
  @inline(never)
  func callNamed(_ site: Code.CallSite, _ window: Register, _ count: Int) throws -> Bool {
    if let name = site.method {
      if let builtin = builtin(site, name, of: window.pointee) {
        let values = take(window, count + 1)
        window.replace(try invoke(builtin, values, names: [nil] + site.names))
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

  // MARK: From builtins

  /// Calls a function of the script, a builtin or a callable object.
  public func call(_ function: Value, _ arguments: CallArguments) throws -> Value {
    let values = arguments.positional + arguments.named.map(\.value)
    let names: [String?] =
      arguments.named.isEmpty
      ? [] : arguments.positional.map { _ in nil } + arguments.named.map(\.name)
    guard case .function(let closure) = function else {
      do {
        return try callHost(function, values, names: names)
      } catch var failure as Failure {
        // The arguments are this call's, not those of the script's call that led here.
        failure.argument = nil
        throw failure
      }
    }
    let bound = try bind(closure.code, values, names)
    return try withExtendedLifetime(closure) {
      try enter(closure.header, closure: address(of: closure), arguments: bound)
    }
  }

  /// Calls with one argument.
  public func call(_ function: Value, _ argument: Value) throws -> Value {
    guard case .function(let closure) = function, closure.header.pointee.parameters == 1 else {
      return try call(function, CallArguments([argument]))
    }
    let base = try window(closure)
    base.replace(argument)
    return try withExtendedLifetime(closure) {
      try push(closure.header, address(of: closure), base)
    }
  }

  /// Calls with two arguments.
  public func call(_ function: Value, _ first: Value, _ second: Value) throws -> Value {
    guard case .function(let closure) = function, closure.header.pointee.parameters == 2 else {
      return try call(function, CallArguments([first, second]))
    }
    let base = try window(closure)
    base.replace(first)
    (base + 1).replace(second)
    return try withExtendedLifetime(closure) {
      try push(closure.header, address(of: closure), base)
    }
  }

  private func address(of closure: Closure) -> UnsafeRawPointer {
    UnsafeRawPointer(Unmanaged.passUnretained(closure).toOpaque())
  }

  /// The registers of a function that is called from outside the loop.
  private func window(_ closure: Closure) throws -> Register {
    try checkNativeStack()
    try reserve(top + closure.header.pointee.registers)
    return top
  }
}
