import Host

/// Binding the arguments of builtins and calling them.
extension Machine {
  /// Calls a builtin with positional arguments in registers, which are taken.
  func invoke(_ builtin: Builtin, _ window: Register, _ count: Int) throws -> Value {
    guard builtin.isSimple, count <= builtin.parameters.count else {
      return try invoke(builtin, (0..<count).map { (window + $0).taken() }, names: [])
    }
    var values = spareArguments.popLast() ?? []
    for i in 0..<count { values.append((window + i).taken()) }
    for i in 0..<count where builtin.masks[i] & values[i].kindMask == 0 {
      try check(builtin, i, values[i], argument: i)
    }
    for i in count..<builtin.parameters.count {
      guard let fallback = builtin.fallbacks[i] else {
        throw ArgumentError.missing(builtin.name, builtin.parameters[i].name)
      }
      values.append(fallback)
    }
    var call = Call(builtin, values, on: self)
    values = []
    let result = try perform(builtin, call)
    swap(&values, &call.values)
    if spareArguments.count < 16 {
      values.removeAll(keepingCapacity: true)
      spareArguments.append(values)
    }
    return result
  }

  /// Runs a builtin's code. A profiler's question that came meanwhile is answered here, before the
  /// next call takes the blame for this one's time.
  @inline(__always)
  private func perform(_ builtin: Builtin, _ call: Call) throws -> Value {
    let result = try builtin.body(call)
    if Interrupt.address.pointee != 0 { Interrupt.answerSample() }
    return result
  }

  /// Calls a builtin with arguments of which some may be named.
  func invoke(_ builtin: Builtin, _ values: [Value], names: [String?]) throws -> Value {
    var origin: [Int: Int] = [:]
    let isStaged = isWaiting(builtin, values, names)
    let bound = try bind(builtin, values, names, skipsInput: isStaged, &origin)
    if isStaged { return .object(StagedValue(builtin, bound)) }
    let deferred = builtin.hasDeferred ? bound.compactMap(\.deferred) : []
    defer { for argument in deferred { argument.isOver = true } }
    do {
      return try perform(builtin, Call(builtin, bound, on: self))
    } catch var failure as Failure {
      // From the parameter that is at fault to the argument it was given by.
      if let parameter = failure.argument { failure.argument = origin[parameter] }
      throw failure
    }
  }

  /// Calls a builtin that waited for its input.
  func invoke(_ staged: StagedValue, _ arguments: CallArguments) throws -> Value {
    let builtin = staged.builtin
    guard let input = arguments.positional.first, case .staged(let type) = builtin.staging else {
      throw ArgumentError.missing(builtin.name, builtin.parameters.first?.name ?? "its input")
    }
    guard arguments.positional.count == 1 else {
      throw ArgumentError.tooMany(builtin.name, takes: 1, got: arguments.positional.count)
    }
    guard type.accepts(input) else {
      throw Call(builtin, [input] + staged.options, on: self).wrong(
        builtin.parameters[0].name, ArgumentError.article(type.name))
    }
    var values = [input] + staged.options
    for (name, value) in arguments.named {
      guard let i = builtin.parameters.firstIndex(where: { $0.name == name }), i > 0 else {
        throw ArgumentError.unknown(
          builtin.name, name, builtin.parameters.dropFirst().map(\.name))
      }
      try check(builtin, i, value, argument: nil)
      values[i] = value
    }
    return try perform(builtin, Call(builtin, values, on: self))
  }

  /// Whether a staged builtin is called without its input.
  private func isWaiting(_ builtin: Builtin, _ values: [Value], _ names: [String?]) -> Bool {
    guard case .staged(let input) = builtin.staging, let first = builtin.parameters.first else {
      return false
    }
    if names.contains(first.name) { return false }
    guard let value = values.first, names.first.flatMap({ $0 }) == nil else { return true }
    return !input.accepts(value)
  }

  /// One value for each parameter, or for each but the input.
  private func bind(
    _ builtin: Builtin, _ values: [Value], _ names: [String?], skipsInput: Bool,
    _ origin: inout [Int: Int]
  ) throws -> [Value] {
    let parameters = builtin.parameters
    var bound = [Value?](repeating: nil, count: parameters.count)
    var rest: [Value] = []
    var position = skipsInput ? 1 : 0
    for (i, value) in values.enumerated() {
      if i < names.count, let name = names[i] {
        guard
          let target = parameters.firstIndex(where: { $0.name == name && !$0.isRest }),
          !(skipsInput && target == 0)
        else { throw ArgumentError.unknown(builtin.name, name, parameters.map(\.name)) }
        guard bound[target] == nil else { throw ArgumentError.twice(builtin.name, name) }
        try check(builtin, target, value, argument: i)
        bound[target] = value
        origin[target] = i
        continue
      }
      while position < parameters.count, parameters[position].isNamedOnly { position += 1 }
      guard position < parameters.count else {
        throw tooMany(builtin, values.count - names.count { $0 != nil }, skipsInput)
      }
      if bound[position] != nil {
        throw ArgumentError.twice(builtin.name, parameters[position].name)
      }
      if origin[position] == nil { origin[position] = i }
      try check(builtin, position, value, argument: i)
      if parameters[position].isRest {
        rest.append(value)
      } else {
        bound[position] = value
        position += 1
      }
    }
    return try parameters.indices.dropFirst(skipsInput ? 1 : 0).map { i in
      if let value = bound[i] { return value }
      if parameters[i].isRest { return .list(List(rest)) }
      if let fallback = parameters[i].fallback { return fallback }
      throw ArgumentError.missing(builtin.name, parameters[i].name)
    }
  }

  private func tooMany(_ builtin: Builtin, _ count: Int, _ skipsInput: Bool) -> Failure {
    let most = builtin.parameters.count { !$0.isNamedOnly } - (skipsInput ? 1 : 0)
    return ArgumentError.tooMany(builtin.name, takes: most, got: count)
  }

  /// Throws if a value is not of a parameter's type. A rest parameter's type is that of each argument.
  private func check(_ builtin: Builtin, _ i: Int, _ value: Value, argument: Int?) throws {
    if builtin.masks[i] & value.kindMask != 0 { return }
    let parameter = builtin.parameters[i]
    if parameter.type.accepts(value) { return }
    throw Failure(
      "argument",
      "\(builtin.name): \(parameter.name) must be \(ArgumentError.article(parameter.type.name)), "
        + "got \(value.brief)", hint: parameter.hint, argument: argument)
  }
}

extension Value {
  /// A bit for the kind.
  @inline(__always) var kindMask: UInt16 {
    switch self {
    case .nil: 1
    case .bool: 2
    case .number: 4
    case .string: 8
    case .list: 16
    case .map: 32
    case .range: 64
    case .function: 128
    case .builtin: 256
    case .object: 512
    case .unset: 1024
    }
  }

  fileprivate var deferred: Deferred? {
    if case .object(let object) = self { return object as? Deferred }
    return nil
  }
}
