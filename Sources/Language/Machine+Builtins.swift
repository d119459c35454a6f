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
      values[i] = try fitting(builtin, i, values[i], argument: i)
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

  /// Runs a builtin's code. What `Interrupt` wants is looked at once more behind it: a profiler's
  /// question, before the next call takes the blame for this one's time, and Ctrl-C, since no further
  /// instruction may come that would (a script's last statement, an entry of the prompt).
  @inline(__always)
  private func perform(_ builtin: Builtin, _ call: Call) throws -> Value {
    let result = try builtin.body(call)
    if Interrupt.address.pointee != 0 { try Interrupt.check() }
    return result
  }

  /// Calls a builtin with arguments of which some may be named.
  func invoke(_ builtin: Builtin, _ values: [Value], names: [String?]) throws -> Value {
    var origin: [Int: Int] = [:]
    if let before = stepsBefore(builtin, values, names) {
      do {
        let bound = try bind(
          builtin, Array(values.dropFirst()), Array(names.dropFirst()), skipsInput: true, &origin)
        return .object(StagedChain(before + [StagedValue(builtin, bound)]))
      } catch var failure as Failure {
        // Counted from behind the steps.
        failure.argument = failure.argument.map { $0 + 1 }
        throw failure
      }
    }
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
    guard let input = arguments.positional.first, case .staged(let type, _) = builtin.staging else {
      throw ArgumentError.missing(builtin.name, builtin.parameters.first?.name ?? "its input")
    }
    guard arguments.positional.count == 1 else {
      throw ArgumentError.tooMany(builtin.name, takes: 1, got: arguments.positional.count)
    }
    if builtin.chains, arguments.named.isEmpty, let before = StagedChain.steps(of: input) {
      return .object(StagedChain(before + [staged]))
    }
    guard type.accepts(input) else {
      throw builtin.parameters[0].mismatch(
        input, in: builtin, wanted: ArgumentError.article(type.name), at: 0)
    }
    var values = [input] + staged.options
    for (name, value) in arguments.named {
      guard let i = builtin.parameters.firstIndex(where: { $0.name == name }), i > 0 else {
        throw ArgumentError.unknown(
          builtin.name, name, builtin.parameters.dropFirst().map(\.name))
      }
      values[i] = try fitting(builtin, i, value, argument: nil)
    }
    return try perform(builtin, Call(builtin, values, on: self))
  }

  /// The steps that a builtin is put behind, where its first argument is such rather than its input. A
  /// function is taken for an option where the builtin needs one that is not given otherwise:
  /// `map_images(grey())`.
  private func stepsBefore(_ builtin: Builtin, _ values: [Value], _ names: [String?])
    -> [StagedValue]?
  {
    guard builtin.chains, let first = values.first, names.first.flatMap({ $0 }) == nil,
      let steps = StagedChain.steps(of: first)
    else { return nil }
    let others = values.indices.dropFirst().count { $0 >= names.count || names[$0] == nil }
    let missing = builtin.parameters.dropFirst().enumerated().first { i, parameter in
      parameter.fallback == nil && !parameter.isRest && i >= others
        && !names.contains(parameter.name)
    }
    return missing.map { $0.element.type.accepts(first) } == true ? nil : steps
  }

  /// Whether a staged builtin is called without its input.
  private func isWaiting(_ builtin: Builtin, _ values: [Value], _ names: [String?]) -> Bool {
    guard case .staged(let input, _) = builtin.staging, let first = builtin.parameters.first else {
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
        bound[target] = try fitting(builtin, target, value, argument: i)
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
      let fitted: Value
      do {
        fitted = try fitting(builtin, position, value, argument: i)
      } catch var failure as Failure {
        failure.hint = failure.hint ?? hint(forOrder: builtin, values)
        throw failure
      }
      if parameters[position].isRest {
        rest.append(fitted)
      } else {
        bound[position] = fitted
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

  /// What to write where the first two arguments stand in each other's place: `map(f, xs)`.
  private func hint(forOrder builtin: Builtin, _ values: [Value]) -> String? {
    guard builtin.parameters.count > 1, values.count > 1 else { return nil }
    let (first, second) = (builtin.parameters[0], builtin.parameters[1])
    guard !first.type.accepts(values[0]), first.type.accepts(values[1]),
      second.type.accepts(values[0])
    else { return nil }
    return "the order is `\(builtin.name)(\(first.name), \(second.name))`"
  }

  private func tooMany(_ builtin: Builtin, _ count: Int, _ skipsInput: Bool) -> Failure {
    let most = builtin.parameters.count { !$0.isNamedOnly } - (skipsInput ? 1 : 0)
    return ArgumentError.tooMany(builtin.name, takes: most, got: count)
  }

  /// A value as a parameter takes it: what stands for a whole number becomes one where only that fits.
  /// Throws if it is not of the parameter's type; a rest parameter's is that of each argument.
  private func fitting(_ builtin: Builtin, _ i: Int, _ value: Value, argument: Int?) throws -> Value
  {
    if builtin.masks[i] & value.kindMask != 0 { return value }
    let parameter = builtin.parameters[i]
    if parameter.type.accepts(value) { return value }
    if case .object(let object) = value, let x = object.wholeNumber,
      parameter.type.accepts(.number(x))
    {
      return .number(x)
    }
    throw parameter.mismatch(value, in: builtin, at: argument)
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
