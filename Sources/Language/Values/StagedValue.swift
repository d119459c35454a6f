import Host

/// A builtin that waits for its input: `max_pool(3, stride: 2)` as a layer, `lowres(50)` as a
/// transform. Calling it with the input runs the builtin.
public final class StagedValue: HostObject {
  /// The builtin.
  public let builtin: Builtin
  /// The values of all parameters except the input, in the order of declaration.
  public let options: [Value]

  /// Makes a staged builtin.
  public init(_ builtin: Builtin, _ options: [Value]) {
    self.builtin = builtin
    self.options = options
  }

  /// The option with a given name.
  public func option(_ name: String) -> Value? {
    guard let i = builtin.parameters.firstIndex(where: { $0.name == name }), i > 0 else {
      return nil
    }
    return options[i - 1]
  }

  override public var typeName: String { "function" }

  /// The call as written: options without a default by position, and a first one that may be
  /// omitted; others that differ from their default by name.
  override public var summary: String {
    var written: [String] = []
    for (parameter, value) in zip(builtin.parameters.dropFirst(), options) {
      if parameter.isRest, case .list(let list) = value {
        written += list.map(\.brief)
      } else if let fallback = parameter.fallback {
        if Value.areEqual(fallback, value) { continue }
        let isFirst = parameter.name == builtin.parameters[1].name && !parameter.isNamedOnly
        if isFirst, case .nil = fallback {
          written.append(value.brief)
        } else {
          written.append("\(parameter.name): \(value.brief)")
        }
      } else {
        written.append(value.brief)
      }
    }
    return "\(builtin.name)(\(written.joined(separator: ", ")))"
  }

  override public var brief: String { summary }

  override public func member(_ name: String) throws -> Value? { option(name) }
  override public var memberNames: [String] { builtin.parameters.dropFirst().map(\.name) }

  override public var isCallable: Bool { true }

  override public func call(_ arguments: CallArguments, on machine: any Caller) throws -> Value? {
    try invoke(arguments, on: machine)
  }

  /// Runs the builtin on the input. Options given by name in this call take precedence.
  func invoke(_ arguments: CallArguments, on machine: any Caller) throws -> Value {
    guard let input = arguments.positional.first, let type = builtin.awaited else {
      throw ArgumentError.missing(builtin.name, builtin.parameters.first?.name ?? "its input")
    }
    guard arguments.positional.count == 1 else {
      throw ArgumentError.tooMany(builtin.name, takes: 1, got: arguments.positional.count)
    }
    if builtin.chains, arguments.named.isEmpty, let before = StagedChain.steps(of: input) {
      return .object(StagedChain(before + [self]))
    }
    guard type.accepts(input) else {
      throw builtin.parameters[0].mismatch(
        input, in: builtin, wanted: ArgumentError.article(type.name), at: 0)
    }
    var values = [input] + options
    for (name, value) in arguments.named {
      guard let i = builtin.parameters.firstIndex(where: { $0.name == name }), i > 0 else {
        throw ArgumentError.unknown(
          builtin.name, name, builtin.parameters.dropFirst().map(\.name))
      }
      values[i] = try builtin.fitting(i, value, argument: nil)
    }
    return try builtin.perform(Call(builtin, values, on: machine))
  }

  /// Returns what represents it in a list of layers; nil if it is not a layer.
  public func part(on machine: any Caller) throws -> Value? {
    guard case .staged(_, let part?) = builtin.staging else { return nil }
    return try part(Call(builtin, [.nil] + options, on: machine))
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    [.object(builtin)] + options
  }

  override public func isEqual(_ other: HostObject) -> Bool {
    guard let other = other as? StagedValue, other.builtin === builtin else { return false }
    return zip(options, other.options).allSatisfy { Value.areEqual($0, $1) }
  }
}
