import Host

/// What a function can be called with. The checker and the machine report a call that does not fit
/// in the same words, made here.
public struct Signature {
  /// One parameter.
  public struct Parameter {
    /// Its name.
    public let name: String
    /// Whether an argument must be given.
    public let isRequired: Bool
    /// Whether it takes all further arguments without a name.
    public let isRest: Bool
    /// Whether it can be given by name only.
    public let isNamedOnly: Bool
  }

  /// The function's name, or `function`.
  public let name: String
  /// The parameters in order.
  public let parameters: [Parameter]

  /// A builtin's.
  public init(_ builtin: Builtin) {
    name = builtin.name
    parameters = builtin.parameters.map {
      Parameter(
        name: $0.name, isRequired: $0.fallback == nil && !$0.isRest, isRest: $0.isRest,
        isNamedOnly: $0.isNamedOnly)
    }
  }

  /// A script function's.
  public init(_ function: FunctionLiteral) {
    name = function.name ?? "function"
    parameters = function.parameters.map {
      Parameter(
        name: $0.name.text, isRequired: $0.fallback == nil, isRest: false, isNamedOnly: false)
    }
  }

  private init(_ name: String, _ parameters: [Parameter]) {
    self.name = name
    self.parameters = parameters
  }

  /// The same function without its first parameter: a layer or a transform that waits for it.
  public var withoutInput: Signature { Signature(name, Array(parameters.dropFirst())) }

  /// `distill(f, A, B, T:, lambda:)`: what help and notes show.
  public var text: String {
    let parts = parameters.map { parameter in
      parameter.isRest
        ? "\(parameter.name)..."
        : parameter.isRequired && !parameter.isNamedOnly ? parameter.name : "\(parameter.name):"
    }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }

  /// What is wrong with a call of so many arguments without a name, and those names; nil if it fits.
  /// The failure's `argument` is the position, at the call, of the argument at fault.
  public func problem(positional: Int, named: [String]) -> Failure? {
    let places = parameters.filter { !$0.isNamedOnly && !$0.isRest }
    var given: Set<String> = []
    if positional > places.count, !parameters.contains(where: \.isRest) {
      let count = places.count
      let wanted = count == 0 ? "no arguments" : count == 1 ? "one argument" : "\(count) arguments"
      let more = parameters.contains(where: \.isNamedOnly) ? " without a name" : ""
      return Failure(
        "arity", "\(name): takes \(wanted)\(more), got \(positional)",
        label: "one too many", hint: "its form is `\(text)`", argument: count)
    }
    for parameter in places.prefix(positional) { given.insert(parameter.name) }
    for (offset, label) in named.enumerated() {
      guard let parameter = parameters.first(where: { $0.name == label }), !parameter.isRest else {
        let names = parameters.filter { !$0.isRest }.map(\.name)
        let nearest = NearestMatch.of(label, among: names)
        return Failure(
          "argument-name", "\(name): no parameter is called `\(label)`",
          hint: nearest.map { "did you mean `\($0)`?" } ?? "its form is `\(text)`",
          argument: positional + offset)
      }
      if !given.insert(label).inserted {
        return Failure(
          "argument-name", "\(name): `\(label)` is given twice", hint: "its form is `\(text)`",
          argument: positional + offset)
      }
    }
    let missing = parameters.filter { $0.isRequired && !given.contains($0.name) }.map(\.name)
    guard missing.isEmpty else {
      let list = missing.map { "`\($0)`" }.joined(separator: " and ")
      return Failure(
        "arity", "\(name): \(list) \(missing.count == 1 ? "is" : "are") missing",
        hint: "its form is `\(text)`")
    }
    return nil
  }
}

extension Builtin {
  /// What is wrong with a call of it; a staged one may lack its input.
  public func problem(positional: Int, named: [String]) -> Failure? {
    let signature = Signature(self)
    guard let problem = signature.problem(positional: positional, named: named) else { return nil }
    guard case .staged = staging else { return problem }
    guard let other = signature.withoutInput.problem(positional: positional, named: named) else {
      return nil
    }
    return positional > 0 && problem.argument != nil ? problem : other
  }
}
