import Host

/// A builtin that waits for its input: `max_pool(3, stride: 2)` as a layer, `lowres(50)` as a
/// transform. Calling it with the input runs the builtin.
public final class StagedValue: HostObject {
  /// The builtin.
  public let builtin: Builtin
  /// The values of all parameters but the input, in the declaration's order.
  public let options: [Value]

  /// Makes a staged builtin.
  public init(_ builtin: Builtin, _ options: [Value]) {
    self.builtin = builtin
    self.options = options
  }

  /// The option of a name.
  public func option(_ name: String) -> Value? {
    guard let i = builtin.parameters.firstIndex(where: { $0.name == name }), i > 0 else {
      return nil
    }
    return options[i - 1]
  }

  override public var typeName: String { "function" }

  /// As it is written: options that have no default by position, and a first one that may be left out;
  /// others that differ from their default by name.
  override public var summary: String {
    var written: [String] = []
    for (parameter, value) in zip(builtin.parameters.dropFirst(), options) {
      if parameter.isRest, case .list(let list) = value {
        written += list.storage.map(\.brief)
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

  override public func call(_ arguments: CallArguments, on machine: Machine) throws -> Value? {
    try machine.invoke(self, arguments)
  }

  override public func addContent(to digest: inout Digest) throws -> [Value] {
    [.builtin(builtin)] + options
  }

  override public func isEqual(_ other: HostObject) -> Bool {
    guard let other = other as? StagedValue, other.builtin === builtin else { return false }
    return zip(options, other.options).allSatisfy { Value.areEqual($0, $1) }
  }
}
