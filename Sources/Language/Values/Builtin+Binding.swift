import Host

/// Calling a builtin: its arguments are bound to its parameters.
extension Builtin {
  /// Runs a builtin's code. Afterwards the requests of `Interrupt` are checked once more: a
  /// profiler's request, before this call's time is attributed to the next one, and Ctrl-C, since
  /// there may be no further instruction that checks for it (a script's last statement, an entry of
  /// the prompt).
  func perform(_ call: Call) throws -> Value {
    let result = try body(call)
    try Interrupt.check()
    return result
  }

  /// Calls it with arguments, some of which may be named.
  func invoke(_ arguments: CallArguments, on machine: any Caller) throws -> Value {
    let names: [String?] = arguments.positional.map { _ in nil } + arguments.named.map(\.name)
    return try invoke(
      arguments.positional + arguments.named.map(\.value),
      names: arguments.named.isEmpty ? [] : names, on: machine)
  }

  /// Calls it with arguments and their names, nil for positional ones; `names` is empty if all are
  /// positional.
  func invoke(_ values: [Value], names: [String?], on machine: any Caller) throws -> Value {
    var origin: [Int: Int] = [:]
    if let before = stepsBefore(values, names) {
      do {
        let bound = try bind(
          Array(values.dropFirst()), Array(names.dropFirst()), skipsInput: true, &origin)
        return .object(StagedChain(before + [StagedValue(self, bound)]))
      } catch var failure as Failure {
        // The index does not count the first argument, which is the steps.
        failure.argument = failure.argument.map { $0 + 1 }
        throw failure
      }
    }
    let isStaged = isWaiting(values, names)
    let bound = try bind(values, names, skipsInput: isStaged, &origin)
    if isStaged { return .object(StagedValue(self, bound)) }
    let deferred = hasDeferred ? bound.compactMap(\.deferred) : []
    defer { for argument in deferred { argument.isOver = true } }
    do {
      return try perform(Call(self, bound, on: machine))
    } catch var failure as Failure {
      // From the parameter at fault to the argument that was given for it.
      if let parameter = failure.argument { failure.argument = origin[parameter] }
      throw failure
    }
  }

  /// The steps that precede a builtin whose first argument consists of steps rather than being its
  /// input. A function is taken as an option if the builtin needs one that is not given otherwise:
  /// `map_images(grey())`.
  private func stepsBefore(_ values: [Value], _ names: [String?])
    -> [StagedValue]?
  {
    guard chains, let first = values.first, names.first.flatMap({ $0 }) == nil,
      let steps = StagedChain.steps(of: first)
    else { return nil }
    let others = values.indices.dropFirst().count { $0 >= names.count || names[$0] == nil }
    let missing = parameters.dropFirst().enumerated().first { i, parameter in
      parameter.fallback == nil && !parameter.isRest && i >= others
        && !names.contains(parameter.name)
    }
    return missing.map { $0.element.type.accepts(first) } == true ? nil : steps
  }

  /// Whether a staged builtin is called without its input.
  private func isWaiting(_ values: [Value], _ names: [String?]) -> Bool {
    guard let input = awaited, let first = parameters.first else { return false }
    if names.contains(first.name) { return false }
    guard let value = values.first, names.first.flatMap({ $0 }) == nil else { return true }
    return !input.accepts(value)
  }

  /// One value for each parameter, or for each but the input.
  private func bind(
    _ values: [Value], _ names: [String?], skipsInput: Bool,
    _ origin: inout [Int: Int]
  ) throws -> [Value] {
    var bound = [Value?](repeating: nil, count: parameters.count)
    var rest: [Value] = []
    var position = skipsInput ? 1 : 0
    for (i, value) in values.enumerated() {
      if i < names.count, let label = names[i] {
        guard
          let target = parameters.firstIndex(where: { $0.name == label && !$0.isRest }),
          !(skipsInput && target == 0)
        else { throw ArgumentError.unknown(name, label, parameters.map(\.name)) }
        guard bound[target] == nil else { throw ArgumentError.twice(name, label) }
        bound[target] = try fitting(target, value, argument: i)
        origin[target] = i
        continue
      }
      while position < parameters.count, parameters[position].isNamedOnly { position += 1 }
      guard position < parameters.count else {
        throw tooMany(values.count - names.count { $0 != nil }, skipsInput)
      }
      if bound[position] != nil {
        throw ArgumentError.twice(name, parameters[position].name)
      }
      if origin[position] == nil { origin[position] = i }
      let fitted: Value
      do {
        fitted = try fitting(position, value, argument: i)
      } catch var failure as Failure {
        failure.hint = failure.hint ?? hintForOrder(values)
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
      throw ArgumentError.missing(name, parameters[i].name)
    }
  }

  /// A suggestion if the first two arguments are in the wrong order: `map(f, xs)`.
  private func hintForOrder(_ values: [Value]) -> String? {
    guard parameters.count > 1, values.count > 1 else { return nil }
    let (first, second) = (parameters[0], parameters[1])
    guard !first.type.accepts(values[0]), first.type.accepts(values[1]),
      second.type.accepts(values[0])
    else { return nil }
    return "the order is `\(name)(\(first.name), \(second.name))`"
  }

  private func tooMany(_ count: Int, _ skipsInput: Bool) -> Failure {
    let most = parameters.count { !$0.isNamedOnly } - (skipsInput ? 1 : 0)
    return ArgumentError.tooMany(name, takes: most, got: count)
  }

  /// Converts a value for a parameter: a value that represents a whole number becomes one if only a
  /// whole number fits. Throws if it is not of the parameter's type; the type of a rest parameter
  /// is that of each argument.
  func fitting(_ i: Int, _ value: Value, argument: Int?) throws -> Value {
    if places[i].mask & value.kindMask != 0 { return value }
    let parameter = parameters[i]
    if parameter.type.accepts(value) { return value }
    if case .object(let object) = value, let x = object.wholeNumber,
      parameter.type.accepts(.number(x))
    {
      return .number(x)
    }
    throw parameter.mismatch(value, in: self, at: argument)
  }
}

extension Value {
  fileprivate var deferred: DeferredArgument? {
    if case .object(let object) = self { return object as? DeferredArgument }
    return nil
  }
}
