import Host
import Syntax

/// The calls that a function accepts, to report before the run that a call does not fit, with the
/// machine's message.
public struct Signature {
  /// One parameter.
  public struct Parameter {
    /// Its name.
    public let name: String
    /// Whether an argument is required.
    public let isRequired: Bool
    /// Whether it takes all further positional arguments.
    public let isRest: Bool
    /// Whether it can be given only by name.
    public let isNamedOnly: Bool
  }

  /// The function's name, or `function`.
  public let name: String
  /// The form of a call in help texts and hints: `distill(f, A, B, T = 10, lambda = nil)`.
  public let text: String
  /// The parameters, in order.
  public let parameters: [Parameter]

  /// The signature of a builtin.
  public init(_ builtin: Builtin) {
    name = builtin.name
    text = builtin.signature
    parameters = builtin.parameters.map {
      Parameter(
        name: $0.name, isRequired: $0.fallback == nil && !$0.isRest, isRest: $0.isRest,
        isNamedOnly: $0.isNamedOnly)
    }
  }

  /// The signature of a function of the script.
  public init(_ function: FunctionLiteral) {
    let title = function.name ?? "function"
    name = title
    text = "\(title)(\(function.parameters.map(\.written).joined(separator: ", ")))"
    parameters = function.parameters.map {
      Parameter(
        name: $0.name.text, isRequired: $0.fallback == nil, isRest: false, isNamedOnly: false)
    }
  }

  private init(_ name: String, _ text: String, _ parameters: [Parameter]) {
    self.name = name
    self.text = text
    self.parameters = parameters
  }

  /// The same function without its first parameter: a layer or a transform that waits for its
  /// input.
  public var withoutInput: Signature { Signature(name, text, Array(parameters.dropFirst())) }

  /// What is wrong with a call with this number of positional arguments and these argument names;
  /// nil if the call fits. The failure's `argument` is the position, in the call, of the offending
  /// argument.
  public func problem(positional: Int, named: [String]) -> Failure? {
    let places = parameters.filter { !$0.isNamedOnly && !$0.isRest }
    let form = "its form is `\(text)`"
    func problem(_ failure: Failure, at argument: Int? = nil) -> Failure {
      var failure = failure
      failure.hint = failure.hint?.hasPrefix("did you mean") == true ? failure.hint : form
      failure.argument = argument
      return failure
    }
    var given: Set<String> = []
    if positional > places.count, !parameters.contains(where: \.isRest) {
      return problem(
        ArgumentError.tooMany(name, takes: places.count, got: positional), at: places.count)
    }
    for parameter in places.prefix(positional) { given.insert(parameter.name) }
    for (offset, label) in named.enumerated() {
      let names = parameters.filter { !$0.isRest }.map(\.name)
      guard names.contains(label) else {
        return problem(ArgumentError.unknown(name, label, names), at: positional + offset)
      }
      if !given.insert(label).inserted {
        return problem(ArgumentError.twice(name, label), at: positional + offset)
      }
    }
    if let missing = parameters.first(where: { $0.isRequired && !given.contains($0.name) }) {
      return problem(ArgumentError.missing(name, missing.name))
    }
    return nil
  }
}

extension Builtin {
  /// What is wrong with a call of the function. A call of a staged one may lack the input.
  public func problem(positional: Int, named: [String]) -> Failure? {
    let signature = Signature(self)
    guard let problem = signature.problem(positional: positional, named: named) else { return nil }
    guard isStaged else { return problem }
    guard let other = signature.withoutInput.problem(positional: positional, named: named) else {
      return nil
    }
    return positional > 0 && (problem.argument ?? other.argument) != nil ? problem : other
  }

  /// What is wrong with a literal among the arguments of a call that fits otherwise: a value of
  /// another type, one out of range, or one that is not among the choices. Values that are not
  /// known yet are nil.
  func misfit(among arguments: [(name: String?, value: Value?)]) -> Failure? {
    var places = parameters.filter { !$0.isNamedOnly }
    if let input = awaited, arguments.first?.name == nil {
      // Only a literal shows whether the first argument is the input or an option.
      guard let first = arguments.first?.value else { return misfit(amongNamed: arguments) }
      if !input.accepts(first) { places.removeFirst() }
    }
    for (i, argument) in arguments.enumerated() where argument.name == nil {
      guard let parameter = i < places.count ? places[i] : places.last else { break }
      guard let value = argument.value, !parameter.isDeferred, !parameter.type.accepts(value) else {
        continue
      }
      return parameter.mismatch(value, in: self, at: i)
    }
    return misfit(amongNamed: arguments)
  }

  private func misfit(amongNamed arguments: [(name: String?, value: Value?)]) -> Failure? {
    for (i, argument) in arguments.enumerated() {
      guard let name = argument.name, let value = argument.value,
        let parameter = parameters.first(where: { $0.name == name }), !parameter.type.accepts(value)
      else { continue }
      return parameter.mismatch(value, in: self, at: i)
    }
    return nil
  }
}
